# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, asked through its DevTools protocol over two pipes.

https://chromedevtools.github.io/devtools-protocol/: JSON messages, each with a NUL byte at its end.
"""

import base64
import fcntl
import json
import os
import select
import signal
import struct
import tempfile
import time
import zlib

CHROMIUM = "/usr/bin/chromium"
TIME_LIMIT = 600.0  # seconds, for all that one browser does: a bound and not a measure
READS, WRITES = 3, 4  # the descriptors that --remote-debugging-pipe takes
FIRST_FREE = 10  # pipes of ours lie above those


def pipe():
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Browser:
    """A browser with one page, a fresh profile and no network; a context manager."""

    def __init__(self):
        self.deadline = time.monotonic() + TIME_LIMIT
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.events, self.buffer, self.last_id, self.session = [], b"", 0, None
        theirs_in, self.out = pipe()
        self.into, theirs_out = pipe()
        command = [CHROMIUM, "--headless", "--remote-debugging-pipe", "--disable-gpu",
                   f"--user-data-dir={self.folder.name}",
                   "--hide-scrollbars", "--force-device-scale-factor=1", "--disable-dev-shm-usage",
                   "--force-color-profile=srgb", "--no-first-run",
                   "--disable-background-networking",
                   "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank"]
        if os.geteuid() == 0:  # whose processes the sandbox cannot confine
            command.insert(1, "--no-sandbox")
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        actions = [(os.POSIX_SPAWN_DUP2, *pair)
                   for pair in ((null, 0), (null, 1), (null, 2), (theirs_in, READS),
                                (theirs_out, WRITES))]
        environment = os.environ | {"HOME": self.folder.name}
        self.process = os.posix_spawn(CHROMIUM, command, environment, file_actions=actions,
                                      setpgroup=0)
        for descriptor in (null, theirs_in, theirs_out):
            os.close(descriptor)

    def __enter__(self):
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target,
                                     flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.out)
        os.close(self.into)
        self.folder.cleanup()

    def message(self):
        """The next message; TimeoutError at the deadline, EOFError if the browser ended."""
        while b"\0" not in self.buffer:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                raise TimeoutError(f"the browser took more than {TIME_LIMIT} s")
            part = os.read(self.into, 1 << 20)
            if not part:
                raise EOFError("the browser ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        """The result of a command. What happens meanwhile is in `events`."""
        self.last_id += 1
        command = {"id": self.last_id, "method": method, "params": parameters}
        if self.session is not None:
            command["sessionId"] = self.session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            message = self.message()
            if message.get("id") == self.last_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, path):
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        """The value of a JavaScript expression, which JSON can hold."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def point_at(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key)

    def parameters_of(self, *methods):
        """Those of all events of these kinds."""
        return [event["params"] for event in self.events if event.get("method") in methods]

    def screenshot(self):
        png = self.call("Page.captureScreenshot", format="png")["data"]
        return Picture(base64.b64decode(png))


class Picture:
    """A PNG file of 8 bits for each of red, green and blue, not interlaced."""

    def __init__(self, data):
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            raise ValueError("not a PNG file")
        chunks, at = {}, 8
        while at < len(data):
            size, kind = struct.unpack_from(">I4s", data, at)
            chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + size]
            at += 12 + size
        self.width, self.height, depth, colours, *_, interlaced = struct.unpack(
            ">IIBBBBB", chunks[b"IHDR"])
        if depth != 8 or colours not in (2, 6) or interlaced:
            raise ValueError("a PNG file of another kind")
        self.step = 3 if colours == 2 else 4
        self.rows = self.unfiltered(zlib.decompress(chunks[b"IDAT"]))

    def unfiltered(self, data):
        """PNG (third edition), section 9: filtering."""
        size, step, rows = self.width * self.step, self.step, []
        above = bytearray(size)
        for start in range(0, self.height * (size + 1), size + 1):
            kind, row = data[start], bytearray(data[start + 1:start + 1 + size])
            for i in range(size) if kind else ():
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = (row[i] + self.predicted(kind, left, above[i], corner)) & 255
            rows.append(row)
            above = row
        return rows

    @staticmethod
    def predicted(kind, left, up, corner):
        if kind < 4:
            return (0, left, up, (left + up) // 2)[kind]
        estimate = left + up - corner
        return min((left, up, corner), key=lambda value: abs(estimate - value))

    def pixel(self, x, y):
        start = x * self.step
        return "#" + bytes(self.rows[y][start:start + 3]).hex()
