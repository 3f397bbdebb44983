# SPDX-License-Identifier: Apache-2.0
"""An emulated board: its reports, and a policy that accepts them."""

import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "cli" / "tests"))
import attester  # noqa: E402


class Board(attester.AttesterTest):
    def runTest(self):
        """It is used by tests, and is none."""

    def report(self, nonce):
        """What the device says to that nonce, without the frame around it."""
        return self.served.ask(nonce)[4:]

    def policy(self):
        return self.write_policy().read_bytes()


@contextlib.contextmanager
def attesting(test):
    """A board of the test's, with an enclave that runs."""
    Board.program, Board.vectors = test.attester, test.vectors
    board = Board()
    board.setUp()
    try:
        with board.serving("raw") as served:
            board.served = served
            yield board
    finally:
        board.doCleanups()
