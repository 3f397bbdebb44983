#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark programs of a build and checks the ratios that this project claims.

usage: check_ratios.py SOURCE_DIR BUILD_DIR [PART...] [--table]

Each part says in bench/*ratios.json which program to run and which of its benchmarks may cost how
much of which other, or of several together. A program runs five times (or `runs`), each benchmark
once a run; a ratio is taken within one run, where all met the machine in the same mood, and the
median is judged. Absolute times say nothing about another machine. A claim that needs what this
processor lacks is not judged, and the output says so. A PART, such as crypto, means only what that
folder claims. Exit code 1 if a claim fails.

--table judges nothing: it writes the table of docs/performance.md, of ratios on one core. Each is a
quotient of the shortest times of sixteen runs, which other work on the machine disturbs least.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys

RUNS = 5
RUNS_FOR_TABLE = 16
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
    """What the claim needs and is not here, if anything."""
    needed = claim.get("needs_cpu", [])
    lacking = {needed} - flags if isinstance(needed, str) else set(needed) - flags
    if lacking:
        return "the processor lacks " + ", ".join(sorted(lacking))
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


def runs_of(rules, source, build, count):
    arguments = [a.format(build=build, source=source) for a in rules.get("arguments", [])]
    return [run_program(build / rules["program"], arguments) for _ in range(count)]


def check(rules, runs, flags):
    """Prints what was measured and what became of the claims; returns a word for each of these."""
    program, words = rules["program"], []
    for name in runs[0]:
        median = statistics.median(times[name] for times in runs)
        print(f"{program}: {name}: {median:.2f} {unit_of(name)}")
    for claim in rules["ratios"]:
        lacks = missing(claim, flags)
        if lacks:
            print(f"{program}: {claim['claim']}: not judged, {lacks}")
            words.append("skipped")
            continue
        figure, bound, holds = judge(claim, runs)
        words.append("holds" if holds else "FAILS")
        print(f"{program}: {claim['claim']}: got {figure}, want {bound}: {words[-1]}")
    return words


def print_table(rules, runs, flags):
    shortest = {name: min(times[name] for times in runs) for name in runs[0]}
    print(f"\n`{rules['program']}`:\n\n| claim | measured | must be |\n| --- | --- | --- |")
    for claim in rules["ratios"]:
        if "over" in claim and "needs_cores" not in claim and not missing(claim, flags):
            figure, bound, _ = judge(claim, [shortest])
            print(f"| {claim['claim']} | {float(figure):.2f} | {bound} |")


def main():
    table = "--table" in sys.argv
    source, build, *parts = (a for a in sys.argv[1:] if a != "--table")
    source, build = pathlib.Path(source).resolve(), pathlib.Path(build).resolve()
    flags = cpu_flags()
    words = []
    for path in sorted(source.glob("*/**/bench/*ratios.json")):
        part = path.relative_to(source).parts[0]
        if part == "build" or (parts and part not in parts):
            continue
        rules = json.loads(path.read_text())
        runs = runs_of(rules, source, build,
                       RUNS_FOR_TABLE if table else rules.get("runs", RUNS))
        if table:
            print_table(rules, runs, flags)
        else:
            words += check(rules, runs, flags)
    if table:
        return 0
    passed, failed = words.count("holds"), words.count("FAILS")
    print(f"{passed} passed, {failed} failed, {len(words) - passed - failed} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
