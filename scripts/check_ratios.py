#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark programs of a build and checks the ratios that this project claims.

usage: check_ratios.py SOURCE_DIR BUILD_DIR

Each part says in bench/*ratios.json which program to run and which of its benchmarks may cost how
much of which other, or of several together. A program runs five times (or `runs`), each benchmark
once a run; a ratio is taken within one run, where all met the machine in the same mood, and the
median is judged. Absolute times say nothing about another machine. A claim that needs what this
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
    """Processor time in ms; what the program took by hand where it did so; memory in MiB."""
    if unit_of(benchmark["name"]) == "MiB":
        return benchmark["MiB"]
    to_ms = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
    kind = "real_time" if benchmark["name"].endswith(MANUAL) else "cpu_time"
    return benchmark[kind] * to_ms[benchmark["time_unit"]]


def unit_of(name):
    return "MiB" if name.split("/")[0].endswith("_MiB") else "ms"


def missing(claim, flags):
    if claim.get("needs_cpu", "") not in flags | {""}:
        return "the processor lacks " + claim["needs_cpu"]
    cores = len(os.sched_getaffinity(0))
    if cores < claim.get("needs_cores", 1):
        return f"{cores} processors, of {claim['needs_cores']} needed"
    return None


def judge(claim, runs):
    """The figure, the bound as text, and whether it holds."""
    unit = unit_of(claim["of"])
    if "at_most_" + unit in claim:
        most = claim["at_most_" + unit]
        value = statistics.median(times[claim["of"]] for times in runs)
        return f"{value:.2f} {unit}", f"at most {most} {unit}", value <= most
    over = claim["over"] if isinstance(claim["over"], list) else [claim["over"]]
    value = statistics.median(times[claim["of"]] / sum(times[name] for name in over)
                              for times in runs)
    if "at_most" in claim:
        return f"{value:.3f}", f"at most {claim['at_most']}", value <= claim["at_most"]
    return f"{value:.3f}", f"at least {claim['at_least']}", value >= claim["at_least"]


def main():
    source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    flags = cpu_flags()
    passed = failed = skipped = 0
    for path in sorted(source.glob("**/bench/*ratios.json")):
        rules = json.loads(path.read_text())
        arguments = [a.format(build=build, source=source) for a in rules.get("arguments", [])]
        runs = [run_program(build / rules["program"], arguments)
                for _ in range(rules.get("runs", RUNS))]
        for name in runs[0]:
            median = statistics.median(times[name] for times in runs)
            print(f"{rules['program']}: {name}: {median:.2f} {unit_of(name)}")
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
