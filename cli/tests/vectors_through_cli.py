#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared measurement vectors, each through the command line: vectors_through_cli.py PROGRAM VECTORS

An own expander of the input specs and an own list of what a case may hold: a key that is not read,
or fewer cases than there should be, is a failure.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import unittest

from vectors import load_cases

LOADER_CASES = 27  # of measurement-loader.json; each is measured for two profiles
RUST_SDK_CASES = 14
REPORT_HASH = slice(0, 64)  # of a report: the enclave's hash

PROGRAM, VECTORS = None, None


def expand(spec):
    """The bytes that an input spec stands for."""
    if spec.startswith("cat("):
        return b"".join(expand(part) for part in spec[len("cat("):-1].split("|"))
    kind, _, rest = spec.partition(":")
    if kind == "hex":
        return bytes.fromhex(rest)
    if kind == "zero":
        return bytes(int(rest))
    head, _, length = rest.rpartition(":")
    if kind == "fill":
        return bytes.fromhex(head) * int(length)
    if kind == "shake":
        return hashlib.shake_256(f"ksoracle1:{rest}".encode()).digest(int(length))
    raise ValueError(f"bad input spec: {spec}")


class ThroughTheCommandLine(unittest.TestCase):
    def measure(self, eapp, runtime, loader, *options):
        """The exit code and standard output; a failure prints no answer, and says why."""
        done = subprocess.run(
            [PROGRAM, "enclave", "--eapp", eapp, "--runtime", runtime, "--loader", loader, *options],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.assertEqual(done.stdout, "")
            self.assertIn("keystone-measure: error: ", done.stderr)
        return done.returncode, done.stdout

    def test_loader_scheme(self):
        keys = ["name", "eapp", "runtime", "loader", "rv64", "rv32"]
        cases = load_cases(VECTORS, "measurement-loader.json", keys, LOADER_CASES)
        measured = refused = 0
        for case in cases:
            inputs = [expand(case[role]) for role in ("eapp", "runtime", "loader")]
            for machine in ("rv64", "rv32"):
                with self.subTest(case["name"], machine=machine), \
                        tempfile.TemporaryDirectory() as folder:
                    paths = [pathlib.Path(folder, role) for role in ("eapp", "runtime", "loader")]
                    for path, content in zip(paths, inputs):
                        path.write_bytes(content)
                    got = self.measure(*paths, "--profile", f"keystone-loader-{machine}")
                    if all(inputs):
                        measured += 1
                        self.assertEqual(got, (0, case[machine] + "\n"))
                    else:
                        refused += 1
                        self.assertEqual(got[0], 3, "an empty input")
        self.assertEqual(measured + refused, 2 * len(cases))
        self.assertGreater(measured, 0)
        self.assertGreater(refused, 0)

    def test_rust_sdk(self):
        keys = ["name", "note", "len", "hash", "sizes", "error", "eapp", "runtime", "loader_elf"]
        cases = load_cases(VECTORS, "rust-sdk-0.3/vectors.json", keys, RUST_SDK_CASES)
        for case in cases:
            with self.subTest(case["name"]):
                files = {role: VECTORS / "rust-sdk-0.3" / "in" / case[role]
                         for role in ("eapp", "runtime", "loader_elf")}
                for role, path in files.items():
                    self.assertEqual(path.stat().st_size, case["len"][role], role)
                self.assertNotEqual(case["hash"] is None, case["error"] is None)
                self.assertEqual(case["hash"] is None, case["sizes"] is None)
                got = self.measure(*files.values(), "--profile", "rust-sdk-0.3")
                want = (3, "") if case["error"] else (0, case["hash"] + "\n")
                self.assertEqual(got, want)

    def test_a_genuine_report_carries_the_hash(self):
        genuine = VECTORS / "genuine"
        files = [genuine / f"loader-rv64.{role}.bin" for role in ("eapp", "runtime", "loader")]
        report = (genuine / "loader-rv64.E0_aligned.2.report.bin").read_bytes()
        self.assertEqual(len(report), 1352)
        self.assertEqual(self.measure(*files), (0, report[REPORT_HASH].hex() + "\n"))


if __name__ == "__main__":
    PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
