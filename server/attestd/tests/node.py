# SPDX-License-Identifier: Apache-2.0
"""A keystone-attestd that a test runs, and who speaks to it. All on loopback."""

import base64
import contextlib
import http.client
import json
import pathlib
import re
import select
import signal
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest

SECONDS = 100  # a bound against what hangs: nothing else depends on time
SESSIONS = "/challenge-response/v1/newSession"
REPORT = "application/vnd.keystone.report"
NO_RATES = {"address": {"per_second": 0}, "token": {"per_second": 0}}  # for tests that hurry


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Node:
    """A running daemon."""

    def __init__(self, process, log, url, context=None):
        self.process, self.log, self.url, self.context = process, log, url, context
        scheme, self.host, port = re.fullmatch(r"(https?)://(.+):(\d+)", url).groups()
        self.tls, self.port = scheme == "https", int(port)

    def connect(self, timeout=SECONDS):
        host = self.host.strip("[]")
        if self.tls:
            return http.client.HTTPSConnection(host, self.port, timeout=timeout,
                                               context=self.context)
        return http.client.HTTPConnection(host, self.port, timeout=timeout)

    def ask(self, method, path, body=None, token=None, media=None, connection=None):
        """One request; on a connection of its own unless one is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if media:
            headers["Content-Type"] = media
        own = connection or self.connect()
        try:
            own.request(method, path, body, headers)
            answer = own.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            if connection is None:
                own.close()

    def open_session(self, query="", **options):
        """The path of a new session, and its nonce."""
        answer = self.ask("POST", SESSIONS + query, **options)
        assert answer.status == 201, (answer.status, answer.body)
        return (re.sub(r"^https?://[^/]+", "", answer.headers["Location"]),
                base64.b64decode(answer.json()["nonce"]))

    def logged(self):
        return self.log.read_text()

    def wait_for(self, text, count=1):
        """That the log says so, so many times, sooner or later."""
        end = time.monotonic() + SECONDS
        while self.logged().count(text) < count:
            assert time.monotonic() < end and self.is_alive(), (text, self.logged())
            time.sleep(0.01)

    def is_alive(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    def kill(self):
        self.process.kill()
        self.process.wait(SECONDS)


def read_line(stream):
    """A line of what a process prints, if it comes in time; empty where it prints no more."""
    ready, _, _ = select.select([stream], [], [], SECONDS)
    assert ready, "nothing was printed"
    return stream.readline()


class NodeTest(unittest.TestCase):
    program = attester = vectors = postgres = None  # paths, set by main()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.state = self.folder / "state"

    def command(self, *words, code=0, **options):
        done = subprocess.run([self.program, *words], capture_output=True, text=True,
                              timeout=SECONDS, check=False, **options)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def write_config(self, name="attestd.json", **members):
        path = self.folder / name
        path.write_text(json.dumps({"schema": "keystone.attestd-config/1", **members}))
        return path

    @contextlib.contextmanager
    def running(self, *options, state=None, config=None, context=None, code=0, listen=True,
                **popen):
        """A daemon, which must end with `code` when it is asked to; None: it is killed."""
        words = [self.program, "--state", state or self.state]
        words += ["--listen", "127.0.0.1:0"] if listen else []
        words += ["--config", config] if config else []
        log = self.folder / f"{(state or self.state).name}.log"
        with log.open("a") as kept, subprocess.Popen(
                [*words, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=kept,
                text=True, **popen) as process:
            try:
                line = read_line(process.stdout)
                found = re.fullmatch(r"listening on (\S+)\n", line)
                self.assertTrue(found, (line, log.read_text()))
                node = Node(process, log, found[1], context)
                yield node
                if code is not None:
                    if process.poll() is None:
                        process.send_signal(signal.SIGTERM)
                    self.assertEqual(process.wait(SECONDS), code, log.read_text())
                    self.assertEqual(process.stdout.read(), "")
            finally:
                process.kill()

    def admin_token(self, state=None):
        return ((state or self.state) / "admin.token").read_text().strip()

    def add_token(self, role, *options, state=None):
        return self.command("token", "add", "--state", state or self.state, "--role", role,
                            "--label", "a test", *options).stdout.strip()

    def verify_audit(self, *options, code=0, state=None):
        return self.command("audit", "verify", "--state", state or self.state, *options, code=code)

    def audit_records(self, *options, state=None):
        lines = self.command("audit", "export", "--state", state or self.state,
                             *options).stdout.splitlines()
        return [entry for entry in map(json.loads, lines) if "seq" in entry]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def put_policy(node, token, policy, name="default"):
    answer = node.ask("PUT", f"/v1/policies/{name}", policy, token=token, media="application/json")
    assert answer.status in (200, 201, 204), (answer.status, answer.body)
    return answer


def certificates(folder):
    """Files of a new authority: ca.pem, and server, client, other (of an authority of its own)."""

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    def authority(name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj",
                f"/CN={name}")

    def leaf(name, authority_name, extensions):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                f"{name}.key", "-out", f"{name}.csr", "-subj", f"/O=tests/CN={name}")
        (folder / "extensions").write_text(extensions)
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority_name}.pem", "-CAkey",
                f"{authority_name}.key", "-out", f"{name}.pem", "-days", "2", "-extfile",
                "extensions")

    authority("ca")
    authority("other-ca")
    leaf("server", "ca", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    leaf("client", "ca", "extendedKeyUsage=clientAuth\n")
    leaf("other", "other-ca", "extendedKeyUsage=clientAuth\n")


def trusting(folder, client=None):
    """A client's side of TLS that trusts the authority, with a certificate if one is named."""
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    if client:
        context.load_cert_chain(folder / f"{client}.pem", folder / f"{client}.key")
    return context


def main(**options):
    """Runs the tests of the program: PROGRAM ATTEST VECTORS [POSTGRES]; each option is a number."""
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    for name, default in options.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    known, rest = parser.parse_known_args()
    paths = [path.resolve(strict=True) for path in known.paths]
    NodeTest.program, NodeTest.attester, NodeTest.vectors = paths[:3]
    NodeTest.postgres = paths[3] if len(paths) > 3 else None
    for name in options:
        setattr(NodeTest, name, getattr(known, name))
    unittest.main(argv=[sys.argv[0], *rest])
