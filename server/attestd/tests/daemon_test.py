#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the daemon starts, what it refuses, how it takes another configuration, and how it ends.

    daemon_test.py PROGRAM ATTEST VECTORS
"""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import threading

from node import NO_RATES, SECONDS, SESSIONS, NodeTest, main, mode


class FirstStart(NodeTest):
    def test_makes_all_it_needs_for_its_owner_alone(self):
        with self.running() as node:
            self.assertRegex(node.url, r"^http://127\.0\.0\.1:[1-9]\d*$")
            self.assertEqual(node.ask("GET", "/readyz").status, 200)
            self.assertEqual(mode(self.state), 0o700)
            self.assertEqual(mode(self.state / "keys"), 0o700)
            secret = [*self.state.glob("keys/*.pem"), self.state / "admin.token"]
            self.assertEqual(len(secret), 2)
            for path in [*secret, *self.state.glob("store.sqlite3*")]:
                self.assertEqual(mode(path), 0o600, path)

    def test_gives_the_admin_a_token_that_works_and_is_given_once(self):
        with self.running() as node:
            token = self.admin_token()
            self.assertRegex(token, r"^keystone_[\w-]{43}$")
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 200)
            self.assertEqual(node.ask("GET", "/v1/policies").status, 401)
            self.assertEqual(node.ask("GET", "/v1/policies", token=token[:-1] + "~").status, 401)
        with self.running() as node:
            self.assertEqual(self.admin_token(), token)
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 200)
        listed = json.loads(self.command("token", "list", "--state", self.state, "--json").stdout)
        self.assertEqual([entry["role"] for entry in listed["tokens"]], ["admin"])

    def test_is_done_again_where_it_ended_before_the_token_was_known(self):
        self.state.mkdir(mode=0o700)
        (self.state / "admin.token").write_text("keystone_of_nobody\n")
        with self.running() as node:
            self.assertNotEqual(self.admin_token(), "keystone_of_nobody")
            self.assertEqual(node.ask("GET", "/v1/policies", token=self.admin_token()).status, 200)

    def test_signs_with_the_same_key_after_a_restart(self):
        with self.running() as node:
            keys = node.ask("GET", "/jwks.json").json()
        with self.running() as node:
            self.assertEqual(node.ask("GET", "/jwks.json").json(), keys)

    def test_listens_on_ipv6(self):
        with self.running("--listen", "[::1]:0", listen=False) as node:
            self.assertRegex(node.url, r"^http://\[::1\]:\d+$")
            self.assertEqual(node.ask("GET", "/healthz").status, 200)


class Refused(NodeTest):
    def refuse(self, *words, code, text):
        done = self.command(*words, code=code)
        self.assertEqual(done.stdout, "")
        self.assertIn(text, done.stderr)

    def test_is_plain_http_beyond_loopback(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            self.refuse("--state", self.state, "--listen", address, code=2, text="plain HTTP")
        self.assertFalse(self.state.exists())
        with self.running("--listen", "0.0.0.0:0", "--insecure-http", listen=False) as node:
            node.host = "127.0.0.1"
            self.assertEqual(node.ask("POST", SESSIONS).status, 401)

    def test_is_a_second_daemon_on_the_same_state(self):
        with self.running() as node:
            self.refuse("--state", self.state, "--listen", "127.0.0.1:0", code=2,
                        text="another keystone-attestd uses it")
            self.assertEqual(node.ask("GET", "/healthz").status, 200)
        with self.running():
            pass

    def test_is_a_state_that_others_can_read(self):
        self.state.mkdir(mode=0o755)
        os.chmod(self.state, 0o755)
        self.refuse("--state", self.state, code=3, text="0700")

    def test_is_a_key_that_others_can_read(self):
        with self.running():
            pass
        key, = self.state.glob("keys/*.pem")
        key.chmod(0o644)
        self.refuse("--state", self.state, "--listen", "127.0.0.1:0", code=3, text="0600")

    def test_is_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.refuse("--state", self.state, "--listen",
                        f"127.0.0.1:{taken.getsockname()[1]}", code=4, text="listen")

    def test_is_a_configuration_with_the_place_of_what_is_wrong(self):
        bad = self.write_config(sessions={"lifetime_s": 0})
        self.refuse("--state", self.state, "--config", bad, code=3, text="sessions.lifetime_s")
        self.refuse("config", "check", bad, code=3, text="sessions.lifetime_s")
        open_to_all = self.write_config(listeners=[{"name": "public", "listen": "0.0.0.0:1"}])
        self.refuse("config", "check", open_to_all, code=3, text="plain HTTP")
        self.refuse("config", "check", self.folder / "missing", code=3, text="missing")
        tls = {"certificate": "no.pem", "key": "no.key"}
        missing = self.write_config(
            listeners=[{"name": "public", "listen": "127.0.0.1:1", "tls": tls}])
        self.refuse("config", "check", missing, code=3, text="no.pem")
        self.assertEqual(self.command("config", "check", self.write_config()).stdout, "ok\n")

    def test_is_a_command_about_a_state_that_is_not_there(self):
        self.refuse("token", "list", "--state", self.folder / "nothing", code=3, text="nothing")
        self.assertFalse((self.folder / "nothing").exists())

    def test_is_a_store_that_is_away(self):
        config = self.write_config(store={"kind": "postgresql", "busy_ms": 1000,
                                          "conninfo": "host=127.0.0.1 port=1 password=hunter2"})
        done = self.command("--state", self.state, "--config", config, "--listen", "127.0.0.1:0",
                            code=5)
        self.assertNotIn("hunter2", done.stderr)


class Listeners(NodeTest):
    def test_of_the_admin_alone_answer_operators(self):
        config = self.write_config(listeners=[{"name": "public", "listen": "127.0.0.1:0"},
                                              {"name": "admin", "listen": "127.0.0.1:0"}])
        with self.running(config=config, listen=False) as node:
            token = self.admin_token()
            node.wait_for("listener=admin")
            port = re.search(r"listener=admin at=http://127.0.0.1:(\d+)", node.logged())[1]
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 404)
            node.port = int(port)
            self.assertEqual(node.ask("GET", "/v1/policies", token=token).status, 200)


class Stop(NodeTest):
    def test_answers_what_was_asked_before(self):
        codes, failures = [], []
        started = threading.Event()

        def load(node):
            with contextlib.closing(node.connect()) as connection:
                try:
                    while True:
                        codes.append(node.ask("POST", SESSIONS, connection=connection).status)
                        started.set()
                except OSError:  # closed between two requests, or not opened any more
                    pass
                except http.client.HTTPException as problem:
                    failures.append(problem)

        with self.running(config=self.write_config(rates=NO_RATES)) as node:
            threads = [threading.Thread(target=load, args=[node]) for _ in range(8)]
            for thread in threads:
                thread.start()
            self.assertTrue(started.wait(SECONDS))
            self.assertEqual(node.stop(), 0)
            for thread in threads:
                thread.join(SECONDS)
        self.assertEqual(set(codes), {201})
        self.assertEqual(failures, [])  # such as half an answer

    def test_leaves_a_checkpoint(self):
        with self.running():
            pass
        exported = self.command("audit", "export", "--state", self.state).stdout.splitlines()
        self.assertEqual(len([line for line in exported if "checkpoint" in json.loads(line)]), 1)


class Reload(NodeTest):
    def test_takes_a_good_configuration_and_drops_no_connection(self):
        config = self.write_config(log={"format": "text"})
        with self.running(config=config) as node:
            connection = node.connect()
            self.assertEqual(node.ask("POST", SESSIONS, connection=connection).status, 201)
            self.write_config(log={"format": "json"}, anonymous_attesters=False)
            node.signal(signal.SIGHUP)
            node.wait_for('"reloaded"')
            self.assertEqual(node.ask("POST", SESSIONS, connection=connection).status, 401)
            connection.close()

    def test_leaves_all_as_it_was_where_the_configuration_is_bad(self):
        config = self.write_config()
        with self.running(config=config) as node:
            bad = [{"sessions": {"lifetime_s": 0}}, {"anonymous_attesters": False, "node": "other"},
                   {"anonymous_attesters": False, "threads": {"workers": 2}},
                   {"anonymous_attesters": False, "store": {"path": "elsewhere.sqlite3"}},
                   {"anonymous_attesters": False, "store": {"busy_ms": 7}},
                   {"anonymous_attesters": False,
                    "store": {"kind": "postgresql", "conninfo": "host=elsewhere"}},
                   {"anonymous_attesters": False,
                    "listeners": [{"name": "public", "listen": "127.0.0.1:1"},
                                  {"name": "admin", "listen": "127.0.0.1:2"}]}]
            for count, members in enumerate(bad, 1):
                self.write_config(**members)
                node.signal(signal.SIGHUP)
                node.wait_for("not reloaded", count)
                self.assertEqual(node.ask("POST", SESSIONS).status, 201)


class Manager(NodeTest):
    def test_is_told_of_ready_reloading_and_stopping(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.settimeout(SECONDS)
            manager.bind(str(self.folder / "notify"))
            environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify")}
            with self.running(env=environment) as node:
                self.assertEqual(manager.recv(100), b"READY=1")
                node.signal(signal.SIGHUP)
                self.assertEqual(manager.recv(100), b"RELOADING=1")
                self.assertEqual(manager.recv(100), b"READY=1")
                node.signal(signal.SIGINT)
                self.assertEqual(manager.recv(100), b"STOPPING=1")


if __name__ == "__main__":
    main()
