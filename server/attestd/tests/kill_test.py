#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A daemon that is killed at random points under load, over and over, on the same state: every
verdict that a client got is in the audit log, the log holds, no nonce is accepted twice, and the
next start needs no repair.

    kill_test.py PROGRAM ATTEST VECTORS [POSTGRES_FOR_TESTS] [--rounds N] [--seed N]

With POSTGRES_FOR_TESTS the same over PostgreSQL, too.
"""

import collections
import contextlib
import http.client
import json
import random
import threading
import time

from device import attesting
from node import NO_RATES, REPORT, SECONDS, NodeTest, main, put_policy
from single_use_test import accepted, database

CLIENTS = 8


class Client(threading.Thread):
    """Attests until the daemon is gone."""

    def __init__(self, node, device):
        super().__init__(daemon=True)
        self.node, self.device = node, device
        self.acknowledged = {}  # nonce: whether it was accepted
        self.asked = []  # session, report and nonce of all that was posted
        self.problem = None
        self.start()

    def run(self):
        try:
            with contextlib.closing(self.node.connect()) as connection:
                while True:
                    self.attest(connection)
        except (OSError, http.client.HTTPException):
            pass  # it is gone
        except Exception as problem:  # pylint: disable=broad-except
            self.problem = problem

    def attest(self, connection):
        session, nonce = self.node.open_session(connection=connection)
        report = self.device.report(nonce)
        self.asked.append((session, report, nonce.hex()))
        answer = self.node.ask("POST", session, report, media=REPORT, connection=connection)
        assert answer.status == 200, (answer.status, answer.body)
        self.acknowledged[nonce.hex()] = accepted(answer.body)


class Killed(NodeTest):
    def round(self, config, device, chance, before):
        """Starts, asks again what was asked before, and kills under load: what was asked now."""
        with self.running(config=config, code=None) as node:
            for session, report, nonce in before.asked:
                answer = node.ask("POST", session, report, media=REPORT)
                self.assertIn(answer.status, {200, 409}, answer.body)
                if answer.status == 200:
                    self.assertFalse(before.acknowledged.get(nonce, False) and
                                     accepted(answer.body), nonce)
            if not (self.state / "policy").exists():
                put_policy(node, self.admin_token(), device.policy())
                (self.state / "policy").touch()
            clients = [Client(node, device) for _ in range(CLIENTS)]
            time.sleep(chance.uniform(0, 0.5))
            node.kill()
            for client in clients:
                client.join(SECONDS)
                self.assertIsNone(client.problem)
        return clients

    def check_log(self, config, acknowledged):
        options = ["--config", config] if config else []
        self.verify_audit(*options)
        verdicts = collections.defaultdict(list)
        for record in self.audit_records(*options):
            if record["kind"] == "verdict":
                body = json.loads(record["body"])
                verdicts[body["nonce"]].append(body["accepted"])
        for nonce, answer in acknowledged.items():
            self.assertIn(answer, verdicts[nonce], f"{nonce}: the verdict is not in the log")
        for nonce, answers in verdicts.items():
            self.assertLessEqual(sum(answers), 1, f"{nonce}: was accepted twice")
        return sum(len(answers) for answers in verdicts.values())

    def kill_over_and_over(self, config):
        chance = random.Random(self.seed)
        acknowledged, last, recorded = {}, Asked(), 0
        with attesting(self) as device:
            for number in range(self.rounds):
                last = Asked(self.round(config, device, chance, last))
                acknowledged.update(last.acknowledged)
                if number % 20 == 0 or number == self.rounds - 1:
                    recorded = self.check_log(config, acknowledged)
        print(f"{self.rounds} kills, {len(acknowledged)} verdicts acknowledged, "
              f"{recorded} in the log", flush=True)
        self.assertGreater(len(acknowledged), 0)

    def test_with_sqlite_loses_nothing_that_was_acknowledged(self):
        self.kill_over_and_over(self.write_config(rates=NO_RATES))

    def test_with_postgresql_loses_nothing_that_was_acknowledged(self):
        if self.postgres:
            with database(self.postgres) as conninfo:
                self.kill_over_and_over(self.write_config(
                    rates=NO_RATES, store={"kind": "postgresql", "conninfo": conninfo}))


class Asked:
    """What the clients of one round asked and were told."""

    def __init__(self, clients=()):
        self.acknowledged = {nonce: answer for client in clients
                             for nonce, answer in client.acknowledged.items()}
        # Of each client the last two: one that was acknowledged, and one that may not have been.
        self.asked = [question for client in clients for question in client.asked[-2:]]


if __name__ == "__main__":
    main(rounds=4, seed=1)
