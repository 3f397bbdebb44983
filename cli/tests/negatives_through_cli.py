#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each case that `emulate negatives` writes, through `verify`: negatives_through_cli.py PROGRAM

The answer must be the manifest's: the exit code, and every check that does not pass, with its
reason. A key that is not read, or fewer cases than there should be, is a failure.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

FEWEST = {"accepted": 5, "rejected": 20, "not-a-report": 40}
EXIT_CODES = {"accepted": 0, "rejected": 1, "not-a-report": 3}
NO_JSON = {"json-byte-order-mark", "json-comment", "json-cut", "json-trailing-comma",
           "json-trailing-object", "json-trailing-zero"}
SEED = "07" * 32

PROGRAM = None


def make(folder, *options):
    subprocess.run([PROGRAM, "emulate", "negatives", folder, *options], check=True)
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file()}


def verify(folder, case, challenge):
    options = [word for key, value in challenge.items() for word in (f"--{key}", value)]
    return subprocess.run(
        [PROGRAM, "verify", folder / case["file"], "--policy", folder / case["policy"], "--json",
         *options], capture_output=True, text=True, check=False)


class Negatives(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name, "negatives")

    def check(self, case, challenge):
        self.assertEqual(set(case), {"name", "file", "format", "policy", "result", "exit_code",
                                     "failed", "not_evaluated", "why"})
        self.assertEqual(case["exit_code"], EXIT_CODES[case["result"]])
        self.assertEqual(case["result"] == "rejected", bool(case["failed"]))
        done = verify(self.folder, case, challenge)
        self.assertEqual(done.returncode, case["exit_code"], done.stderr)
        if case["result"] == "not-a-report":
            self.assertEqual(done.stdout, "")
            self.assertEqual(json.loads(done.stderr)["code"], "malformed")
            return
        findings = json.loads(done.stdout)["findings"]
        for result in ("failed", "not_evaluated"):
            self.assertEqual(case[result], {finding["check"]: finding["reason"]
                                            for finding in findings
                                            if finding["result"] == result})
        self.assertNotIn("waived", [finding["result"] for finding in findings])

    def check_all(self, manifest):
        self.assertEqual(set(manifest), {"schema", "seed", "challenge", "cases"})
        self.assertEqual(manifest["schema"], "keystone.negatives/1")
        self.assertEqual(set(manifest["challenge"]), {"nonce", "issued", "expires", "now"})
        seen = dict.fromkeys(FEWEST, 0)
        for case in manifest["cases"]:
            with self.subTest(case["name"]):
                self.check(case, manifest["challenge"])
                seen[case["result"]] += 1
        for result, count in seen.items():
            self.assertGreaterEqual(count, FEWEST[result], result)

    def test_each_is_answered_as_the_manifest_says(self):
        self.check_all(make(self.folder))

    def test_each_of_another_seed_is_answered_so_too(self):
        manifest = make(self.folder, "--seed", SEED)
        self.assertEqual(manifest["seed"], SEED)
        self.check_all(manifest)

    def test_the_folder_holds_what_the_manifest_names_and_nothing_else(self):
        manifest = make(self.folder)
        names = [case["name"] for case in manifest["cases"]]
        self.assertEqual(len(names), len(set(names)))
        named = {case[key] for case in manifest["cases"] for key in ("file", "policy")}
        self.assertEqual(set(files_in(self.folder)), named | {"manifest.json"})

    def test_no_case_is_another_one_under_another_name(self):
        manifest = make(self.folder)
        files = files_in(self.folder)
        asked = [(files[case["file"]], case["policy"]) for case in manifest["cases"]]
        self.assertEqual(len(asked), len(set(asked)))

    def test_json_cases_are_json_but_for_those_that_are_meant_not_to_be(self):
        manifest = make(self.folder)
        broken = set()
        for case in manifest["cases"]:
            if case["format"] == "json":
                try:
                    json.loads((self.folder / case["file"]).read_text("utf-8"))
                except json.JSONDecodeError:
                    broken.add(case["name"])
        self.assertEqual(broken, NO_JSON)

    def test_without_its_challenge_not_even_the_good_one_is_accepted(self):
        manifest = make(self.folder)
        good = manifest["cases"][0]
        self.assertEqual(good["result"], "accepted")
        for change in ({"nonce": "00" * 32}, {"now": "2026-01-01T12:04:01Z"}):
            done = verify(self.folder, good, manifest["challenge"] | change)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve(strict=True)
    unittest.main(argv=sys.argv[:1])
