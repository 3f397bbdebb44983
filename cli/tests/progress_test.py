#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""When the progress bar is drawn: progress_test.py PROGRAM"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from terminal import run_on_terminal

MEBIBYTE = 1 << 20
WORTH_SHOWING = 64 * MEBIBYTE  # of all inputs together; the bar is for more
SMALL = 4096  # the size of the runtime and of the loader
BAR, WIPED = b" MiB", b"\r\x1b[K"

PROGRAM = None


class ProgressBar(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("runtime", "loader"):
            (self.folder / name).write_bytes(b"x" * SMALL)

    def run_it(self, eapp_size, *options, terminal="stderr", command=None):
        """What a terminal, as one of the standard streams, gets to see; and the other stream."""
        eapp = self.folder / "eapp"
        eapp.touch()
        os.truncate(eapp, eapp_size)
        inputs = [f"--{name}={self.folder / name}" for name in ("eapp", "runtime", "loader")]
        command = command or ["enclave", *inputs]
        code, seen, other = run_on_terminal([PROGRAM, *command, *options], terminal)
        self.assertEqual(code, 0)
        return seen, other

    def test_is_drawn_for_more_than_64_mib_and_wiped(self):
        seen, answer = self.run_it(80 * MEBIBYTE)
        self.assertIn(b" of 80 MiB", seen)
        self.assertLess(seen.index(BAR), seen.index(WIPED))
        self.assertLess(seen.index(WIPED), seen.index(b"warning: "))
        self.assertNotIn(BAR, seen[seen.index(WIPED):])
        self.assertEqual(len(answer), 129)

    def test_starts_at_one_byte_more_than_64_mib(self):
        self.assertNotIn(BAR, self.run_it(WORTH_SHOWING - 2 * SMALL)[0])
        self.assertIn(BAR, self.run_it(WORTH_SHOWING - 2 * SMALL + 1)[0])

    def test_is_not_drawn_when_quiet(self):
        for option in ("--quiet", "-q"):
            self.assertEqual(self.run_it(80 * MEBIBYTE, option)[0], b"")

    def test_is_drawn_on_a_terminal_only(self):
        seen, errors = self.run_it(80 * MEBIBYTE, terminal="stdout")
        self.assertEqual(len(seen.strip()), 128)
        self.assertNotIn(BAR, errors)
        self.assertNotIn(b"\r", errors)

    def test_is_drawn_by_a_check_of_several_files(self):
        self.run_it(40 * MEBIBYTE)
        golden = str(self.folder / "golden.json")
        for name in ("one", "two"):
            inputs = [f"--{role}={self.folder / role}" for role in ("eapp", "runtime", "loader")]
            subprocess.run([PROGRAM, "golden", "add", golden, "--name", name, "-q", *inputs],
                           check=True)
        check = ["golden", "check", golden, "--jobs=2"]
        seen, answer = self.run_it(40 * MEBIBYTE, command=check)
        self.assertIn(b" of 80 MiB", seen)
        self.assertTrue(seen.endswith(WIPED))
        self.assertEqual(answer, b"match: enclave one\nmatch: enclave two\n")
        self.assertEqual(self.run_it(40 * MEBIBYTE, "-q", command=check)[0], b"")


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve(strict=True)
    unittest.main(argv=sys.argv[:1])
