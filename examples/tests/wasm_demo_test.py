#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wasm-demo-client against scripted servers: wasm_demo_test.py CLIENT SERVER"""

import sys

import clients

DIALECTS = {"wasm": 2, "schannel": 1}  # and how many bytes each writes a length with
KEY, PLAIN_NONCE, BOUND_NONCE = 97, 9, 32
OVERHEAD = 328  # of a compact report, beside its data


class WasmTest(clients.ClientTest):
    def handshake(self, dialect, script, *options, **more):
        return self.meet(script, "--dialect", dialect, *options, server=[dialect], **more)

    def in_each_dialect(self, script, *options, **more):
        """The outcomes in both dialects, in which the client says its hello and nothing else."""
        nonce = BOUND_NONCE if "--bind" in options else PLAIN_NONCE
        outcomes = [self.handshake(dialect, script, *options, **more) for dialect in DIALECTS]
        self.assertEqual([outcome.received for outcome in outcomes],
                         [prefix + nonce + KEY for prefix in DIALECTS.values()])
        return outcomes


class PlainHandshake(WasmTest):
    def test_accepts_the_report_and_rejects_the_channel(self):
        for outcome in self.in_each_dialect("good"):
            self.assertEqual(outcome.exit, clients.REJECTED, outcome)
            self.assertEqual(outcome.lines[0], "report: accepted")
            self.assertEqual(len(outcome.lines), 2, outcome)
            self.assertTrue(
                outcome.lines[1].startswith("channel: rejected: no channel binding"), outcome)

    def test_no_waiver_makes_a_channel_of_it(self):
        for outcome in self.in_each_dialect("good", waive=("report_data", "freshness")):
            self.assertEqual(outcome.exit, clients.REJECTED, outcome)
            self.assertIn("no channel binding", outcome.lines[-1])

    def assert_rejects_both(self, outcome, *failed):
        self.assert_rejects(outcome, *failed)
        self.assertEqual(outcome.lines[-1], "channel: rejected: so is the report")

    def test_rejects_data_that_do_not_answer_the_nonce(self):
        for script in ("other-nonce", "no-nonce"):
            for outcome in self.in_each_dialect(script):
                self.assert_rejects_both(outcome, "report_data")

    def test_rejects_a_replay(self):
        for dialect in DIALECTS:
            recorded = self.handshake(dialect, "good").sent
            outcome = self.handshake(dialect, "play", play=recorded)
            self.assert_rejects_both(outcome, "report_data")

    def test_rejects_another_enclave(self):
        for outcome in self.in_each_dialect("wrong-enclave"):
            self.assert_rejects_both(outcome, "enclave_hash")

    def test_rejects_a_device_that_is_not_registered(self):
        for outcome in self.in_each_dialect("unregistered-device"):
            self.assert_rejects_both(outcome, "device_key")


class BoundHandshake(WasmTest):
    def test_accepts_report_and_channel(self):
        for dialect, prefix in DIALECTS.items():
            outcome = self.handshake(dialect, "bind", "--bind")
            self.assert_accepts(outcome)
            key = outcome.sent[prefix:prefix + KEY].hex()
            self.assertEqual(outcome.lines, [
                "report: accepted", f"channel: accepted: bound, the enclave's key is {key}"])
            self.assertEqual(outcome.stderr, "")

    def test_rejects_what_was_bound_to_something_else(self):
        for script in ("bind-other-key", "bind-other-nonce", "bind-other-suite", "bind-unknown"):
            for outcome in self.in_each_dialect(script, "--bind"):
                self.assert_rejects(outcome, "report_data")

    def test_rejects_another_enclave_that_binds_its_channel(self):
        for outcome in self.in_each_dialect("bind-wrong-enclave", "--bind"):
            self.assert_rejects(outcome, "enclave_hash")
            self.assertEqual(outcome.lines[-1], "channel: rejected: so is the report")

    def test_rejects_a_man_in_the_middle_even_where_the_policy_waives_the_data(self):
        waive = ("report_data", "freshness")
        for outcome in self.in_each_dialect("bind-other-key", "--bind", waive=waive):
            self.assertEqual(outcome.exit, clients.REJECTED, outcome)
            self.assertEqual(outcome.lines[0], "report: accepted (waived: report_data)")
            self.assertIn("no channel binding", outcome.lines[-1])

    def test_rejects_a_replay(self):
        for dialect in DIALECTS:
            recorded = self.handshake(dialect, "bind", "--bind").sent
            outcome = self.handshake(dialect, "play", "--bind", play=recorded)
            self.assert_rejects(outcome, "report_data")


