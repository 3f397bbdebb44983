#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`emulate serve` over loopback: what it answers, and what no client can do to it.

    serve_test.py PROGRAM VECTORS
"""

import contextlib
import os
import pathlib
import signal
import socket
import struct
import sys
import unittest

from attester import NONCE, SECONDS, AttesterTest, raw_frame, receive

ISSUED, NOW = "2026-01-01T12:00:00Z", "2026-01-01T12:00:05Z"
HOSTILE = {
    "the largest length": b"\xff\xff\xff\xff",
    "a length over the bound": struct.pack("<I", 1025) + bytes(1025),
    "no data": raw_frame(b""),
    "half a frame": raw_frame(NONCE)[:20],
    "half a length": b"\x20\x00",
    "what is no frame": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


class Answers(AttesterTest):
    def verify(self, answer, code, *options, **policy):
        self.assertEqual(answer[:4], struct.pack("<I", len(answer) - 4))
        report = self.folder / "report"
        report.write_bytes(answer[4:])
        told = self.run_program(
            "verify", report, "--policy", self.write_policy(**policy), "--nonce", NONCE.hex(),
            "--issued", ISSUED, "--now", NOW, "--max-age", "300", "--quiet", *options, code=code)
        return told.stdout.strip()

    def test_are_reports_that_verify(self):
        with self.serving("raw") as attester:
            self.assertEqual(self.verify(attester.ask(), 0), "accepted")

    def test_are_rejected_by_the_policy_for_another_enclave_and_for_another_nonce(self):
        with self.serving("raw") as attester:
            self.assertEqual(self.verify(attester.ask(), 1, enclave_hash="ab" * 64),
                             "rejected: enclave_hash")
            self.assertEqual(self.verify(attester.ask(NONCE[::-1]), 1), "rejected: report_data")

    def test_are_those_of_emulate_attest_in_every_form(self):
        for form in ("fixed", "compact", "json"):
            file = self.folder / "attested"
            self.run_program("emulate", "attest", *self.device, *self.enclave, "--format", form,
                             "--data", NONCE.hex(), "-o", file)
            with self.serving("raw", "--format", form) as attester:
                self.assertEqual(attester.ask(), raw_frame(file.read_bytes()))

    def test_hold_the_most_and_the_least_data(self):
        with self.serving("raw", "--format", "compact") as attester:
            for size in (1, 1024):
                answer = attester.ask(bytes(size))
                self.assertEqual(len(answer), 4 + 328 + size)

    def test_come_over_ipv6(self):
        with self.serving("raw", listen="[::1]:0") as attester:
            self.assertEqual(self.verify(attester.ask(), 0), "accepted")


class HostileClients(AttesterTest):
    def test_get_nothing_and_leave_it_alive(self):
        with self.serving("raw") as attester:
            for name, stream in HOSTILE.items():
                with self.subTest(name):
                    self.assertEqual(attester.say(stream), b"")
                    self.assertNotEqual(attester.ask(), b"")
            for note in ("frame length: got 4294967295, want at most 1024", "data: got none",
                         "20 bytes into a frame"):
                self.assertIn(note, attester.said())

    def test_of_every_protocol_get_no_further(self):
        for protocol in ("keystone-demo", "wasm-demo", "schannel-demo"):
            for options in ([], ["--bind"]):
                with self.serving(protocol, *options) as attester:
                    unasked = len(attester.say(b""))  # keystone-demo's server speaks first
                    self.assertEqual(unasked > 0, (protocol, options) == ("keystone-demo", []))
                    for stream in HOSTILE.values():
                        self.assertLessEqual(len(attester.say(stream * 50)), unasked)
                    self.assertTrue(attester.is_alive())

    def test_do_not_hold_it_up_where_nobody_reads_its_notes(self):
        reader, writer = os.pipe()
        try:
            with self.serving("raw", stderr=writer) as attester:
                for _ in range(1000):  # whose notes are more than a pipe takes
                    self.assertEqual(attester.say(bytes(4)), b"")
                self.assertNotEqual(attester.ask(), b"")
                self.assertEqual(attester.end(), 0)
        finally:
            os.close(reader)
            os.close(writer)

    def test_do_not_end_it_where_the_reader_of_its_notes_has_gone(self):
        reader, writer = os.pipe()
        try:
            with self.serving("raw", stderr=writer) as attester:
                os.close(reader)
                self.assertEqual(attester.say(bytes(4)), b"")
                self.assertNotEqual(attester.ask(), b"")
        finally:
            os.close(writer)

    def test_who_fall_silent_are_closed(self):
        with self.serving("raw", "--timeout", "1") as attester:
            for stream in (b"", raw_frame(NONCE)[:20]):
                with attester.connect() as connection:
                    connection.sendall(stream)
                    self.assertEqual(receive(connection), b"")
            self.assertIn("no message in time", attester.said())
            self.assertNotEqual(attester.ask(), b"")

    def test_gain_no_time_by_single_bytes(self):
        with self.serving("raw", "--timeout", "1") as attester, attester.connect() as connection:
            connection.settimeout(0.1)
            connection.sendall(struct.pack("<I", 1024))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for _ in range(SECONDS * 10):
                    connection.sendall(b"x")
                    try:
                        self.assertEqual(connection.recv(1), b"")
                        break
                    except TimeoutError:
                        pass
                else:
                    self.fail("still there")

    def test_who_talk_on_behind_the_end_get_their_report_and_are_closed_in_time(self):
        with self.serving("raw", "--timeout", "1") as attester, attester.connect() as connection:
            connection.sendall(raw_frame(NONCE) + bytes(100_000))
            self.assertEqual(len(receive(connection)), 4 + 1352)
            with self.assertRaises((BrokenPipeError, ConnectionResetError)):
                while True:
                    connection.sendall(bytes(1000))

    def test_who_talk_on_are_not_reset_at_once_which_may_take_the_report_back(self):
        with self.serving("raw", "--timeout", "100") as attester:
            with attester.connect() as connection:
                connection.sendall(raw_frame(NONCE) + bytes(100_000))
                self.assertEqual(len(receive(connection)), 4 + 1352)
                for _ in range(10):
                    connection.sendall(b"x")
            self.assertNotEqual(attester.ask(), b"")

    def test_who_take_every_place_are_waited_for(self):
        with self.serving("raw", "--timeout", "1", "--max-connections", "50") as attester:
            with contextlib.ExitStack() as silent:
                for _ in range(100):
                    silent.enter_context(attester.connect())
                self.assertNotEqual(attester.ask(), b"")


class ManyClients(AttesterTest):
    def test_are_served_at_once_and_in_turn(self):
        with self.serving("raw", "--max-connections", "8") as attester:
            with contextlib.ExitStack() as stack:
                connections = [stack.enter_context(attester.connect()) for _ in range(100)]
                for number, connection in enumerate(connections):
                    connection.sendall(raw_frame(bytes([number] * 8)))
                for number, connection in enumerate(connections):
                    answer = receive(connection)
                    self.assertEqual(answer[4 + 72:4 + 80], bytes([number] * 8))
                    connection.close()

    def test_are_not_held_up_by_one_who_has_said_half(self):
        with self.serving("raw") as attester, attester.connect() as slow:
            slow.sendall(raw_frame(NONCE)[:20])
            self.assertNotEqual(attester.ask(), b"")
            slow.sendall(raw_frame(NONCE)[20:])
            self.assertEqual(len(receive(slow)), 4 + 1352)


class End(AttesterTest):
    def test_comes_after_as_many_reports_as_wanted_and_not_by_other_connections(self):
        with self.serving("raw", "--requests", "2") as attester, attester.connect() as idle:
            self.assertNotEqual(attester.ask(), b"")
            self.assertEqual(attester.say(b"\xff\xff\xff\xff"), b"")
            self.assertNotEqual(attester.ask(), b"")
            self.assertEqual(receive(idle), b"")
            self.assertEqual(attester.process.wait(SECONDS), 0)

    def test_gives_no_report_too_many(self):
        with self.serving("keystone-demo", "--requests", "1") as attester:
            with attester.connect() as first, attester.connect() as second:
                self.assertEqual(len(receive(first, 8 + 1352)), 8 + 1352)
                first.close()
                self.assertEqual(receive(second), b"")
            self.assertEqual(attester.process.wait(SECONDS), 0)

    def test_comes_with_a_signal_whoever_is_connected(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.serving("raw") as attester, attester.connect() as connection:
                connection.sendall(raw_frame(NONCE)[:20])
                self.assertEqual(attester.end(number), 0)

    def test_comes_at_once_where_it_cannot_serve(self):
        command = ["emulate", "serve", "--protocol", "raw", *self.device, *self.enclave]
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            place = f"127.0.0.1:{taken.getsockname()[1]}"
            done = self.run_program(*command, "--listen", place, code=4)
        self.assertEqual(done.stdout, "")
        self.assertIn(f"{place}: cannot listen", done.stderr)
        for words in (["0.0.0.0:0"], ["[::]:0"], ["localhost:0"], ["127.0.0.1"],
                      ["127.0.0.1:0", "--platform", "miralis", "--size", "0x200000"]):
            done = self.run_program(*command, "--listen", *words, code=2)
            self.assertEqual(done.stdout, "")


class Secrets(AttesterTest):
    def test_are_in_nothing_that_it_prints(self):
        with self.serving("keystone-demo", "--bind") as attester:
            attester.say(b"x" * 100)
            attester.wait_for_note("frame length")
            attester.end()
            printed = attester.said() + attester.process.stdout.read()
        seed = self.key_file.read_text().split()[-1]
        self.assertEqual(len(seed), 64)
        self.assertNotIn(seed, printed)


if __name__ == "__main__":
    AttesterTest.program, AttesterTest.vectors = (
        pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
