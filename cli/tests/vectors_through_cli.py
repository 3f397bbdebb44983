#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared measurement vectors, each through the command line: vectors_through_cli.py PROGRAM VECTORS

An own expander of the input specs and an own list of what a case may hold: a key that is not read,
or fewer cases than there should be, is a failure.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from vectors import load_cases

LOADER_CASES = 27  # of measurement-loader.json; each is measured for two profiles
RUST_SDK_CASES = 14
PAGE_WALK_CASES = 281
PAGE_WALK_REFUSED = 129  # of these
PAGE_WALK_IMAGES = 15
PAGE = 4096
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


def page_walk_options(case):
    """The options of a page-walk vector: its parameters are spelt as options are."""
    elf = VECTORS / "pagewalk" / "elf"
    options = ["--eapp", elf / case["eapp"], "--runtime", elf / case["runtime"],
               "--profile", case["profile"]]
    for name, value in case["params"].items():
        options += ["--" + name.replace("_", "-"), value]
    return options


def page_digests(content):
    """Of each page, the 16 digits that the vectors hold."""
    return [hashlib.sha256(content[at:at + PAGE]).hexdigest()[:16]
            for at in range(0, len(content), PAGE)]


class ThroughTheCommandLine(unittest.TestCase):
    def run_program(self, *words):
        """The exit code and standard output; a failure prints no answer, and says why."""
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.assertEqual(done.stdout, "")
            self.assertIn("keystone-measure: error: ", done.stderr)
        return done.returncode, done.stdout

    def measure(self, eapp, runtime, loader, *options):
        return self.run_program("enclave", "--eapp", eapp, "--runtime", runtime, "--loader", loader,
                                *options)

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

    def test_page_walk(self):
        keys = ["profile", "upstream_version", "description", "eapp", "runtime", "params",
                "expected_hash", "expected_error"]
        cases = load_cases(VECTORS, "pagewalk/vectors.json", keys, PAGE_WALK_CASES)
        refused = 0
        for number, case in enumerate(cases):
            with self.subTest(number=number, case=case):
                self.assertNotEqual(case["expected_hash"] is None, case["expected_error"] is None)
                got = self.run_program("enclave", *page_walk_options(case))
                if case["expected_error"] is None:
                    self.assertEqual(got, (0, case["expected_hash"] + "\n"))
                    continue
                refused += 1
                # A size that no driver takes is an option out of range, not a file's fault.
                is_option = int(case["params"].get("untrusted_size", "1"), 0) == 0
                self.assertEqual(got[0], 2 if is_option else 3, case["expected_error"])
        self.assertGreaterEqual(refused, PAGE_WALK_REFUSED)

    def test_page_walk_images(self):
        keys = ["profile", "upstream_version", "xlen", "eapp", "runtime", "eapp_sha256",
                "runtime_sha256", "params", "epm_base", "epm_size", "runtime_base", "user_base",
                "free_base", "utm_base", "utm_size", "runtime_entry", "user_entry",
                "untrusted_ptr", "untrusted_size", "image_sha256", "page_sha256", "layout",
                "pte_low10", "bytes_zeroed_only_by_driver", "utm_at_sm_entry", "enclave_hash"]
        cases = load_cases(VECTORS, "pagewalk/images.json", keys, PAGE_WALK_IMAGES, under="images")
        for number, case in enumerate(cases):
            with self.subTest(number=number), tempfile.TemporaryDirectory() as folder:
                self.check_image(case, pathlib.Path(folder))

    def check_image(self, case, folder):
        options = ["image", *page_walk_options(case), "--base", case["epm_base"],
                   "--utm-base", case["utm_base"], "--map", "--output"]
        code, text = self.run_program(*options, folder / "epm")
        self.assertEqual(code, 0)
        self.assertEqual(self.run_program(*options, folder / "again"), (0, text))
        content = (folder / "epm").read_bytes()
        self.assertEqual(content, (folder / "again").read_bytes())
        self.assertEqual(page_digests(content), case["page_sha256"])
        self.assertEqual(hashlib.sha256(content).hexdigest(), case["image_sha256"])
        create = {name: case[name] for name in (
            "epm_base", "epm_size", "utm_base", "utm_size", "runtime_entry", "user_entry",
            "untrusted_ptr", "untrusted_size")}
        create |= {name: case[name + "_base"] for name in ("runtime", "user", "free")}
        answer = json.loads(text)
        for warning in answer.pop("warnings"):  # of files whose segments share a page
            self.assertIn("a segment lies on a page that another one has", warning)
        self.assertEqual(answer, {
            "schema": "keystone.image/1", "profile": case["profile"], "hash": case["enclave_hash"],
            "image_size": len(content), "create": create, "notes": []})

    def test_an_image_has_holes_where_it_is_zero(self):
        elf = VECTORS / "pagewalk" / "elf"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "epm")
            stack = 64 << 20
            self.assertEqual(self.run_program(
                "image", "--eapp", elf / "e_min", "--runtime", elf / "rt_min", "--profile",
                "keystone-v1", "--stack-size", str(stack), "--freemem", str(2 * stack), "-o", path),
                (0, ""))
            status = path.stat()
            self.assertGreater(status.st_size, stack)
            self.assertLess(status.st_blocks * 512, 4 << 20)  # what is not zero, and slack

    def test_a_genuine_report_carries_the_hash(self):
        genuine = VECTORS / "genuine"
        files = [genuine / f"loader-rv64.{role}.bin" for role in ("eapp", "runtime", "loader")]
        report = (genuine / "loader-rv64.E0_aligned.2.report.bin").read_bytes()
        self.assertEqual(len(report), 1352)
        self.assertEqual(self.measure(*files), (0, report[REPORT_HASH].hex() + "\n"))


if __name__ == "__main__":
    PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