class Freshness(WasmTest):
    def test_every_handshake_has_another_nonce_and_another_key(self):
        for script, options in (("good", []), ("bind", ["--bind"])):
            first, second = (self.handshake("wasm", script, *options).hello for _ in range(2))
            self.assertEqual(first[:2], second[:2])
            self.assertNotEqual(first[2:-KEY], second[2:-KEY])
            self.assertNotEqual(first[-KEY:], second[-KEY:])


class Stream(WasmTest):
    """What comes is not what the protocol says."""

    def play(self, stream, *options, dialect="wasm"):
        return self.handshake(dialect, "play", *options, play=stream)

    def test_a_stream_that_is_cut_is_malformed(self):
        for dialect, prefix in DIALECTS.items():
            stream = self.handshake(dialect, "good").sent
            self.assertEqual(len(stream), prefix + KEY + OVERHEAD + PLAIN_NONCE)
            for size in (1, prefix + KEY, prefix + KEY + 71, len(stream) - 1):
                with self.subTest(dialect, size=size):
                    self.assert_cannot_read(self.play(stream[:size], dialect=dialect))

    def test_a_server_that_closes_at_once_is_not_reached(self):
        for options in ([], ["--bind"]):
            self.assert_cannot_reach(self.play(b"", *options))

    def test_what_is_no_hello_is_malformed(self):
        stream = self.handshake("wasm", "good").sent
        data_length = 2 + KEY + 64
        too_long = stream[:data_length] + (1025).to_bytes(8, "little") + stream[data_length + 8:]
        for name, sent in (("garbage", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
                           ("key length", b"\x60\0" + stream[2:]),
                           ("largest length", b"\xff\xff" + stream[2:]),
                           ("compressed key", stream[:2] + b"\x02" + stream[3:]),
                           ("data_len", too_long),
                           ("other dialect", stream[:1] + stream[2:])):
            with self.subTest(name):
                self.assert_cannot_read(self.play(sent))

    def test_a_hello_may_come_in_any_pieces(self):
        recorded = self.handshake("wasm", "bind", "--bind").sent
        outcome = self.handshake("wasm", "bytewise", "--bind", play=recorded)
        self.assert_rejects(outcome, "report_data")

    def test_does_not_wait_for_what_comes_behind_the_report(self):
        recorded = self.handshake("wasm", "good").sent
        self.assert_rejects(self.play(recorded + b"\x55" * 5000), "report_data")


class Waiting(WasmTest):
    def test_ends_when_the_server_says_nothing(self):
        outcome = self.handshake("wasm", "silent", "--timeout", "1")
        self.assert_cannot_reach(outcome)

    def test_ends_when_the_server_gains_time_byte_by_byte(self):
        stream = self.handshake("wasm", "good").sent
        outcome = self.handshake("wasm", "drip", "--timeout", "1", play=stream)
        self.assert_cannot_reach(outcome)

    def test_nobody_listens(self):
        self.handshake("wasm", "good")  # leaves its policy
        with clients.port_without_listener() as port:
            client = self.run_client(["--policy", self.folder / "policy.json", "127.0.0.1", port])
        self.assertEqual(client.returncode, clients.UNREACHABLE, client)


class CommandLine(WasmTest):
    def test_knows_two_dialects(self):
        for name in ("", "Wasm", "tls"):
            client = self.run_client(["--policy", "p", "--dialect", name, "127.0.0.1", "1"])
            self.assertEqual((client.returncode, client.stdout), (clients.USAGE, ""), client)


if __name__ == "__main__":
    clients.main(sys.argv)
