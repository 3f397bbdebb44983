#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark programs of a build and checks the ratios that this project claims.

usage: check_ratios.py SOURCE_DIR BUILD_DIR [PART...] [--json | --table]

Each part says in bench/*ratios.json which program to run and which of its benchmarks may cost how
much of which other, or of several together. A program runs five times (or `runs`), each benchmark
once a run; a ratio is taken within one run, where all met the machine in the same mood, and the
median is judged. Absolute times say nothing about another machine. A claim that needs what this
processor lacks is not judged, and the output says so. A PART, such as crypto, means only what that
folder claims. Exit code 1 if a claim fails.

--json prints one object at the end, with every measurement and every claim, and nothing else.

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
    """The figure with its unit (empty: a ratio), what it must be, and whether it is."""
    unit = unit_of(claim["of"])
    if "at_most_" + unit in claim:
        most = claim["at_most_" + unit]
        value = statistics.median(times[claim["of"]] for times in runs)
        return value, unit, f"at most {most} {unit}", value <= most
    over = claim["over"] if isinstance(claim["over"], list) else [claim["over"]]
    value = statistics.median(times[claim["of"]] / sum(times[name] for name in over)
                              for times in runs)
    if "at_most" in claim:
        return value, "", f"at most {claim['at_most']}", value <= claim["at_most"]
    return value, "", f"at least {claim['at_least']}", value >= claim["at_least"]


def runs_of(rules, source, build, count):
    arguments = [a.format(build=build, source=source) for a in rules.get("arguments", [])]
    return [run_program(build / rules["program"], arguments) for _ in range(count)]


def check(rules, runs, flags):
    """What was measured and what became of the claims."""
    judged = []
    for claim in rules["ratios"]:
        entry = {"claim": claim["claim"], "of": claim["of"], "over": claim.get("over")}
        lacks = missing(claim, flags)
        if lacks:
            entry.update(state="skipped", why=lacks)
        else:
            figure, unit, bound, holds = judge(claim, runs)
            entry.update(state="holds" if holds else "FAILS", got=figure, unit=unit, want=bound)
        judged.append(entry)
    medians = [{"name": name, "median": statistics.median(times[name] for times in runs),
                "unit": unit_of(name)} for name in runs[0]]
    return {"program": rules["program"], "runs": len(runs), "measured": medians, "claims": judged}


def print_checked(checked):
    program = checked["program"]
    for one in checked["measured"]:
        print(f"{program}: {one['name']}: {one['median']:.2f} {one['unit']}")
    for one in checked["claims"]:
        if one["state"] == "skipped":
            print(f"{program}: {one['claim']}: not judged, {one['why']}")
        else:
            got = f"{one['got']:.2f} {one['unit']}" if one["unit"] else f"{one['got']:.3f}"
            print(f"{program}: {one['claim']}: got {got}, want {one['want']}: {one['state']}")


def print_table(rules, runs, flags):
    shortest = {name: min(times[name] for times in runs) for name in runs[0]}
    print(f"\n`{rules['program']}`:\n\n| claim | measured | must be |\n| --- | --- | --- |")
    for claim in rules["ratios"]:
        if "over" in claim and "needs_cores" not in claim and not missing(claim, flags):
            figure, _, bound, _ = judge(claim, [shortest])
            print(f"| {claim['claim']} | {figure:.2f} | {bound} |")


def rules_of(source, parts):
    """What the parts claim, file by file."""
    for path in sorted(source.glob("*/**/bench/*ratios.json")):
        part = path.relative_to(source).parts[0]
        if part != "build" and (not parts or part in parts):
            yield json.loads(path.read_text())


def main():
    options = {a for a in sys.argv[1:] if a.startswith("--")}
    source, build, *parts = (a for a in sys.argv[1:] if a not in options)
    if not options <= {"--json", "--table"} or len(options) > 1:
        sys.exit(__doc__)
    source, build = pathlib.Path(source).resolve(), pathlib.Path(build).resolve()
    flags = cpu_flags()
    programs = []
    for rules in rules_of(source, parts):
        if "--table" in options:
            print_table(rules, runs_of(rules, source, build, RUNS_FOR_TABLE), flags)
            continue
        programs.append(check(rules, runs_of(rules, source, build, rules.get("runs", RUNS)), flags))
        if not options:
            print_checked(programs[-1])
    if "--table" in options:
        return 0
    states = [claim["state"] for program in programs for claim in program["claims"]]
    passed, failed, skipped = (states.count(word) for word in ("holds", "FAILS", "skipped"))
    if "--json" in options:
        print(json.dumps({"schema": "keystone.ratios/1", "passed": passed, "failed": failed,
                          "skipped": skipped, "programs": programs}, indent=2))
    else:
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
