#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keystone-demo-client against scripted servers: keystone_demo_test.py CLIENT SERVER"""

import struct
import sys

import clients

WAIVERS = ("report_data", "freshness")  # what keystone-demo's own handshake cannot answer
REPORT, KEY, NONCE = 1352, 32, 32
HELLO = 8 + NONCE + KEY  # what a client says with --bind before it has seen a report


def frame(payload):
    return struct.pack("<Q", len(payload)) + payload


class PlainHandshake(clients.ClientTest):
    def test_talks_to_the_enclave_when_the_policy_waives_what_the_protocol_lacks(self):
        outcome = self.meet("good", waive=WAIVERS, lines="one two three\n\n  four\tfive \n")
        self.assert_accepts(outcome)
        self.assertEqual(outcome.lines[0], "report: accepted (waived: report_data, freshness)")
        self.assertEqual(outcome.lines[-3:], ["reply: 3", "reply: 0", "reply: 2"])
        self.assertEqual(outcome.texts, [b"one two three\0", b"\0", b"  four\tfive \0"])
        self.assertEqual(outcome.exits, ["0"])

    def test_sends_lines_of_4095_bytes_and_not_of_more(self):
        outcome = self.meet("good", waive=WAIVERS, lines="x" * 4095 + "\n" + "y" * 4096 + "\n")
        self.assertEqual(outcome.exit, clients.MALFORMED, outcome)
        self.assertEqual(outcome.texts, [b"x" * 4095 + b"\0"])
        self.assertEqual(outcome.lines[-1], "reply: 1")

    def test_rejects_without_waivers_and_sends_nothing(self):
        outcome = self.meet("good", lines="secret\n")
        self.assert_rejects(outcome, *WAIVERS)
        self.assertIn("no_challenge", outcome.stdout)
        self.assertEqual((outcome.received, outcome.texts), (0, []))

    def test_rejects_where_only_one_of_the_two_is_waived(self):
        self.assert_rejects(self.meet("good", waive=WAIVERS[:1]), WAIVERS[1])
        self.assert_rejects(self.meet("good", waive=WAIVERS[1:]), WAIVERS[0])

    def test_accepts_a_recording_which_is_what_the_waivers_mean(self):
        recorded = self.meet("good", waive=WAIVERS).sent
        self.assertEqual(len(recorded), 8 + REPORT)
        outcome = self.meet("play", waive=WAIVERS, play=recorded, lines="anybody there\n")
        self.assertEqual(outcome.lines[0], "report: accepted (waived: report_data, freshness)")
        self.assertEqual(outcome.exit, clients.UNREACHABLE, outcome)  # nobody has the key

    def assert_rejected_in_silence(self, outcome, *failed):
        self.assert_rejects(outcome, *failed)
        self.assertEqual((outcome.received, outcome.texts), (0, []), outcome)

    def test_rejects_another_enclave(self):
        outcome = self.meet("wrong-enclave", waive=WAIVERS, lines="secret\n")
        self.assert_rejected_in_silence(outcome, "enclave_hash")

    def test_rejects_a_device_that_is_not_registered(self):
        outcome = self.meet("unregistered-device", waive=WAIVERS, lines="secret\n")
        self.assert_rejected_in_silence(outcome, "device_key")

    def test_rejects_a_key_that_was_put_in_the_place_of_the_enclaves(self):
        outcome = self.meet("swapped-key", waive=WAIVERS, lines="secret\n")
        self.assert_rejected_in_silence(outcome, "enclave_signature")

    def test_rejects_an_enclave_that_was_revoked(self):
        def revoke(policy):
            policy["enclaves"][0]["revoked"] = {"at": "2026-01-01T00:00:00Z", "reason": "leaky"}
        outcome = self.meet("good", waive=WAIVERS, lines="secret\n", change=revoke)
        self.assert_rejected_in_silence(outcome, "enclave_hash")

    def test_takes_no_key_of_another_size_or_of_small_order(self):
        for script in ("short-data", "small-order-key"):
            with self.subTest(script):
                outcome = self.meet(script, waive=WAIVERS, lines="secret\n")
                self.assertEqual(outcome.exit, clients.MALFORMED, outcome)
                self.assertEqual(outcome.received, 0)

    def test_takes_no_reply_that_the_enclave_did_not_seal(self):
        for script in ("garbled-reply", "client-mirrored"):
            with self.subTest(script):
                outcome = self.meet(script, waive=WAIVERS, lines="one\n")
                self.assertEqual(outcome.exit, clients.MALFORMED, outcome)
                self.assertNotIn("reply: ", outcome.stdout)


