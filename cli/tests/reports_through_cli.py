#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared report vectors, each through the command line: reports_through_cli.py PROGRAM VECTORS

What genuine verifiers said of each report is in the vectors; ours says the same, or rejects for a
reason that the vectors name.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from vectors import load_cases

REPORT_CASES = 29
EVIDENCE_CASES = 20
GENUINE_REPORTS = 15
FORMS = ("fixed", "compact", "json")

# The check that fails where the Rust SDK's verifier gives this answer.
EVIDENCE_ANSWERS = {
    "InvalidDeviceKey": "device_key",
    "InvalidSecureMonitorSignature": "sm_signature",
    "InvalidEnclaveSignature": "enclave_signature",
    "InvalidEnclaveHash": "enclave_hash",
    "InvalidUserData": "report_data",
}
# What it accepts, or aborts on, and we reject: the check, and the reason that we give.
EVIDENCE_STRICTER = {
    "sm_sig_S_plus_L": ("Success", "sm_signature", "s_not_reduced"),
    "mixed_order_A_k_even": ("Success", "enclave_signature", "key_mixed_order"),
    "enc_sig_S_plus_2L": ("PANIC", "enclave_signature", "s_not_reduced"),
    "sm_sig_S_topbit": ("PANIC", "sm_signature", "s_not_reduced"),
}

PROGRAM, VECTORS = None, None


def run(*arguments, report=b""):
    return subprocess.run([PROGRAM, *arguments], input=report, capture_output=True, check=False)


def trusting(device_key, sm_hash, enclave_hash):
    return ["--device-key", device_key, "--sm-hash", sm_hash, "--enclave-hash", enclave_hash]


