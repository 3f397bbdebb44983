#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the commands beside the daemon do while it runs: tokens, keys, the audit log.

    commands_test.py PROGRAM ATTEST VECTORS
"""

import contextlib
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


class StoreCommands(NodeTest):
    def older(self):
        """A store that no version has brought up to date."""
        with self.running():
            pass
        path = self.state / "store.sqlite3"
        for each in self.state.glob("store.sqlite3*"):
            each.unlink()
        path.touch(0o600)
        return path

    def test_other_than_migrate_leave_an_older_store_alone(self):
        path = self.older()
        for words in (["token", "list"], ["audit", "verify"], ["audit", "export"],
                      ["audit", "checkpoint"]):
            done = self.command(*words, "--state", self.state, code=3)
            self.assertIn("schema version: got 0, want", done.stderr)
            self.assertIn("keystone-attestd store migrate", done.stderr)
        with contextlib.closing(sqlite3.connect(path)) as database:
            self.assertEqual(database.execute("SELECT count(*) FROM sqlite_master").fetchone(),
                             (0,))

    def test_migrate_brings_it_up_to_date(self):
        self.older()
        self.command("store", "migrate", "--state", self.state)
        self.command("store", "migrate", "--state", self.state)
        self.command("token", "list", "--state", self.state)

    def test_migrate_does_not_pull_the_store_from_under_a_daemon(self):
        with self.running():
            self.command("store", "migrate", "--state", self.state, code=2)

    def test_migrate_makes_no_store_where_there_is_none(self):
        path = self.older()
        path.unlink()
        self.command("store", "migrate", "--state", self.state, code=3)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    main()
