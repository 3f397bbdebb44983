#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `keystone-attest request` asks a server, what it sends, and what it answers.

    request_test.py PROGRAM VECTORS
"""

import contextlib
import json
import os
import pty
import subprocess
import time

from lying_server import NONCE, claims
from request_case import PROGRAM, REPORT, SECONDS, VECTORS, RequestTest, run_tests

ACCEPTED = ["accepted", "affirming        enclave: executables 3",
            "affirming        sm: executables 3", "passed           sm_hash"]


class Answers(RequestTest):
    def test_accepts_what_the_server_accepts(self):
        self.assertEqual(self.request()[:2], (0, ACCEPTED))
        self.assertEqual(self.request("-q")[:2], (0, ["accepted"]))

    def test_rejects_what_the_server_rejects(self):
        self.server.result = lambda nonce: self.key.token(claims(nonce, "contraindicated"))
        code, lines, _ = self.request()
        self.assertEqual((code, lines[0]), (1, "rejected: sm_hash"))

    def test_rejects_where_nothing_is_said(self):
        self.server.result = lambda nonce: self.key.token(
            claims(nonce, "none") | {"keystone.findings": []})
        self.assertEqual(self.request("-q")[:2], (1, ["rejected: none"]))

    def test_shows_no_control_characters_of_the_server(self):
        finding = {"check": "a\x1b[2J\nb", "result": "passed", "reason": "\u202e"}
        self.server.result = lambda nonce: self.key.token(
            claims(nonce) | {"keystone.findings": [finding]})
        code, lines, _ = self.request()
        self.assertEqual((code, len(lines)), (0, 4))
        self.assertFalse(any(ord(c) < 0x20 or c == "\u202e" for c in "".join(lines)), lines)

    def test_answers_as_json(self):
        code, lines, _ = self.request("--json")
        answer = json.loads("\n".join(lines))
        self.assertEqual((code, answer["schema"], answer["accepted"], answer["status"]),
                         (0, "keystone.request/1", True, "affirming"))
        self.assertEqual(answer["nonce"], NONCE.hex())
        self.assertEqual(answer["submods"]["sm"],
                         {"status": "affirming", "claims": {"executables": 3}, "policies": ["p"]})
        self.assertEqual(answer["ear"].count("."), 2)

    def test_writes_the_token_whatever_it_says(self):
        for status, want in (("affirming", 0), ("contraindicated", 1)):
            token = self.key.token(claims(NONCE, status))
            self.server.result = lambda nonce, made=token: made
            path = self.folder / f"{status}.jwt"
            self.assertEqual(self.request("--ear-out", path)[0], want)
            self.assertEqual(path.read_text(), token + "\n")

    def test_writes_no_two_answers_to_one_file(self):
        path = self.folder / "both"
        self.expect(2, "--ear-out", "--ear-out", path, "--output", path)
        self.assertFalse(path.exists())

    def test_asks_for_a_nonce_and_a_policy(self):
        nonce = bytes(range(8))
        self.assertEqual(self.request("--nonce", nonce.hex(), "--policy", "a b")[0], 0)
        self.assertEqual(self.server.seen[0].path, "/challenge-response/v1/newSession"
                         "?nonce=AAECAwQFBgc%3d&policy=a%20b")
        self.expect(3, "nonce", "--nonce-size", "8")  # the server gives 32

    def test_sends_the_token_to_the_server(self):
        path = self.folder / "token"
        path.write_text("secret-token\n")
        self.assertEqual(self.request("--token-file", path)[0], 0)
        for seen in self.server.seen:
            self.assertEqual(seen.headers["Authorization"], "Bearer secret-token")
        path.write_text("secret\nInjected: header\n")
        self.expect(2, "token", "--token-file", path)


class Evidence(RequestTest):
    def test_sends_a_report_without_what_nobody_signed(self):
        self.assertEqual(self.request()[0], 0)
        posted = self.server.seen[1]
        report = REPORT.read_bytes()
        size = int.from_bytes(report[64:72], "little")
        self.assertEqual(posted.headers["Content-Type"], "application/vnd.keystone.report")
        self.assertEqual(posted.evidence,
                         report[:72 + size] + bytes(1024 - size) + report[1096:])

    def test_has_a_command_make_it(self):
        command = (f'read -r line; test "$line" = "$KEYSTONE_NONCE"; echo "$line" > seen; '
                   f"exec cat '{REPORT}'")
        self.assertEqual(self.request(evidence=("--evidence-command", "set -e; " + command))[0], 0)
        self.assertEqual((self.folder / "seen").read_text(), NONCE.hex() + "\n")

    def test_believes_no_command_that_fails(self):
        for command, code, fact in ((f"cat '{REPORT}'; exit 7", 3, "exit code 7"),
                                    ("kill -9 $$", 3, "signal 9"), ("true", 3, "command"),
                                    ("yes", 3, "more than")):
            with self.subTest(command):
                self.expect(code, fact, evidence=("--evidence-command", command))
        self.assertEqual(len(self.server.seen), 4)  # sessions, and no evidence

    def test_waits_for_no_command_beyond_its_time(self):
        for command in (f"cat '{REPORT}'; exec sleep 100",      # which keeps its output
                        f"cat '{REPORT}'; exec sleep 100 >&-",  # which closes it
                        f"sleep 100 & cat '{REPORT}'",          # which leaves it to another
                        "trap '' TERM HUP INT; while true; do sleep 1; done"):
            with self.subTest(command):
                self.expect(3, "--evidence-timeout", "--evidence-timeout", "1",
                            evidence=("--evidence-command", f"echo $$ > group; {command}"))
                group = int((self.folder / "group").read_text())
                end = time.monotonic() + SECONDS / 2
                with self.assertRaises(ProcessLookupError):
                    while time.monotonic() < end:  # what was killed is there until it is waited for
                        os.killpg(group, 0)
                        time.sleep(0.01)
        self.assertEqual(len(self.server.seen), 4)  # sessions, and no evidence

    def test_takes_a_time_for_commands_alone(self):
        for time_given in ("0", "3601", "x"):
            self.expect(2, "--evidence-timeout: got", "--evidence-timeout", time_given,
                        evidence=("--evidence-command", "true"))
        self.expect(2, "without --evidence-command", "--evidence-timeout", "9")
        self.assertEqual(self.server.seen, [])

    def test_may_be_asked_for_at_the_terminal(self):
        command = f"read -r line < /dev/tty; test \"$line\" = open && exec cat '{REPORT}'"
        words = [PROGRAM, "request", self.url, "--ca", self.authority.certificate,
                 "--evidence-command", command, "--evidence-timeout", "20", "-q"]
        child, terminal = pty.fork()
        if child == 0:
            os.execv(PROGRAM, [*map(str, words)])
        os.write(terminal, b"open\n")
        shown = b""
        with contextlib.suppress(OSError):  # which is how the terminal ends
            while more := os.read(terminal, 4096):
                shown += more
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, shown)
        self.assertIn(b"accepted", shown)

    def test_that_was_there_before_the_nonce_gets_a_hint(self):
        self.server.result = lambda nonce: self.key.token(claims(nonce, "contraindicated"))
        hint = "hint: the report of --evidence"
        self.assertIn(hint, self.request()[2])
        self.assertNotIn(hint, self.request("-q")[2])
        self.assertNotIn(hint, self.request("--nonce", "00" * 8)[2])
        self.assertNotIn(hint, self.request(evidence=("--evidence-command", f"cat '{REPORT}'"))[2])
        self.server.result = lambda nonce: self.key.token(claims(nonce))
        self.assertNotIn(hint, self.request()[2])

    def test_is_the_device_in_software(self):
        bundled = VECTORS / "bundled" / "rv64"
        device = ("--emulate", "--device-key", "test-key", "--firmware", bundled / "firmware.bin",
                  "--eapp", bundled / "eapp.elf", "--runtime", bundled / "runtime.elf", "--loader",
                  bundled / "loader.bin")
        self.assertEqual(self.request(evidence=device)[:2], (0, ACCEPTED))
        self.assertIn(NONCE, self.server.seen[1].evidence)

    def test_of_the_device_in_software_is_not_overwritten(self):
        bundled = VECTORS / "bundled" / "rv64"
        key = self.folder / "device.key"
        subprocess.run([PROGRAM, "emulate", "keygen", "-o", key], check=True, capture_output=True)
        files = {"--device-key": key}
        for name in ("firmware.bin", "eapp.elf", "runtime.elf", "loader.bin"):
            files["--" + name.split(".")[0]] = self.folder / name
            (self.folder / name).write_bytes((bundled / name).read_bytes())
        device = ("--emulate", *(word for pair in files.items() for word in pair))
        for path in files.values():
            before = path.read_bytes()
            for option in ("--output", "--ear-out"):
                self.expect(2, f"{option}: {path} is an input", option, path, evidence=device)
            self.assertEqual(path.read_bytes(), before)
        self.assertEqual(self.server.seen, [])

    def test_is_wanted_from_one_source(self):
        self.expect(2, "want one of", evidence=())
        self.expect(2, "want one of", "--evidence-command", "true")
        self.expect(2, "--emulate", "--device-key", "test-key")
        self.expect(2, "--eapp", evidence=("--emulate", "--device-key", "test-key"))
        self.assertEqual(self.server.seen, [])


class Schema(RequestTest):
    def test_has_what_the_answers_are(self):
        from schemas import Schema as JsonSchema  # pylint: disable=import-outside-toplevel
        schema = JsonSchema(VECTORS, "request")
        for status in ("affirming", "warning", "none", "contraindicated"):
            self.server.result = lambda nonce, it=status: self.key.token(claims(nonce, it))
            answer = json.loads("\n".join(self.request("--json")[1]))
            schema.accept(answer)
            schema.refuse(answer | {"accepted": not answer["accepted"]}, "the other answer")
            for key in answer:
                schema.refuse({k: v for k, v in answer.items() if k != key}, f"without {key}")
                schema.refuse(answer | {key + "x": 1}, f"{key}x")
            for damage in ({"status": 2.9}, {"status": None, "claims": {"executables": 128}},
                           {"claims": {"other": 2}}, {"policies": [7]}, {"more": 1}):
                submod = answer["submods"]["sm"] | damage
                schema.refuse(answer | {"submods": {"sm": submod}}, f"a submod with {damage}")


if __name__ == "__main__":
    run_tests()
