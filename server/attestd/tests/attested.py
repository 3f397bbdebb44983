# SPDX-License-Identifier: Apache-2.0
"""A daemon with a device that attests to it, for tests that let something go wrong."""

import contextlib
import time

from device import attesting
from node import NO_RATES, REPORT, SECONDS, NodeTest, put_policy
from single_use_test import accepted


class Attested(NodeTest):
    @contextlib.contextmanager
    def serving(self, **members):
        with attesting(self) as device, self.running(
                config=self.write_config(rates=NO_RATES, **members)) as node:
            put_policy(node, self.admin_token(), device.policy())
            yield node, device

    def attest(self, node, device, session=None):
        """The status of an answer to evidence, and whether it was accepted."""
        path, nonce = session or node.open_session()
        answer = node.ask("POST", path, device.report(nonce), media=REPORT)
        return answer.status, answer.status == 200 and accepted(answer.body)

    def wait_until_it_works(self, node, device):
        def works():
            try:
                return self.attest(node, device) == (200, True)
            except ConnectionError:  # turned away, as a connection too many is
                return False

        end = time.monotonic() + SECONDS
        while not works():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def wait_until_ready_is(self, status, node):
        """What was found is the answer for a second; no evidence need come for it to change."""
        end = time.monotonic() + SECONDS
        while node.ask("GET", "/readyz").status != status:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def expect_nothing_is_accepted(self, node, device, session):
        for _ in range(5):
            self.assertEqual(self.attest(node, device, session), (503, False))
        self.assertEqual(node.ask("GET", "/healthz").status, 200)
