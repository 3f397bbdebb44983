#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The audit log, as its commands check it: in the store, and in a file of its own.

    audit_test.py PROGRAM ATTEST VECTORS
"""

import datetime
import hashlib
import json
import re
import sqlite3
import struct
import time

from node import NodeTest, main


class Audit(NodeTest):
    def fill(self, records=5):
        with self.running():
            for _ in range(records):
                self.add_token("verifier")
        checkpoint = self.folder / "kept.jws"
        self.command("audit", "checkpoint", "--state", self.state, "-o", checkpoint)
        return checkpoint

    def change(self, *statements):
        with sqlite3.connect(self.state / "store.sqlite3") as database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def test_log_holds_and_is_exported_with_what_checks_it(self):
        checkpoint = self.fill()
        self.assertTrue(self.verify_audit("--checkpoint", checkpoint).stdout.startswith("ok:"))
        records = self.audit_records()
        self.assertEqual([record["seq"] for record in records], list(range(1, len(records) + 1)))
        self.assertEqual(records[0]["kind"], "token.add")

    def test_log_with_a_changed_record_names_it(self):
        checkpoint = self.fill()
        self.change("UPDATE audit SET body = '{}' WHERE seq = 3")
        done = self.verify_audit("--checkpoint", checkpoint, code=1)
        self.assertEqual(done.stdout, "broken: record 3: wrong_hash\n")

    def test_log_with_a_record_removed_names_it(self):
        self.fill()
        self.change("DELETE FROM audit WHERE seq = 2")
        self.assertEqual(self.verify_audit(code=1).stdout, "broken: record 2: missing\n")

    def test_tail_that_was_cut_shows_against_a_kept_checkpoint(self):
        before = self.folder / "before"
        with self.running():
            self.add_token("verifier")
        before.write_bytes((self.state / "store.sqlite3").read_bytes())
        checkpoint = self.fill()
        last = len(self.audit_records())
        (self.state / "store.sqlite3").write_bytes(before.read_bytes())
        for name in ("store.sqlite3-wal", "store.sqlite3-shm"):
            (self.state / name).unlink(missing_ok=True)
        self.assertEqual(self.verify_audit().returncode, 0)
        done = self.verify_audit("--checkpoint", checkpoint, code=1)
        self.assertRegex(done.stdout, rf"^broken: record ([3-9]|{last}): missing\n$")

    def test_log_that_begins_behind_a_kept_checkpoint_is_broken(self):
        checkpoint = self.fill()
        seq = len(self.audit_records())
        with self.running():
            for _ in range(2):
                self.add_token("verifier")
        self.change(f"UPDATE store_state SET base_seq = {seq + 1}, base_hash ="
                    f" (SELECT hash FROM audit WHERE seq = {seq + 1})",
                    f"DELETE FROM audit WHERE seq <= {seq + 1}")
        self.assertEqual(self.verify_audit().returncode, 0)
        done = self.verify_audit("--checkpoint", checkpoint, code=1)
        self.assertRegex(done.stdout, rf"^broken: checkpoint {seq}: its record is gone")
        self.change("DELETE FROM checkpoints")
        done = self.verify_audit(code=1)
        self.assertRegex(done.stdout, "^broken: record [0-9]+: no checkpoint vouches")

    def test_log_is_held_against_keys_that_were_kept_before_others_came(self):
        keys = self.folder / "keys.json"
        with self.running() as node:
            keys.write_bytes(node.ask("GET", "/jwks.json").body)
        kept = self.fill(1)
        self.command("key", "rotate", "--state", self.state, "--now")
        time.sleep(1.1)  # a key signs from its second on
        with self.running():  # which signs a checkpoint when it ends
            self.add_token("verifier")
        done = self.verify_audit("--checkpoint", kept, "--keys", keys)
        self.assertTrue(done.stdout.startswith("ok:"))

    def test_log_is_held_against_all_keys_that_there_ever_were(self):
        self.fill(1)
        for rotation in range(100):
            former = list(self.state.glob("keys/*.pem"))
            self.command("key", "rotate", "--state", self.state, "--now")
            for path in former:  # as it goes when its time is over
                path.unlink()
            if rotation % 10 == 9:
                self.add_token("verifier")
                self.command("audit", "checkpoint", "--state", self.state)
        self.assertRegex(self.verify_audit().stdout, r"^ok: .*checkpoints: 1[12]\)")
        newest, = self.state.glob("keys/*.pem")
        (self.state / "keys" / f"{newest.name.split('.')[1]}.jwk").unlink()
        self.assertRegex(self.verify_audit(code=1).stdout,
                         "^broken: checkpoint [0-9]+: signature: unknown_key")

    def test_checkpoint_of_another_node_is_refused(self):
        checkpoint = self.fill()
        other = self.folder / "other"
        with self.running(state=other):
            pass
        self.verify_audit("--checkpoint", checkpoint, state=other, code=3)


class Export(NodeTest):
    """A log that was written to a file and goes on in another folder, without its store."""

    def export(self, records=4, more=0):
        """The lines of an export of so many records, and more behind the last checkpoint."""
        self.keys = self.folder / "keys.json"
        self.checkpoint = self.folder / "kept.jws"
        with self.running() as node:
            self.keys.write_bytes(node.ask("GET", "/jwks.json").body)
            for _ in range(records - 1):  # the first is that of the administrator's token
                self.add_token("verifier")
        self.command("audit", "checkpoint", "--state", self.state, "-o", self.checkpoint)
        for _ in range(more):
            self.add_token("verifier")
        done = self.command("audit", "export", "--state", self.state)
        return done.stdout.splitlines(keepends=True)

    def verify(self, lines, *options, code=0, keys=None):
        file = self.folder / "audit.ndjson"
        file.write_text("".join(lines))
        return self.command("audit", "verify", "--export", file, "--keys", keys or self.keys,
                            *options, code=code)

    def expect_broken(self, lines, text, *options, **named):
        done = self.verify(lines, *options, code=1, **named)
        self.assertRegex(done.stdout, f"^broken: {text}")

    @staticmethod
    def place(lines, seq):
        return next(i for i, line in enumerate(lines) if f'"seq":{seq},"time"' in line)

    def test_holds_and_says_how_far_it_is_signed(self):
        lines = self.export(more=2)
        self.assertRegex(self.verify(lines).stdout,
                         r"^ok: up to record 6, signed up to record 4 \(checkpoints: \d\)\n")
        answer = json.loads(self.verify(lines, "--checkpoint", self.checkpoint, "--json").stdout)
        self.assertEqual((answer["holds"], answer["last_good"], answer["signed_through"]),
                         (True, 6, 4))

    def test_has_the_hashes_that_its_documentation_describes(self):
        lines = [json.loads(line) for line in self.export()]
        before = bytes.fromhex(lines[0]["base"]["hash"])
        for record in (line for line in lines if "seq" in line):
            time_of = datetime.datetime.strptime(record["time"], "%Y-%m-%dT%H:%M:%S%z")
            hashed = hashlib.sha3_512(b"keystone-attest/audit/v1" + struct.pack("<Q", record["seq"])
                                      + before + struct.pack("<q", int(time_of.timestamp())))
            for key in ("kind", "actor", "body"):
                text = record[key].encode()
                hashed.update(struct.pack("<Q", len(text)) + text)
            before = hashed.digest()
            self.assertEqual(record["hash"], before.hex())
        self.assertEqual(lines[0]["head"]["hash"], before.hex())

    def test_is_checked_by_the_public_halves_of_the_state_folder(self):
        lines = self.export()
        keys = self.folder / "halves.json"
        keys.write_text(json.dumps({"keys": [json.loads(path.read_text())
                                             for path in self.state.glob("keys/*.jwk")]}))
        self.verify(lines, keys=keys)

    def test_with_one_byte_changed_names_the_record(self):
        lines = self.export()
        at = self.place(lines, 3)
        for old, new in (("token.add", "token.adD"), ("a test", "A test"),
                         ('"time":"2', '"time":"3'), ('"hash":"', '"hash":"0')):
            changed = list(lines)
            changed[at] = changed[at].replace(old, new, 1)
            if old == '"hash":"':  # another digit, and not one more
                changed[at] = re.sub(r'"hash":"0(.)', lambda m: '"hash":"' + (
                    "1" if m[1] == "0" else "0"), changed[at])
            self.assertNotEqual(changed, lines)
            self.expect_broken(changed, "record 3: wrong_hash")

    def test_with_a_byte_changed_that_makes_it_no_export_names_the_line(self):
        lines = self.export()
        at = self.place(lines, 2)
        for old, new in (('"seq"', '"sex"'), ('{"', '["'), (':2,', ':-2,')):
            changed = list(lines)
            changed[at] = changed[at].replace(old, new, 1)
            done = self.verify(changed, code=3)
            self.assertIn(f"line {at + 1}: ", done.stderr)

    def test_without_one_of_its_lines_names_what_is_missing(self):
        lines = self.export()
        for seq in (1, 2, 3):
            at = self.place(lines, seq)
            self.expect_broken(lines[:at] + lines[at + 1:], f"record {seq}: missing")

    def test_with_lines_swapped_names_the_first(self):
        lines = self.export()
        at = self.place(lines, 2)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        self.expect_broken(lines, "record 2: missing")

    def test_with_a_line_twice_names_it(self):
        lines = self.export()
        at = self.place(lines, 2)
        self.expect_broken(lines[:at + 1] + lines[at:], "record 2: out_of_order")

    def test_whose_end_was_cut_names_what_is_missing(self):
        lines = self.export(more=2)
        self.expect_broken(lines[:-1], "record 6: missing")
        # Whoever cuts it can say that it ends there, but not behind what was signed.
        cut = self.place(lines, 3)
        last = json.loads(lines[cut - 1])
        start = json.loads(lines[0])
        start["head"] = {"seq": last["seq"], "hash": last["hash"]}
        self.expect_broken([json.dumps(start) + "\n", *lines[1:cut]], "record 3: missing")
        unsigned = [json.dumps(start) + "\n", *lines[self.place(lines, 1):cut]]
        self.expect_broken(unsigned, "checkpoints: none")
        self.expect_broken(unsigned, "record 3: missing", "--checkpoint", self.checkpoint)
        self.verify([*lines[:-1], lines[-1][:-2]], code=3)

    def test_that_was_made_anew_is_held_against_the_keys(self):
        lines = self.export()
        other = self.folder / "other"
        with self.running(state=other) as node:
            strange = self.folder / "strange.json"
            strange.write_bytes(node.ask("GET", "/jwks.json").body)
        self.expect_broken(lines, "checkpoints: none", keys=strange)
        self.verify(lines, "--keys", strange)  # one of several is enough

    def test_with_a_checkpoint_changed_is_broken(self):
        lines = self.export()
        jws = json.loads(lines[1])["checkpoint"]
        middle = jws.index(".") + 9
        changed = jws[:middle] + ("A" if jws[middle] != "A" else "B") + jws[middle + 1:]
        self.expect_broken([lines[0], lines[1].replace(jws, changed), *lines[2:]],
                           "a checkpoint: signature: mismatch")


if __name__ == "__main__":
    main()
