#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two nodes over one PostgreSQL, and 64 clients with the same evidence at the same time: in every
round exactly one is accepted.

    single_use_test.py PROGRAM ATTEST VECTORS POSTGRES_FOR_TESTS [--rounds N]

A round is a session of one node that all clients answer at once, half of them at the other node;
every other round has a challenge of the caller's own in its place, for /v1/verify.
"""

import base64
import collections
import contextlib
import json
import subprocess
import threading
import time

from device import attesting
from node import NO_RATES, REPORT, SECONDS, NodeTest, main, put_policy, read_line

CLIENTS = 64


@contextlib.contextmanager
def database(program):
    """A PostgreSQL server that goes with the test: how to connect to it."""
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as server:
        try:
            conninfo = read_line(server.stdout).strip()
            assert conninfo, "no PostgreSQL server"
            yield conninfo
        finally:
            server.stdin.close()
            server.wait(SECONDS)


class Crowd:
    """Clients with a connection to each node, who post the same thing at once."""

    def __init__(self, nodes, token):
        self.nodes, self.token = nodes, token
        self.start = threading.Barrier(CLIENTS + 1)
        self.end = threading.Barrier(CLIENTS + 1)
        self.question = None
        self.answers = []
        self.threads = [threading.Thread(target=self.client, args=[number], daemon=True)
                        for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def client(self, number):
        node = self.nodes[number % len(self.nodes)]
        connection = node.connect()
        while True:
            self.start.wait()
            if self.question is None:
                connection.close()
                return
            path, body, media = self.question
            try:
                answer = node.ask("POST", path, body, self.token, media, connection)
                self.answers.append((answer.status, answer.body))
            except OSError as problem:
                self.answers.append((0, repr(problem).encode()))
            self.end.wait()

    def post(self, path, body, media):
        self.question, self.answers = (path, body, media), []
        self.start.wait(SECONDS)
        self.end.wait(SECONDS)
        return self.answers

    def leave(self):
        self.question = None
        self.start.wait(SECONDS)
        for thread in self.threads:
            thread.join(SECONDS)


def accepted(body):
    """Whether that answer says so, in either form."""
    answer = json.loads(body)
    if "accepted" in answer:
        return answer["accepted"]
    claims = answer["result"].split(".")[1]
    submods = json.loads(base64.urlsafe_b64decode(claims + "=="))["submods"]
    return {submod["ear.status"] for submod in submods.values()} == {"affirming"}


class SingleUse(NodeTest):
    def config_of(self, name, conninfo):
        limits = {"max_connections_per_address": 1000}
        return self.write_config(f"{name}.json", node=name, rates=NO_RATES, limits=limits,
                                 threads={"workers": CLIENTS // 2},
                                 store={"kind": "postgresql", "conninfo": conninfo,
                                        "connections": 8, "busy_ms": 60000})

    def session(self, node, device):
        path, nonce = node.open_session()
        return path, device.report(nonce), REPORT

    def one_shot(self, device, number):
        nonce = number.to_bytes(32, "big")
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 300))
        body = {"evidence": base64.b64encode(device.report(nonce)).decode(),
                "media_type": REPORT,
                "challenge": {"kind": "nonce", "value": nonce.hex(), "issued": now,
                              "expires": later}}
        return "/v1/verify", json.dumps(body), "application/json"

    def test_of_a_nonce_is_all_that_many_clients_at_two_nodes_get(self):
        statuses = collections.Counter()
        states = self.folder / "a", self.folder / "b"
        with contextlib.ExitStack() as stack:
            device = stack.enter_context(attesting(self))
            conninfo = stack.enter_context(database(self.postgres))
            nodes = [stack.enter_context(self.running(
                state=state, config=self.config_of(state.name, conninfo))) for state in states]
            self.assertFalse((states[1] / "admin.token").exists())
            token = self.admin_token(states[0])
            put_policy(nodes[0], token, device.policy())
            crowd = Crowd(nodes, token)
            for number in range(self.rounds):
                question = (self.one_shot(device, number + 1) if number % 2 else
                            self.session(nodes[number // 2 % 2], device))
                answers = crowd.post(*question)
                statuses.update(status for status, _ in answers)
                self.assertEqual(len(answers), CLIENTS)
                self.assertLessEqual({status for status, _ in answers}, {200, 409}, answers[:3])
                good = [body for status, body in answers if status == 200 and accepted(body)]
                self.assertEqual(len(good), 1, number)
            crowd.leave()
            self.check_logs(states, nodes)
        print(f"{self.rounds} rounds, answers by status: {dict(statuses)}", flush=True)

    def check_logs(self, states, nodes):
        config = "--config", self.folder / "a.json"
        self.verify_audit(*config, state=states[0])
        keys = [node.ask("GET", "/jwks.json").json()["keys"] for node in nodes]
        self.assertEqual(len(keys[0]), 2)
        self.assertEqual(*(sorted(key["kid"] for key in each) for each in keys))


if __name__ == "__main__":
    main(rounds=20)
