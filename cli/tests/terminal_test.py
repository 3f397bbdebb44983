#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What keystone-attest shows on a terminal and nowhere else: terminal_test.py PROGRAM VECTORS"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from terminal import run_on_terminal

ESCAPE = b"\x1b["
GREEN, RED, YELLOW, MAGENTA = (ESCAPE + colour + b"m" for colour in (b"32", b"31", b"33", b"35"))
TERMINAL = {"TERM": "xterm"}

PROGRAM, REPORT = None, None


def verify(*options):
    """A line that gives every kind of result, and rejects."""
    return [PROGRAM, "verify", REPORT, "--device-key", "1" * 64, "--sm-hash", "2" * 128,
            "--enclave-hash", "3" * 128, "--waive", "enclave_hash=a test",
            "--now", "2026-11-22T20:46:21Z", *options]


class Colours(unittest.TestCase):
    def test_are_on_a_terminal(self):
        code, seen, _ = run_on_terminal(verify(), "stdout", TERMINAL)
        self.assertEqual(code, 1)
        for part in (RED + b"rejected: ", GREEN + b"passed", RED + b"failed",
                     YELLOW + b"waived", MAGENTA + b"not evaluated"):
            self.assertIn(part, seen)
        plain = subprocess.run(verify(), check=False, capture_output=True, env=TERMINAL).stdout
        for colour in (GREEN, RED, YELLOW, MAGENTA, ESCAPE + b"0m"):
            seen = seen.replace(colour, b"")
        self.assertEqual(seen.replace(b"\r\n", b"\n"), plain)

    def test_are_not_in_a_pipe_or_in_a_file(self):
        self.assertNotIn(ESCAPE, subprocess.run(verify(), check=False, capture_output=True,
                                                env=TERMINAL).stdout)
        with tempfile.TemporaryDirectory() as folder:
            answer = pathlib.Path(folder, "answer")
            self.assertEqual(run_on_terminal(verify("-o", answer), "stdout", TERMINAL)[:2], (1, b""))
            self.assertNotIn(ESCAPE, answer.read_bytes())

    def test_are_not_where_they_are_not_wanted(self):
        for environment in (TERMINAL | {"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(ESCAPE, run_on_terminal(verify(), "stdout", environment)[1])
        self.assertIn(ESCAPE, run_on_terminal(verify(), "stdout", TERMINAL | {"NO_COLOR": ""})[1])

    def test_are_not_in_json_or_in_the_first_line_alone(self):
        for option in ("--json", "--quiet"):
            self.assertNotIn(ESCAPE, run_on_terminal(verify(option), "stdout", TERMINAL)[1])


class BinaryReports(unittest.TestCase):
    def test_do_not_go_to_a_terminal(self):
        for command in (["convert", "--to", "fixed"], ["convert", "--to", "compact"], ["scrub"]):
            code, seen, errors = run_on_terminal([PROGRAM, "report", *command, REPORT], "stdout")
            self.assertEqual((code, seen), (2, b""), command)
            self.assertIn(b"keystone-attest: hint: -o FILE", errors)

    def test_go_to_a_file_though_there_is_a_terminal(self):
        with tempfile.TemporaryDirectory() as folder:
            answer = pathlib.Path(folder, "answer")
            code, seen, errors = run_on_terminal(
                [PROGRAM, "report", "scrub", REPORT, "-o", answer], "stdout")
            self.assertEqual((code, seen, errors), (0, b"", b""))
            self.assertEqual(answer.stat().st_size, 1352)

    def test_in_json_go_to_a_terminal(self):
        code, seen, _ = run_on_terminal([PROGRAM, "report", "convert", "--to", "json", REPORT],
                                        "stdout")
        self.assertEqual((code, seen[:1]), (0, b"{"))


if __name__ == "__main__":
    PROGRAM, vectors = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    REPORT = vectors / "genuine" / "loader-rv64.E0_aligned.13.report.bin"
    unittest.main(argv=sys.argv[:1])
