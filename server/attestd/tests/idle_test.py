#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ten thousand connections on which nothing is said: clients are served beside them, and when they
have gone, so has what they held.

    idle_test.py PROGRAM ATTEST VECTORS
"""

import contextlib
import pathlib
import re
import resource
import socket
import time

from attested import Attested
from device import attesting
from node import SECONDS, main

IDLE = 10_000
ADDRESSES = [f"127.0.0.{number}" for number in range(2, 52)]  # each below the limit of an address
FILES = IDLE + 500                                            # in either process
MOST_PER_CONNECTION = 4096                                    # bytes
ROUNDS = 3                                                    # after the first
MIB = 1 << 20


def allow_files():
    """Raises the limit of this process, and of those that it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= FILES, \
        f"the hard limit of open files is {hard}, and this test needs {FILES}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


class Idle(Attested):
    def resident(self, node):
        """Bytes of memory that the daemon has."""
        status = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def wait_for_connections(self, node, wanted):
        """Until that many are open, beside the one that asks."""
        end = time.monotonic() + SECONDS
        metrics = {"path": "/metrics", "token": self.admin_token()}
        with contextlib.closing(node.connect()) as own:
            while True:
                text = node.ask("GET", **metrics, connection=own).body.decode()
                found = int(re.search(r"^keystone_connections (\d+)", text, re.MULTILINE)[1]) - 1
                if found == wanted:
                    return
                self.assertLess(time.monotonic(), end, found)
                time.sleep(0.02)

    def expect_served(self, node, device):
        for _ in range(20):
            self.assertEqual(self.attest(node, device), (200, True))

    def hold_and_let_go(self, node, device):
        """The memory with all connections open."""
        with contextlib.ExitStack() as stack:
            for index in range(IDLE):
                source = ADDRESSES[index % len(ADDRESSES)]
                stack.enter_context(socket.create_connection((node.host, node.port), SECONDS,
                                                             source_address=(source, 0)))
            self.wait_for_connections(node, IDLE)
            self.expect_served(node, device)
            held = self.resident(node)
            self.wait_for_connections(node, IDLE)  # nobody was dropped to make room
        self.wait_for_connections(node, 0)
        self.expect_served(node, device)
        return held

    def test_connections_hold_up_nobody_and_leave_nothing(self):
        allow_files()
        with self.serving() as (node, device):
            self.expect_served(node, device)
            before = self.resident(node)
            first = self.hold_and_let_go(node, device)
            self.assertLess(first - before, IDLE * MOST_PER_CONNECTION)
            files = len(list(pathlib.Path(f"/proc/{node.process.pid}/fd").iterdir()))
            self.assertLess(files, 100)
            # What is not given back is missing in every round; what the heap rearranges is not.
            held = [first] + [self.hold_and_let_go(node, device) for _ in range(ROUNDS)]
            growth = [after - before for before, after in zip(held, held[1:])]
            self.assertLess(min(growth), MIB, held)
            self.assertLess(sum(growth), 8 * MIB, held)
            print(f"{before // MIB} MiB, with {IDLE} idle {', '.join(str(m // MIB) for m in held)}")


if __name__ == "__main__":
    main()
