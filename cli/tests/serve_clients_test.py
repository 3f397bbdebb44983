#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example clients against `emulate serve`: evidence from end to end.

    serve_clients_test.py PROGRAM VECTORS KEYSTONE_DEMO_CLIENT WASM_DEMO_CLIENT
"""

import pathlib
import subprocess
import sys
import unittest

from attester import SECONDS, AttesterTest

CLIENTS = {}  # name: path
NOT_FRESH = ("report_data", "freshness")  # what keystone-demo's own handshake lacks
OTHER_ENCLAVE = "ab" * 64


class ClientTest(AttesterTest):
    def meet(self, attester, client, *options, lines="", **policy):
        """The client's exit code, and its lines."""
        done = subprocess.run(
            [CLIENTS[client], "--policy", self.write_policy(**policy), "--timeout", "50", *options,
             attester.address, str(attester.port)],
            input=lines, capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout.splitlines()


class KeystoneDemo(ClientTest):
    def test_accepts_the_evidence_and_has_its_words_counted(self):
        text = "to count the words of\n\n  a\tb \n"
        replies = ["reply: 5", "reply: 0", "reply: 2"]
        with self.serving("keystone-demo") as attester:
            code, lines = self.meet(attester, "keystone-demo", waive=NOT_FRESH, lines=text)
            self.assertEqual((code, lines[-3:]), (0, replies), lines)
            self.assertEqual(lines[0], "report: accepted (waived: report_data, freshness)")
        with self.serving("keystone-demo", "--bind") as attester:
            self.assertEqual(self.meet(attester, "keystone-demo", "--bind", lines=text),
                             (0, ["report: accepted", "channel: accepted: bound", *replies]))

    def test_rejects_it_by_another_policy(self):
        with self.serving("keystone-demo") as attester:
            code, lines = self.meet(attester, "keystone-demo")
            self.assertEqual((code, lines[0]), (1, "report: rejected: report_data, freshness"))
            code, lines = self.meet(attester, "keystone-demo", waive=NOT_FRESH,
                                    enclave_hash=OTHER_ENCLAVE)
            self.assertEqual((code, lines[0]), (1, "report: rejected: enclave_hash"))
            code, lines = self.meet(attester, "keystone-demo", waive=NOT_FRESH)
            self.assertEqual(code, 0, lines)  # and goes on to serve

    def test_needs_the_same_handshake_on_both_sides(self):
        with self.serving("keystone-demo") as attester:
            code, lines = self.meet(attester, "keystone-demo", "--bind")
            self.assertEqual((code, lines), (3, []))


class WasmDemo(ClientTest):
    DIALECTS = {"wasm-demo": "wasm", "schannel-demo": "schannel"}

    def test_accepts_the_evidence(self):
        for protocol, dialect in self.DIALECTS.items():
            with self.serving(protocol) as attester:
                code, lines = self.meet(attester, "wasm-demo", "--dialect", dialect)
                self.assertEqual((code, lines[0]), (1, "report: accepted"), lines)
                self.assertIn("no channel binding", lines[1])
            with self.serving(protocol, "--bind") as attester:
                code, lines = self.meet(attester, "wasm-demo", "--bind", "--dialect", dialect)
                self.assertEqual((code, lines[0]), (0, "report: accepted"), lines)
                self.assertIn("channel: accepted: bound", lines[1])

    def test_rejects_it_by_another_policy(self):
        with self.serving("wasm-demo", "--bind") as attester:
            code, lines = self.meet(attester, "wasm-demo", "--bind", enclave_hash=OTHER_ENCLAVE)
            self.assertEqual((code, lines[0]), (1, "report: rejected: enclave_hash"))
        self.device[1] = "test-key"
        with self.serving("wasm-demo", "--bind") as attester:
            code, lines = self.meet(attester, "wasm-demo", "--bind")
            self.assertEqual((code, lines[0]), (1, "report: rejected: device_key, test_device_key"))

    def test_is_closed_by_a_server_of_the_other_dialect_or_handshake(self):
        with self.serving("wasm-demo", "--bind") as attester:
            for options in (["--dialect", "schannel", "--bind"], []):
                code, lines = self.meet(attester, "wasm-demo", *options)
                self.assertEqual((code, lines), (5, []))


if __name__ == "__main__":
    AttesterTest.program, AttesterTest.vectors = (
        pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    CLIENTS["keystone-demo"], CLIENTS["wasm-demo"] = (
        pathlib.Path(word).resolve(strict=True) for word in sys.argv[3:5])
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]])
