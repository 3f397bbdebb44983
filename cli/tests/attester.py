# SPDX-License-Identifier: Apache-2.0
"""Runs `keystone-attest emulate serve` with the bundled enclave, and talks to it."""

import contextlib
import json
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

SECONDS = 100  # a bound against what hangs: nothing else depends on time
NONCE = bytes(range(32))


def raw_frame(payload):
    return struct.pack("<I", len(payload)) + payload


def receive(connection, size=None):
    """So many bytes, or all until the server closes; fewer where it closes before."""
    received = b""
    while size is None or len(received) < size:
        try:
            part = connection.recv(65536 if size is None else size - len(received))
        except ConnectionResetError:
            break
        if not part:
            break
        received += part
    return received


class Attester:
    """A running server, and where it listens."""

    def __init__(self, process, address, port, notes):
        self.process, self.address, self.port, self.notes = process, address, port, notes

    def connect(self):
        return socket.create_connection((self.address, self.port), timeout=SECONDS)

    def ask(self, data=NONCE):
        """What a client of the protocol raw gets for a frame with these data."""
        return self.say(raw_frame(data))

    def say(self, stream):
        with self.connect() as connection:
            with contextlib.suppress(OSError):
                connection.sendall(stream)
                connection.shutdown(socket.SHUT_WR)
            return receive(connection)

    def is_alive(self):
        return self.process.poll() is None

    def said(self):
        return self.notes.read_text()

    def wait_for_note(self, text):
        """That a note says so sooner or later."""
        end = time.monotonic() + SECONDS
        while text not in self.said():
            if time.monotonic() > end or not self.is_alive():
                raise AssertionError(f"no note says {text!r}: {self.said()}")
            time.sleep(0.01)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


class AttesterTest(unittest.TestCase):
    program = vectors = None  # paths, set by the test programs

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        bundled = self.vectors / "bundled" / "rv64"
        self.key_file = self.folder / "board.key"
        self.device_key = self.run_program("emulate", "keygen", "-o", self.key_file).stdout.strip()
        self.device = ["--device-key", self.key_file, "--boot-rom", "sound",
                       "--firmware", bundled / "firmware.elf"]
        self.enclave = ["--eapp", bundled / "eapp.elf", "--runtime", bundled / "runtime.elf",
                        "--loader", bundled / "loader.bin"]

    def run_program(self, *words, code=0):
        done = subprocess.run([self.program, *words], capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    @contextlib.contextmanager
    def serving(self, protocol, *options, listen="127.0.0.1:0", stderr=None):
        """`stderr`: a descriptor, in place of the file that keeps the notes."""
        notes = self.folder / "notes"
        command = [self.program, "emulate", "serve", "--json", "--listen", listen, "--protocol",
                   protocol, *self.device, *self.enclave, *options]
        with notes.open("w") as kept, subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=kept if stderr is None else stderr, text=True) as process:
            try:
                line = process.stdout.readline()
                self.assertTrue(line, notes.read_text())
                place = json.loads(line)
                self.assertEqual(place["schema"], "keystone.listening/1")
                self.assertEqual(place["protocol"], protocol)
                yield Attester(process, place["address"], place["port"], notes)
                self.assertTrue(process.poll() in (None, 0), notes.read_text())
            finally:
                process.kill()

    def boot(self):
        return json.loads(self.run_program("emulate", "boot", "--json", *self.device).stdout)

    def enclave_hash(self):
        """As `emulate attest` reports it, which other tests compare with keystone-measure."""
        report = self.folder / "attested"
        self.run_program("emulate", "attest", *self.device, *self.enclave, "--data", "00", "-o",
                         report)
        return report.read_bytes()[:64].hex()

    def write_policy(self, waive=(), enclave_hash=None):
        """A policy for this device, monitor and enclave, or for another enclave."""
        path = self.folder / "policy.json"
        path.write_text(json.dumps({
            "schema": "keystone.policy/1",
            "devices": [{"name": "board", "key": self.device_key}],
            "security_monitors": [{"name": "board", "hash": self.boot()["sm_hash"]}],
            "enclaves": [{"name": "bundled", "hash": enclave_hash or self.enclave_hash()}],
            "waivers": {check: "for this test" for check in waive}}))
        return path
