#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The memory that a large batch takes: batch_memory_test.py PROGRAM FOLDER

FOLDER is one of test-vectors/verify/, with a report of the compact form that is accepted.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

REPORTS = 100_000
MOST_KIB = 64 << 10  # resident at the peak


def line_for(folder):
    challenge = json.loads((folder / "challenge.json").read_text("utf-8"))
    line = {"report": (folder / "report.bin").read_bytes().hex(),
            challenge["kind"]: challenge["value"]}
    line.update((key, challenge[key]) for key in ("issued", "expires"))
    return challenge["now"], json.dumps(line) + "\n"


def main():
    program, folder = (pathlib.Path(argument).resolve(strict=True) for argument in sys.argv[1:])
    now, line = line_for(folder)
    with tempfile.TemporaryDirectory() as work:
        batch, answers = (pathlib.Path(work, name) for name in ("batch", "answers"))
        # Not at once: a child counts as its own what this program holds when it starts.
        with batch.open("w", encoding="utf-8") as lines:
            for _ in range(REPORTS):
                lines.write(line)
        with answers.open("wb") as output:
            child = subprocess.Popen([program, "verify", "--batch", batch, "--policy",
                                      folder / "policy.json", "--now", now], stdout=output)
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        accepted = sum(json.loads(answer)["accepted"] for answer in answers.open("rb"))
    print(f"{accepted} of {REPORTS} accepted; {usage.ru_maxrss} KiB resident at the peak, "
          f"want at most {MOST_KIB}")
    is_well = child.returncode == 0 and accepted == REPORTS and usage.ru_maxrss <= MOST_KIB
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