class ThroughTheCommandLine(unittest.TestCase):
    def verdict(self, report, *options):
        """The exit code, the checks that failed, and all findings; exit 3 and no answer if malformed."""
        done = run("verify", "-", "--json", *options, report=report)
        if done.returncode == 3:
            self.assertEqual(done.stdout, b"")
            error = json.loads(done.stderr)
            self.assertEqual(error["schema"], "keystone.error/1")
            self.assertIn(error["code"], ("malformed", "limit_exceeded"))
            return 3, None, None
        verdict = json.loads(done.stdout)
        self.assertEqual(verdict["schema"], "keystone.verdict/1")
        self.assertEqual(verdict["accepted"], done.returncode == 0)
        findings = {finding["check"]: finding for finding in verdict["findings"]}
        failed = sorted(check for check, finding in findings.items()
                        if finding["result"] == "failed")
        self.assert_text_agrees(report, options, done.returncode, failed)
        return done.returncode, failed, findings

    def assert_text_agrees(self, report, options, code, failed):
        """The first line of the text answer says the same."""
        done = run("verify", "-", "--quiet", *options, report=report)
        self.assertEqual(done.returncode, code)
        self.assertEqual(done.stderr, b"")
        word, _, checks = done.stdout.decode().strip().partition(": ")
        if code == 0:
            self.assertTrue(word.startswith("accepted"), word)
        elif failed:
            self.assertEqual((word, sorted(checks.split(", "))), ("rejected", failed))

    def convert(self, report, form):
        done = run("report", "convert", "-", "--to", form, report=report)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def test_reports(self):
        keys = ["name", "expected_enclave_hash", "expected_sm_hash", "device_pub", "ref_tojson",
                "strict", "ref", "note", "asan"]
        cases = load_cases(VECTORS, "reports.json", keys, REPORT_CASES,
                           optional=["report_hex", "json", "ref_stderr"])
        malformed = 0
        for case in cases:
            with self.subTest(case["name"]):
                report = bytes.fromhex(case["report_hex"]) if "report_hex" in case else (
                    case["json"].encode())
                code, failed, _ = self.verdict(
                    report, *trusting(case["device_pub"], case["expected_sm_hash"],
                                      case["expected_enclave_hash"]),
                    "--waive", "report_data=no challenge", "--waive", "freshness=no challenge")
                if case["strict"] == {"result": "malformed"}:
                    malformed += 1
                    self.assertEqual(code, 3)
                    continue
                self.assertEqual(case["strict"], {"result": ["accepted", "rejected"][code],
                                                  "failed": failed})
                # Keystone's own SDK printed it so.
                self.assertEqual(self.convert(report, "json").decode(), case["ref_tojson"] + "\n")
        self.assertGreater(malformed, 10)
        self.assertLess(malformed, len(cases) - 10)

    def test_evidence_of_the_rust_sdk(self):
        keys = ["name", "len", "nonce", "enclave_hash", "sm_hash", "dev_pk", "rust_sdk", "cpp_sdk",
                "file"]
        cases = load_cases(VECTORS, "rust-sdk-0.3/evidence.json", keys, EVIDENCE_CASES)
        for case in cases:
            with self.subTest(case["name"]):
                report = (VECTORS / "rust-sdk-0.3" / "evidence" / case["file"]).read_bytes()
                self.assertEqual(len(report), case["len"])
                code, failed, findings = self.verdict(
                    report, *trusting(case["dev_pk"], case["sm_hash"], case["enclave_hash"]),
                    "--data", case["nonce"])
                self.expect_evidence(case, code, failed, findings)
        self.assertLessEqual(set(EVIDENCE_STRICTER), {case["name"] for case in cases})

    def expect_evidence(self, case, code, failed, findings):
        theirs = case["rust_sdk"]
        if theirs == "ParseError":
            self.assertEqual(code, 3)
            return
        # The report has no time: that is waived, and everybody can see it.
        self.assertEqual(findings["freshness"]["result"], "waived")
        self.assertIn("--data", findings["freshness"]["reason"])
        if case["name"] in EVIDENCE_STRICTER:
            expected_of_them, check, reason = EVIDENCE_STRICTER[case["name"]]
            self.assertEqual(theirs, expected_of_them)
            self.assertEqual((code, failed), (1, [check]))
            self.assertEqual(findings[check]["reason"], reason)
        elif theirs == "Success":
            self.assertEqual((code, failed), (0, []))
            self.assertEqual(case["cpp_sdk"], "verify=1 sigs=1")
        else:
            self.assertEqual((code, failed), (1, [EVIDENCE_ANSWERS[theirs]]))

    def test_genuine_reports_in_every_form(self):
        manifest = json.loads((VECTORS / "genuine" / "manifest.json").read_text("utf-8"))
        runs = {run["run"]: run for run in manifest["runs"]}
        known_keys = ["sm_key_strength", "test_device_key"]  # QEMU's device and boot ROM
        waived = [word for check in known_keys for word in ("--waive", f"{check}=an emulator")]
        seen = 0
        for enclave in manifest["enclaves"]:
            for entry in enclave.get("reports", []):
                with self.subTest(entry["file"]):
                    seen += 1
                    report = (VECTORS / "genuine" / entry["file"]).read_bytes()
                    options = trusting(manifest["device_public_key"],
                                       runs[enclave["run"]]["sm_hash"], enclave["enclave_hash"])
                    options += ["--data", entry["data"]] if entry["data"] else [
                        "--waive", "report_data=no data", "--waive", "freshness=no data"]
                    written = [("fixed", report)]  # as it came, its unsigned tail included
                    written += [(form, self.convert(report, form)) for form in FORMS]
                    for form, text in written:
                        got = self.verdict(text, "--input-format", form, *options)[:2]
                        self.assertEqual(got, (1, known_keys), form)
                        got = self.verdict(text, *options, *waived)[:2]
                        self.assertEqual(got, (0, []), form)
        self.assertGreaterEqual(seen, GENUINE_REPORTS)

    def test_every_form_leads_back_to_the_scrubbed_report(self):
        for path in sorted((VECTORS / "genuine").glob("*.report.bin")):
            with self.subTest(path.name), tempfile.TemporaryDirectory() as folder:
                scrubbed = pathlib.Path(folder, "scrubbed")
                done = run("report", "scrub", path, "-o", scrubbed)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
                report, clean = path.read_bytes(), scrubbed.read_bytes()
                end = 72 + int.from_bytes(report[64:72], "little")
                self.assertEqual(clean, report[:end] + bytes(1096 - end) + report[1096:])
                for form in FORMS:
                    written = self.convert(report, form)
                    self.assertEqual(self.convert(written, "fixed"), clean)
                    # What is canonical already stays as it is.
                    done = run("report", "scrub", "-", report=written)
                    self.assertEqual(done.stdout, written)


if __name__ == "__main__":
    PROGRAM, VECTORS = (pathlib.Path(word).resolve(strict=True) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
