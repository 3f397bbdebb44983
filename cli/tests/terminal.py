# SPDX-License-Identifier: Apache-2.0
"""Running a program with one of its standard streams on a terminal."""

import os
import pty
import subprocess


def read_terminal(descriptor):
    """All that was written to the terminal until its last writer closed it."""
    text = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # how Linux says that there is no writer any more
            return text
        if not part:
            return text
        text += part


def run_on_terminal(command, terminal, environment=None):
    """The exit code, what the terminal got to see, and what the other stream got.

    `terminal` is "stdout" or "stderr".
    """
    ours, theirs = pty.openpty()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, terminal: theirs}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                          **streams) as process:
        os.close(theirs)
        seen = read_terminal(ours)
        other = (process.stderr or process.stdout).read()
    os.close(ours)
    return process.returncode, seen, other
