#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark programs of a build and checks the ratios that this project claims.

usage: check_ratios.py SOURCE_DIR BUILD_DIR

Each part says in bench/ratios.json which program to run and which of its benchmarks may cost how
much of which other. A program runs five times, each benchmark once a run; a ratio is taken within
one run, where both met the machine in the same mood, and the median of the five is judged. Absolute
times say nothing about another machine. A claim that needs what this
processor lacks is not judged, and the output says so. Exit code 1 if a claim fails.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys

RUNS = 5
MANUAL = "/manual_time"


def cpu_flags():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return set(line.split(":", 1)[1].split())
    return set()


def run_program(program, arguments):
    """The time of each benchmark in one run."""
    command = [program, *arguments, "--benchmark_format=json", "--benchmark_min_time=0.01"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return {b["name"].removesuffix(MANUAL): time_of(b)
            for b in json.loads(output)["benchmarks"]}


def time_of(benchmark):
    """Processor time in ms; what the program took by hand where it did so."""
    to_ms = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
    kind = "real_time" if benchmark["name"].endswith(MANUAL) else "cpu_time"
    return benchmark[kind] * to_ms[benchmark["time_unit"]]


def missing(claim, flags):
    if claim.get("needs_cpu", "") not in flags | {""}:
        return "the processor lacks " + claim["needs_cpu"]
    cores = len(os.sched_getaffinity(0))
    if cores < claim.get("needs_cores", 1):
        return f"{cores} processors, of {claim['needs_cores']} needed"
    return None


def judge(claim, runs):
    """The figure, the bound as text, and whether it holds."""
    if "at_most_ms" in claim:
        value = statistics.median(times[claim["of"]] for times in runs)
        return f"{value:.2f} ms", f"at most {claim['at_most_ms']} ms", value <= claim["at_most_ms"]
    value = statistics.median(times[claim["of"]] / times[claim["over"]] for times in runs)
    if "at_most" in claim:
        return f"{value:.3f}", f"at most {claim['at_most']}", value <= claim["at_most"]
    return f"{value:.3f}", f"at least {claim['at_least']}", value >= claim["at_least"]


def main():
    source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    flags = cpu_flags()
    passed = failed = skipped = 0
    for path in sorted(source.glob("*/bench/ratios.json")):
        rules = json.loads(path.read_text())
        arguments = [a.format(build=build, source=source) for a in rules.get("arguments", [])]
        runs = [run_program(build / rules["program"], arguments) for _ in range(RUNS)]
        for name in runs[0]:
            median = statistics.median(times[name] for times in runs)
            print(f"{rules['program']}: {name}: {median:.2f} ms")
        for claim in rules["ratios"]:
            lacks = missing(claim, flags)
            figure, bound, holds = judge(claim, runs)
            word = "not judged, " + lacks if lacks else "holds" if holds else "FAILS"
            print(f"{rules['program']}: {claim['claim']}: got {figure}, want {bound}: {word}")
            passed, failed, skipped = (passed + (not lacks and holds),
                                       failed + (not lacks and not holds), skipped + bool(lacks))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
