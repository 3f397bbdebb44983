#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each folder of test-vectors/verify/ through the command line: attest_situations.py PROGRAM VECTORS

A key or a file that is not read, or fewer folders than there should be, is a failure.
"""

import json
import pathlib
import subprocess
import sys
import unittest

FEWEST = 40
OPTIONS = {"data": "--data", "nonce": "--nonce", "nonce_prefix": "--nonce-prefix",
           "channel": "--channel-binding"}
EXIT_CODES = {"accepted": 0, "rejected": 1, "malformed": 3}

# What the command line cannot ask: it knows nothing of what was answered before, and takes an
# empty value for none.
NOT_ASKED = {"a-replay-is-waived-through", "the-challenge-was-answered-before",
             "the-challenge-was-never-issued", "the-data-are-empty-as-expected"}

PROGRAM, VECTORS = None, None


def read(path, required, optional=()):
    value = json.loads(path.read_text("utf-8"))
    if not set(required) <= set(value) <= {*required, *optional}:
        raise ValueError(f"{path}: has the keys {sorted(value)}")
    return value


def can_be_asked(challenge):
    return challenge.get("standing", "open") == "open" and challenge.get("value") != ""


def options_for(challenge):
    options = ["--now", challenge["now"]]
    if challenge["kind"] != "none":
        options += [OPTIONS[challenge["kind"]], challenge["value"]]
    for key in ("issued", "expires"):
        if key in challenge:
            options += [f"--{key}", challenge[key]]
    return options


def answer_of(verdict):
    """What expect.json says, of a verdict."""
    findings = verdict["findings"]
    answer = {"outcome": "accepted" if verdict["accepted"] else "rejected",
              "reasons": {finding["check"]: finding["reason"] for finding in findings
                          if finding["reason"]}}
    for result in ("failed", "waived", "not_evaluated"):
        answer[result] = [finding["check"] for finding in findings if finding["result"] == result]
    return answer


class Situations(unittest.TestCase):
    def verify(self, folder, report, challenge):
        """The exit code and the answer."""
        done = subprocess.run(
            [PROGRAM, "verify", folder / report, "--policy", folder / "policy.json", "--json",
             *options_for(challenge)], capture_output=True, text=True, check=False)
        if done.returncode != EXIT_CODES["malformed"]:
            return done.returncode, answer_of(json.loads(done.stdout))
        self.assertEqual(done.stdout, "")
        self.assertEqual(json.loads(done.stderr)["code"], "malformed")
        return done.returncode, {"outcome": "malformed", "reasons": {}, "failed": [], "waived": [],
                                 "not_evaluated": []}

    def check(self, folder):
        """Whether the folder could be asked about."""
        files = {path.name for path in folder.iterdir()}
        report = "report.json" if "report.json" in files else "report.bin"
        self.assertEqual(files, {report, "policy.json", "challenge.json", "expect.json"})
        challenge = read(folder / "challenge.json", ["now", "kind"],
                         ["value", "issued", "expires", "standing"])
        want = read(folder / "expect.json", ["outcome", "failed", "waived", "not_evaluated",
                                             "reasons", "exit_code"])
        if not can_be_asked(challenge):
            return False
        code = want.pop("exit_code")
        self.assertEqual(code, EXIT_CODES[want["outcome"]])
        self.assertEqual(self.verify(folder, report, challenge), (code, want))
        return True

    def test_each_is_answered_as_expected(self):
        asked, not_asked = 0, set()
        for folder in sorted(path for path in (VECTORS / "verify").iterdir() if path.is_dir()):
            with self.subTest(folder.name):
                if self.check(folder):
                    asked += 1
                else:
                    not_asked.add(folder.name)
        self.assertEqual(not_asked, NOT_ASKED)
        self.assertGreaterEqual(asked, FEWEST)


if __name__ == "__main__":
    PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
