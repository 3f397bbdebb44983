#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A store that cannot be written or reached, and clients that hold on to what they get: nothing is
accepted that is not on record, others are served, and all works again without a restart.

    faults_test.py PROGRAM ATTEST VECTORS [POSTGRES_FOR_TESTS]
"""

import contextlib
import os
import re
import resource
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

from attested import Attested
from node import SECONDS, SESSIONS, main
from single_use_test import database

IDLE = 1000  # connections


class Proxy:
    """Stands between a daemon and its database, and can be cut."""

    def __init__(self, conninfo):
        self.folder = tempfile.TemporaryDirectory()
        host, port = (re.search(rf"{key}=(\S+)", conninfo) for key in ("host", "port"))
        name = f".s.PGSQL.{port[1] if port else 5432}"
        self.there = f"{host[1]}/{name}"
        self.here = f"{self.folder.name}/{name}"
        self.conninfo = conninfo.replace(host[0], f"host={self.folder.name}")
        self.listener, self.sockets = None, []

    def __enter__(self):
        self.mend()
        return self

    def __exit__(self, *_):
        self.cut()
        self.folder.cleanup()

    def mend(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.here)
        self.listener.listen()
        threading.Thread(target=self.accept, args=[self.listener], daemon=True).start()

    def cut(self):
        """Ends every connection, and takes no further one."""
        os.unlink(self.here)
        for each in [self.listener, *self.sockets]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.sockets = []

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.there)
                self.sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self.copy, args=[source, sink], daemon=True).start()

    @staticmethod
    def copy(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


class Store(Attested):
    def test_on_a_full_disk_accepts_nothing_and_recovers(self):
        with self.serving() as (node, device):
            self.assertEqual(self.attest(node, device), (200, True))
            session = node.open_session()
            largest = max(path.stat().st_size for path in self.state.glob("store.sqlite3*"))
            limits = resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
            self.assertGreater(largest, 4096)
            self.expect_nothing_is_accepted(node, device, session)
            self.wait_until_ready_is(503, node)
            resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, limits)
            self.wait_until_it_works(node, device)
            self.wait_until_ready_is(200, node)
            # Nothing was consumed meanwhile.
            self.assertEqual(self.attest(node, device, session), (200, True))
            self.assertEqual(self.attest(node, device, session), (409, False))
        self.assertEqual(self.verify_audit().returncode, 0)

    def test_on_a_disk_that_fills_up_is_not_ready_before_evidence_comes(self):
        with self.running() as node:
            self.wait_until_ready_is(200, node)
            limits = resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
            self.wait_until_ready_is(503, node)
            resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, limits)
            self.wait_until_ready_is(200, node)

    def test_that_is_asked_whether_it_is_ready_is_written_once_a_second_at_most(self):
        with self.running() as node:
            began = time.monotonic()
            log = self.state / "store.sqlite3-wal"
            for _ in range(300):
                self.assertEqual(node.ask("GET", "/readyz").status, 200)
            self.assertLess(log.stat().st_size / 4096,
                            100 + 10 * (time.monotonic() - began))

    def test_that_others_hold_for_too_long_accepts_nothing_and_recovers(self):
        with self.serving(store={"busy_ms": 100}) as (node, device):
            session = node.open_session()
            with contextlib.closing(sqlite3.connect(self.state / "store.sqlite3")) as other:
                other.execute("BEGIN IMMEDIATE")
                self.assertEqual(self.attest(node, device, session), (503, False))
                other.rollback()
            self.assertEqual(self.attest(node, device, session), (200, True))

    def test_that_is_read_only_accepts_nothing_and_recovers(self):
        if not self.postgres:
            return
        with database(self.postgres) as conninfo, self.serving(
                store={"kind": "postgresql", "conninfo": conninfo}) as (node, device):
            def read_only(word):
                commands = ("SET default_transaction_read_only = off",
                            f"ALTER SYSTEM SET default_transaction_read_only = {word}",
                            "SELECT pg_reload_conf()")
                subprocess.run(["psql", conninfo, *(f"-c{each}" for each in commands)],
                               check=True, capture_output=True)

            session = node.open_session()
            read_only("on")
            while self.attest(node, device)[0] != 503:  # the server reads its settings again soon
                pass
            self.expect_nothing_is_accepted(node, device, session)
            read_only("off")
            self.wait_until_it_works(node, device)
            self.assertEqual(self.attest(node, device, session), (200, True))

    def test_that_is_away_accepts_nothing_and_recovers(self):
        if not self.postgres:
            return
        with database(self.postgres) as conninfo, Proxy(conninfo) as proxy:
            store = {"kind": "postgresql", "conninfo": proxy.conninfo, "busy_ms": 2000}
            with self.serving(store=store) as (node, device):
                session = node.open_session()
                proxy.cut()
                self.expect_nothing_is_accepted(node, device, session)
                self.wait_until_ready_is(503, node)
                proxy.mend()
                self.wait_until_it_works(node, device)
                self.assertEqual(self.attest(node, device, session), (200, True))


    def test_with_a_statement_that_is_stuck_accepts_nothing_and_recovers(self):
        if not self.postgres:
            return
        with database(self.postgres) as conninfo, self.serving(
                store={"kind": "postgresql", "conninfo": conninfo, "busy_ms": 200,
                       "statement_ms": 400}) as (node, device):
            session = node.open_session()
            with subprocess.Popen(["psql", "-qAt", conninfo], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True) as other:
                other.stdin.write("BEGIN; LOCK TABLE audit, documents IN ACCESS EXCLUSIVE MODE;"
                                  "SELECT 'locked';\n")
                other.stdin.flush()
                self.assertEqual(other.stdout.readline(), "locked\n")
                self.expect_nothing_is_accepted(node, device, session)
                other.stdin.close()
            self.assertEqual(self.attest(node, device, session), (200, True))


class Clients(Attested):
    def expect_served(self, node, device):
        began = time.monotonic()
        for _ in range(20):
            self.assertEqual(self.attest(node, device), (200, True))
        return time.monotonic() - began

    def test_that_send_slowly_or_nothing_hold_up_nobody(self):
        limits = {"header_ms": 300, "body_ms": 300, "idle_ms": 60000, "handshake_ms": 300,
                  "max_connections_per_address": 2 * IDLE}
        head = b"POST " + SESSIONS.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
        with self.serving(limits=limits) as (node, device), contextlib.ExitStack() as stack:
            def connect(said):
                client = stack.enter_context(
                    socket.create_connection((node.host, node.port), timeout=SECONDS))
                client.sendall(said)
                return client

            for _ in range(IDLE):
                connect(b"")
            slow = [connect(said) for said in (head, head + b"\r\nhalf", b"P", b"\x16\x03\x01")
                    for _ in range(50)]
            self.expect_served(node, device)
            # Those who began a request are told, or not, and go; who only waits may stay.
            for client in slow:
                told = b"".join(iter(lambda: client.recv(4096), b""))  # pylint: disable=W0640
                self.assertIn(told[:12], {b"", b"HTTP/1.1 408", b"HTTP/1.1 400"})
            self.expect_served(node, device)

    def test_beyond_the_limit_are_refused_and_those_within_are_served(self):
        with self.serving(limits={"max_connections_per_address": 20}) as (node, device), \
                contextlib.ExitStack() as stack:
            kept = node.connect()
            self.assertEqual(node.ask("GET", "/healthz", connection=kept).status, 200)
            for _ in range(40):
                stack.enter_context(socket.create_connection((node.host, node.port)))
            self.assertEqual(node.ask("GET", "/healthz", connection=kept).status, 200)
            kept.close()
            stack.close()
            self.wait_until_it_works(node, device)

    def test_without_a_role_are_refused_a_batch_before_they_send_it(self):
        with self.serving() as (node, _):
            def answer_to(authorization, *body):
                head = (f"POST /v1/verify/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 70001\r\n"
                        f"Content-Type: application/x-ndjson\r\n{authorization}\r\n")
                with socket.create_connection((node.host, node.port), timeout=SECONDS) as client:
                    for piece in (head.encode(), *body):
                        client.sendall(piece)
                    return client.recv(12)

            operator = f"Authorization: Bearer {self.add_token('operator')}\r\n"
            verifier = f"Authorization: Bearer {self.add_token('verifier')}\r\n"
            self.assertEqual(answer_to(""), b"HTTP/1.1 401")
            self.assertEqual(answer_to("Authorization: Bearer x\r\n"), b"HTTP/1.1 401")
            self.assertEqual(answer_to(operator), b"HTTP/1.1 403")
            self.assertEqual(answer_to(verifier, b"x" * 70000, b"\n"), b"HTTP/1.1 200")

    def test_that_ask_too_often_are_told_when_to_come_back(self):
        config = self.write_config(rates={"address": {"per_second": 1, "burst": 5}})
        with self.running(config=config) as node:
            answers = [node.ask("GET", "/healthz") for _ in range(20)]
            refused = [answer for answer in answers if answer.status == 429]
            self.assertGreaterEqual(len(refused), 10)
            self.assertTrue(all(int(answer.headers["Retry-After"]) >= 1 for answer in refused))
            self.assertEqual(refused[0].headers["Content-Type"], "application/problem+json")


if __name__ == "__main__":
    main()
