# SPDX-License-Identifier: Apache-2.0
"""Runs an example client against a server that keeps to a script."""

import contextlib
import json
import pathlib
import socket
import subprocess
import tempfile
import unittest

SECONDS = 100  # against a program that hangs; the server ends after 60
PATIENCE = ["--timeout", "50"]  # of a client that is not to give up: no result depends on time
ACCEPTED, REJECTED, USAGE, MALFORMED, UNREACHABLE = 0, 1, 2, 3, 5


class Outcome:
    """What a client and its server did."""

    def __init__(self, client, server_lines, policy):
        self.exit = client.returncode
        self.stdout, self.stderr = client.stdout, client.stderr
        self.lines = client.stdout.splitlines()
        self.policy = policy
        said = [line.partition(" ")[::2] for line in server_lines]
        self.texts = [bytes.fromhex(text) for word, text in said if word == "text"]
        self.exits = [text for word, text in said if word == "exit"]
        self.hello = bytes.fromhex(dict(said).get("hello", ""))
        self.sent = bytes.fromhex(dict(said).get("sent", ""))
        self.received = int(dict(said)["received"])

    def __str__(self):
        return f"exit code {self.exit}\n{self.stdout}{self.stderr}"


class ClientTest(unittest.TestCase):
    client = server = None  # paths, set by the test programs

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_client(self, arguments, lines=""):
        return subprocess.run([self.client, *arguments], input=lines, capture_output=True,
                              text=True, timeout=SECONDS, check=False)

    def meet(self, script, *options, server=(), waive=(), play=None, lines="", change=None):
        """Client and server, brought together. `waive` names the checks that the policy waives,
        `change` what else becomes of it; `play` are the bytes for scripts that send such."""
        policy_file = self.folder / "policy.json"
        command = [self.server, *server, script, policy_file]
        if play is not None:
            (self.folder / "bytes").write_bytes(play)
            command.append(self.folder / "bytes")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                word, port = process.stdout.readline().split()
                self.assertEqual(word, "port")
                policy = self.write_policy(policy_file, waive, change)
                client = self.run_client(
                    ["--policy", policy_file, *PATIENCE, *options, "127.0.0.1", port], lines)
                said = process.communicate(timeout=SECONDS)[0].splitlines()
            finally:
                process.kill()
        self.assertEqual(process.returncode, 0, "the server failed: " + client.stderr)
        return Outcome(client, said, policy)

    @staticmethod
    def write_policy(file, waive, change):
        policy = json.loads(file.read_text())
        if waive:
            policy["waivers"] = {check: "for this test" for check in waive}
        if change:
            change(policy)
        file.write_text(json.dumps(policy))
        return policy

    def assert_accepts(self, outcome):
        self.assertEqual(outcome.exit, ACCEPTED, outcome)

    def assert_rejects(self, outcome, *failed):
        """That the report is rejected because of these checks, and of no other."""
        self.assertEqual(outcome.exit, REJECTED, outcome)
        self.assertEqual(outcome.lines[0], "report: rejected: " + ", ".join(failed), outcome)

    def assert_cannot_read(self, outcome):
        self.assertEqual((outcome.exit, outcome.stdout), (MALFORMED, ""), outcome)

    def assert_cannot_reach(self, outcome):
        self.assertEqual((outcome.exit, outcome.stdout), (UNREACHABLE, ""), outcome)


@contextlib.contextmanager
def port_without_listener():
    """A port that is taken, so that nobody can listen on it meanwhile, and nobody does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield str(taken.getsockname()[1])


def main(arguments):
    """PROGRAM CLIENT SERVER and what unittest takes, such as the name of one test."""
    program, client, server, *more = arguments
    ClientTest.client = pathlib.Path(client).resolve(strict=True)
    ClientTest.server = pathlib.Path(server).resolve(strict=True)
    unittest.main(argv=[program, *more])
