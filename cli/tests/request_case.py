# SPDX-License-Identifier: Apache-2.0
"""Runs `keystone-attest request` against a lying server."""

import os
import pathlib
import subprocess
import sys
import unittest

from lying_server import Authority, Key, LyingServer, claims, workshop

SECONDS = 100  # a bound against what hangs: nothing else depends on time
PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
REPORT = VECTORS / "genuine" / "loader-rv64.E0_aligned.13.report.bin"


def run_tests():
    os.environ.pop("SSL_CERT_FILE", None)
    unittest.main(argv=sys.argv[:1])


class RequestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shop = workshop()
        cls.folder = shop.__enter__()
        cls.addClassCleanup(shop.__exit__, None, None, None)
        cls.authority = Authority(cls.folder, "authority")
        cls.key, cls.other_key = Key(cls.folder, "signer"), Key(cls.folder, "other")
        cls.files = cls.authority.vouch(cls.folder, "server", "DNS:localhost,IP:127.0.0.1")

    def setUp(self):
        self.server = self.enterContext(LyingServer(*self.files))
        self.server.keys = [self.key.jwk()]
        self.server.result = lambda nonce: self.key.token(claims(nonce))
        self.url = f"https://localhost:{self.server.port}"

    def enterContext(self, context):  # of python 3.11, and Debian's may be older
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def request(self, *options, url=None, evidence=("--evidence", REPORT), ca=None):
        """The exit code, the lines of the answer, and what was said beside it."""
        words = [PROGRAM, "request", url or self.url, "--ca", ca or self.authority.certificate,
                 "--retries", "0", *evidence, *options]
        done = subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, check=False, cwd=self.folder)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def expect(self, code, fact, *options, **more):
        got, lines, said = self.request(*options, **more)
        self.assertEqual((got, lines), (code, []), said)
        self.assertIn(fact, said)
        self.assertNotIn("Traceback", said)

    def lie(self, where, status, document, **headers):
        self.server.lies[where] = lambda handler: handler.reply(status, document, **headers)
