#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_script.py itself: a script that should fail does, and says where."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parent / "run_script.py"

FAILING = {  # script: what is printed about it
    "": "there is no step",
    "# only a comment\n": "there is no step",
    "let X y\n": "there is no step",
    "exit 1\n": "line 1: 'exit' before the first command",
    "$ true\nexist file\n": "line 2: not understood: exist file",
    "$ true\nexit\n": "not understood",
    "$ true\nexit one\n": "not understood",
    "$ false\nexit 1\nexit 1\n": "not understood",
    "$ true\nno-file\n": "not understood",
    "$ true\nsame-file a\n": "not understood",
    "$ true\nfile a holds b\n": "not understood",
    "$ echo a\n~\n": "not understood",
    "$ true\n$\n": "line 2: not understood: $",
    "$ true\nexit 0\n    indented\n": "not understood",
    "let lower x\n$ true\n": "want: let NAME VALUE",
    "let X\n$ true\n": "want: let NAME VALUE",
    "$ echo a\n> a\n~ a\n": "stdout is expected in two ways",
    "$ echo a\n> ${NOBODY}\n": "no such variable: ${NOBODY}",
    "$ echo a\n>file nothing\n": "no such file",
    "$ true\n\n$ false\n": ":3: $ false",
    "$ false\n": "exit code: got 1, want 0",
    "$ true\nexit 1\n": "exit code: got 0, want 1",
    "$ false | true\n": "exit code: got 1, want 0",
    "$ kill -9 $$\n": "exit code: got -9, want 0",
    "$ echo a\n": "stdout: want exactly:\n(nothing)",
    "$ true\n> a\n": "stdout: want exactly:\na",
    "$ printf a\n> a\n": "stdout: want exactly:\na",
    "$ echo a; echo b\n> a\n": "stdout: want exactly:\na",
    "$ echo a\n~ b\n": "stdout: want it to contain: b",
    "$ echo a >&2\n": "stderr: want exactly:\n(nothing)",
    "$ echo a >&2\n2> b\n": "stderr: want exactly:\nb",
    "$ echo a >&2\n2~ b\n": "stderr: want it to contain: b",
    "$ echo a > f; echo b\n>file f\n": "stdout: want exactly:\na",
    "$ ln -s nothing f\nno-file f\n": "f: is there",
    "$ echo a > f; echo b > g\nsame-file f g\n": "f and g differ",
    "$ echo a > f\nsame-file f g\n": "g: is not a file",
    "$ echo a > f\nfile f contains b\n": "f: has no 'b'",
    "$ true\nfile f contains b\n": "f: is not a file",
    "$ echo a > f; exit 3\nexit 3\n": "left or changed files: ['f']",
    "$ echo a > f\n$ echo b > f; exit 4\nexit 4\n": "left or changed files: ['f']",
    "$ echo a > f\n$ rm f; exit 2\nexit 2\n": "left or changed files: ['f']",
    "$ touch $TMPDIR/x\n": "left temporary files: ['x']",
}

PASSING = [
    "$ true\n",
    "# comment\n\nlet X a b\n$ echo $X\n> a b\n$ echo ${X}c\n> ${X}c\n",
    "$ echo a\n    echo b\n> a\n> b\nexit 0\n",
    "$ exit 3\nexit 3\n$ echo out; echo err >&2; exit 1\n> out\n2> err\nexit 1\n",
    "$ echo a > f; cp f g; cat f\n>file g\nsame-file f g\nfile f contains a\nno-file h\n",
    "$ pwd\n> ${DIR}\n$ ls $TESTS/run_script.py\n~ run_script.py\n",
    "$ one\n> the program one\n$ as-nobody two\n> the program two\n",
    "$ echo a > f && chmod 000 f\n$ as-nobody cat f\n2~ Permission denied\nexit 1\n",
]


class RunScript(unittest.TestCase):
    def run_text(self, text):
        with tempfile.TemporaryDirectory() as folder:
            programs = [pathlib.Path(folder, name) for name in ("one", "two")]
            for program in programs:
                program.write_text(f"#!/bin/sh\necho the program {program.name}\n")
                program.chmod(0o755)
            script = pathlib.Path(folder, "script.txt")
            script.write_text(text)
            return subprocess.run([sys.executable, RUNNER, "vectors", script, *programs],
                                  capture_output=True, text=True, check=False)

    def test_a_script_that_does_not_hold_fails_and_says_why(self):
        for text, reason in FAILING.items():
            with self.subTest(text=text):
                done = self.run_text(text)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(reason, done.stdout)
                self.assertIn("script.txt", done.stdout)

    def test_a_script_that_holds_passes(self):
        for text in PASSING:
            with self.subTest(text=text):
                done = self.run_text(text)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