class BoundHandshake(clients.ClientTest):
    def assert_rejected_after_hello(self, outcome, *failed):
        self.assert_rejects(outcome, *failed)
        self.assertEqual((outcome.received, outcome.texts), (HELLO, []), outcome)

    def test_talks_to_the_enclave_without_any_waiver(self):
        outcome = self.meet("bind", "--bind", lines="one two\n")
        self.assert_accepts(outcome)
        self.assertEqual(outcome.lines,
                         ["report: accepted", "channel: accepted: bound", "reply: 2"])
        self.assertEqual((outcome.texts, outcome.exits), ([b"one two\0"], ["0"]))

    def test_rejects_what_was_bound_to_something_else(self):
        for script in ("other-key", "other-client", "other-nonce", "other-suite"):
            with self.subTest(script):
                outcome = self.meet("bind-" + script, "--bind", lines="secret\n")
                self.assert_rejected_after_hello(outcome, "report_data")

    def test_rejects_a_replay(self):
        recorded = self.meet("bind", "--bind").sent
        self.assertEqual(len(recorded), 8 + KEY + 8 + REPORT)
        outcome = self.meet("play", "--bind", play=recorded, lines="secret\n")
        self.assert_rejected_after_hello(outcome, "report_data")

    def test_rejects_another_enclave_that_binds_its_channel(self):
        outcome = self.meet("bind-wrong-enclave", "--bind", lines="secret\n")
        self.assert_rejected_after_hello(outcome, "enclave_hash")

    def test_rejects_a_man_in_the_middle_even_where_the_policy_waives_the_data(self):
        outcome = self.meet("bind-other-key", "--bind", waive=WAIVERS, lines="secret\n")
        self.assertEqual(outcome.exit, clients.REJECTED, outcome)
        self.assertEqual(outcome.lines[0], "report: accepted (waived: report_data)")
        self.assertTrue(outcome.lines[-1].startswith("channel: rejected"), outcome)
        self.assertEqual((outcome.received, outcome.texts), (HELLO, []))

    def test_uses_another_nonce_and_another_key_each_time(self):
        first, second = (self.meet("bind", "--bind").hello for _ in range(2))
        self.assertNotEqual(first[:NONCE], second[:NONCE])
        self.assertNotEqual(first[NONCE:], second[NONCE:])

    def test_says_when_the_server_does_not_know_it(self):
        plain = self.meet("good", waive=WAIVERS).sent
        outcome = self.meet("play", "--bind", waive=WAIVERS, play=plain, lines="secret\n")
        self.assert_cannot_read(outcome)
        self.assertIn("--bind", outcome.stderr)
        self.assertEqual(outcome.received, HELLO)


