#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the commands beside the daemon do while it runs: tokens, keys, the audit log.

    commands_test.py PROGRAM ATTEST VECTORS
"""

import json
import signal
import sqlite3
import time

from node import SESSIONS, NodeTest, main, mode


class Tokens(NodeTest):
    def test_are_added_listed_and_revoked_while_the_daemon_runs(self):
        with self.running() as node:
            token = self.add_token("operator", "--expires", "2999-01-01T00:00:00Z")
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 200)
            entries = json.loads(self.command("token", "list", "--state", self.state,
                                              "--json").stdout)["tokens"]
            added, = [entry for entry in entries if entry["role"] == "operator"]
            self.assertEqual(added["expires"], "2999-01-01T00:00:00Z")
            self.command("token", "revoke", "--state", self.state, "--id", added["id"])
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 401)
            self.command("token", "revoke", "--state", self.state, "--id", added["id"], code=2)
            self.command("token", "revoke", "--state", self.state, "--id", "no such", code=2)

    def test_that_expired_do_not_count(self):
        with self.running() as node:
            token = self.add_token("admin", "--expires", "2020-01-01T00:00:00Z")
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 401)

    def test_may_do_what_their_role_may(self):
        config = self.write_config(anonymous_attesters=False)
        with self.running(config=config) as node:
            may = {"admin": (200, 201), "operator": (200, 403), "verifier": (403, 201)}
            for role, (documents, sessions) in may.items():
                token = self.add_token(role)
                self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, documents)
                self.assertEqual(node.ask("POST", SESSIONS, token=token).status, sessions)
            self.assertEqual(node.ask("POST", SESSIONS).status, 401)

    def test_are_nowhere_but_where_they_were_given(self):
        with self.running(config=self.write_config(log={"level": "debug"})) as node:
            tokens = [self.admin_token(), self.add_token("verifier")]
            for token in tokens:
                node.ask("GET", "/v1/policies", token=token)
                node.ask("POST", SESSIONS, token=token)
                node.ask("GET", "/jwks.json", token=token + "x")
            session, _ = node.open_session(token=tokens[0])
            node.ask("POST", session, b"no report", media="application/octet-stream")
        told = node.logged()
        self.assertIn(" request ", told)
        secret = [*tokens, session.rsplit("/", 1)[1]]
        secret += [line for key in self.state.glob("keys/*.pem")
                   for line in key.read_text().splitlines()[1:-1]]
        for word in secret:
            self.assertNotIn(word, told)
        kept = b"".join(path.read_bytes() for path in self.state.glob("store.sqlite3*"))
        for token in tokens:
            self.assertNotIn(token.encode(), kept)

    def test_are_files_for_their_owner_alone(self):
        with self.running():
            file = self.folder / "token"
            self.command("token", "add", "--state", self.state, "--role", "verifier", "--label",
                         "x", "-o", file)
            self.assertEqual(mode(file), 0o600)


class Keys(NodeTest):
    def test_rotate_with_overlap(self):
        with self.running() as node:
            old, = node.ask("GET", "/jwks.json").json()["keys"]
            kid = self.command("key", "rotate", "--state", self.state, "--now").stdout.strip()
            node.signal(signal.SIGHUP)
            node.wait_for("keys changed")
            keys = node.ask("GET", "/jwks.json").json()["keys"]
            self.assertEqual({key["kid"] for key in keys}, {old["kid"], kid})
            # The first began in the same second, perhaps: then the next one signs a second later.
            while [key["status"] for key in self.listed()] == ["signs", "next"]:
                time.sleep(0.1)
            self.assertEqual([(key["kid"], key["status"]) for key in self.listed()],
                             [(old["kid"], "former"), (kid, "signs")])

    def listed(self):
        done = self.command("key", "list", "--state", self.state, "--json")
        return json.loads(done.stdout)["keys"]


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

    def test_checkpoint_of_another_node_is_refused(self):
        checkpoint = self.fill()
        other = self.folder / "other"
        with self.running(state=other):
            pass
        self.verify_audit("--checkpoint", checkpoint, state=other, code=3)


if __name__ == "__main__":
    main()
