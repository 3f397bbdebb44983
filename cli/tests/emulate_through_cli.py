#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Everything that a genuine Security Monitor answered, through `emulate run-script`.

    emulate_through_cli.py PROGRAM VECTORS

A key that is not read, or fewer enclaves than there should be, is a failure.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ENCLAVES, REPORTS, SEALING_KEYS, REFUSED = 15, 15, 60, 5
REPORT_DATA, REPORT_BEHIND_DATA = 72, 1096  # offsets in bytes

PROGRAM, VECTORS = None, None


def take(entry, required, optional=()):
    """The entry, if it has these keys and no others."""
    if not set(required) <= set(entry) <= {*required, *optional}:
        raise ValueError(f"got the keys {sorted(entry)}")
    return entry


def genuine_report(entry):
    """A genuine report with zeros where the monitor left its stack."""
    report = (VECTORS / "genuine" / entry["file"]).read_bytes()
    end = REPORT_DATA + len(entry["data"]) // 2
    return report[:end] + bytes(REPORT_BEHIND_DATA - end) + report[REPORT_BEHIND_DATA:]


class GenuineMonitor(unittest.TestCase):
    def run_script(self, script, *options):
        """The answers; the script lies in a folder of its own, with absolute paths."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "script.json")
            path.write_text(json.dumps(script))
            done = subprocess.run([PROGRAM, "emulate", "run-script", path, "--json", *options],
                                  capture_output=True, text=True, check=True)
        self.assertIn("warning: device key: the published test key", done.stderr)
        return take(json.loads(done.stdout), ["schema", "device", "calls"])

    def script_for(self, enclave, run):
        script = {"scheme": enclave["scheme"], "sm_hash": run["sm_hash"],
                  "calls": [{"create": enclave["create"]}]}
        if "epm_file" in enclave:
            script["memory"] = [{"file": str(VECTORS / "genuine" / enclave["epm_file"]),
                                 "at": enclave["create"]["epm_base"]}]
        reports = [take(entry, ["file", "data"]) for entry in enclave.get("reports", [])]
        script["calls"] += [{"attest": {"enclave": 0, "data": entry["data"]}} for entry in reports]
        script["calls"] += [{"sealing_key": {"enclave": 0, "ident": entry["ident"]}}
                            for entry in enclave.get("sealing", [])]
        return script

    def answers_for(self, enclave):
        """What the calls of script_for() are to be answered."""
        if enclave["create_error"] != 0:
            return [{"error": enclave["create_error"]}]
        answers = [{"error": 0, "enclave": 0, "enclave_hash": enclave["enclave_hash"]}]
        answers += [{"error": 0, "report": genuine_report(entry).hex()}
                    for entry in enclave["reports"]]
        answers += [{"error": 0, "sealing_key": entry["key"], "signature": entry["signature"]}
                    for entry in (take(entry, ["ident", "key", "signature"])
                                  for entry in enclave["sealing"])]
        return answers

    def expect_answers(self, got, want):
        for answer in got:
            self.assertIn(answer.pop("call"), ("create", "attest", "sealing_key"))
            self.assertEqual(answer.pop("meaning") == "success", answer["error"] == 0)
        self.assertEqual(got, want)

    def test_every_answer_is_the_same(self):
        manifest = json.loads((VECTORS / "genuine" / "manifest.json").read_text("utf-8"))
        runs = {run["run"]: run for run in manifest["runs"]}
        seen = {"enclaves": 0, "refused": 0, "reports": 0, "sealing": 0}
        for enclave in manifest["enclaves"]:
            take(enclave, ["scheme", "run", "enclave", "create", "create_error"],
                 ["epm_file", "enclave_hash", "reports", "sealing"])
            with self.subTest(enclave["scheme"] + " " + enclave["enclave"]):
                run = runs[enclave["run"]]
                script, want = self.script_for(enclave, run), self.answers_for(enclave)
                told = self.run_script(script, "--print-secret-keys")
                self.assertEqual(told["device"], {
                    "sm_hash": run["sm_hash"], "sm_public_key": run["sm_public_key"],
                    "sm_signature": run["sm_signature"],
                    "device_public_key": manifest["device_public_key"]})
                self.expect_answers(told["calls"], want)
                # Without being asked to, it tells all but the secrets.
                silent = self.run_script(script)["calls"]
                self.expect_answers(silent, [
                    {key: value for key, value in answer.items() if key != "sealing_key"}
                    for answer in want])
                seen["enclaves"] += 1
                seen["refused"] += enclave["create_error"] != 0
                seen["reports"] += len(enclave.get("reports", []))
                seen["sealing"] += len(enclave.get("sealing", []))
        self.assertEqual(seen, {"enclaves": ENCLAVES, "refused": REFUSED, "reports": REPORTS,
                                "sealing": SEALING_KEYS})


if __name__ == "__main__":
    PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