class Stream(clients.ClientTest):
    """What comes is not what the protocol says. The client is told to accept all that it can."""

    def play(self, stream, *options):
        return self.meet("play", *options, waive=WAIVERS, play=stream, lines="secret\n")

    def test_a_stream_that_is_cut_is_malformed(self):
        stream = self.meet("good", waive=WAIVERS).sent
        for size in (1, 7, 8, 9, 8 + REPORT - 1):
            with self.subTest(size):
                self.assert_cannot_read(self.play(stream[:size]))

    def test_with_binding_a_stream_that_is_cut_is_malformed(self):
        stream = self.meet("bind", "--bind").sent
        for size in (1, 8 + KEY - 1, 8 + KEY + 1, len(stream) - 1):
            with self.subTest(size):
                self.assert_cannot_read(self.play(stream[:size], "--bind"))

    def test_a_stream_that_ends_between_frames_is_a_peer_that_is_gone(self):
        self.assert_cannot_reach(self.play(b""))
        stream = self.meet("bind", "--bind").sent
        self.assert_cannot_reach(self.play(stream[:8 + KEY], "--bind"))

    def test_a_length_over_the_bound_is_refused_where_it_is_read(self):
        for length in (4169, 1 << 32, (1 << 64) - 1):
            with self.subTest(length):
                self.assert_cannot_read(self.play(struct.pack("<Q", length)))

    def test_what_is_not_a_report_is_malformed(self):
        report = self.meet("good", waive=WAIVERS).sent[8:]
        data_too_long = report[:64] + struct.pack("<Q", 1025) + report[72:]
        for name, payload in (("empty", b""), ("garbage", b"\x55" * REPORT),
                              ("short", report[:-1]), ("long", report + b"\0"),
                              ("data_len", data_too_long)):
            with self.subTest(name):
                self.assert_cannot_read(self.play(frame(payload)))

    def test_garbage_without_any_frame_is_malformed(self):
        self.assert_cannot_read(self.play(b"HTTP/1.1 400 Bad Request\r\n\r\n"))

    def test_frames_may_come_in_any_pieces(self):
        stream = self.meet("bind", "--bind").sent
        outcome = self.meet("bytewise", "--bind", play=stream)
        self.assert_rejects(outcome, "report_data")


class Waiting(clients.ClientTest):
    def test_ends_when_the_server_says_nothing(self):
        self.assert_cannot_reach(self.meet("silent", "--timeout", "1", waive=WAIVERS))
        self.assert_cannot_reach(self.meet("silent", "--timeout", "1", "--bind"))

    def test_ends_when_the_server_gains_time_byte_by_byte(self):
        stream = self.meet("good", waive=WAIVERS).sent
        outcome = self.meet("drip", "--timeout", "1", waive=WAIVERS, play=stream)
        self.assert_cannot_reach(outcome)

    def test_nobody_listens(self):
        with clients.port_without_listener() as port:
            policy = self.folder / "policy.json"
            self.meet("good")  # leaves its policy
            client = self.run_client(["--policy", policy, "127.0.0.1", port])
        self.assertEqual(client.returncode, clients.UNREACHABLE, client)


class CommandLine(clients.ClientTest):
    def test_refuses_what_it_does_not_know_before_it_connects(self):
        for arguments in ([], ["localhost"], ["--policy", "p"], ["--policy"],
                          ["--policy", "p", "a", "1", "b"], ["--policy", "p", "a", "0"],
                          ["--policy", "p", "a", "65536"], ["--policy", "p", "a", "x"],
                          ["--policy", "p", "--timeout", "0", "a"], ["--bound", "a"],
                          ["--policy", "p", "--dialect", "wasm", "a"]):
            with self.subTest(arguments):
                client = self.run_client(arguments)
                self.assertEqual((client.returncode, client.stdout), (clients.USAGE, ""), client)

    def test_needs_a_policy_that_can_be_read(self):
        bad = self.folder / "bad.json"
        bad.write_text("{}")
        for file in (self.folder / "missing.json", self.folder, bad):
            with self.subTest(file.name):
                client = self.run_client(["--policy", file, "127.0.0.1", "1"])
                self.assertEqual((client.returncode, client.stdout), (clients.MALFORMED, ""))
                self.assertIn(str(file), client.stderr)

    def test_help_is_an_answer(self):
        client = self.run_client(["--help"])
        self.assertEqual((client.returncode, client.stderr), (0, ""))
        self.assertIn("--bind", client.stdout)


if __name__ == "__main__":
    clients.main(sys.argv)
