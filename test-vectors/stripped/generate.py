#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes vectors.json: what GNU strip makes of programs; and the programs in elf/, of src/.

usage: generate.py [--check]      --check: compare with the files instead of writing them

Needs riscv64-unknown-elf-{gcc,ld,strip}: gcc 12.2.0 and binutils 2.40 give the same bytes again.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent
CROSS = "riscv64-unknown-elf-"
MODES = {"all": "--strip-all", "debug": "--strip-debug"}
TARGETS = {"rv64": ("rv64imac", "lp64", "elf64lriscv"),
           "rv32": ("rv32imac", "ilp32", "elf32lriscv")}

NOTES = {
    "Linked": "A program as the linker wrote it.",
    "Debug": "With debug information.",
    "Unchanged": "The linker has stripped it already.",
    "Refused": "strip writes nothing.",
    "NotMade": "strip writes a file; ours refuses, as its contract says: relocations were kept.",
}

# name: sources, compiler options, linker options, flags
PROGRAMS = {
    "debug": (("app.c", "lib.c"), "-O1 -g", "", ["Debug"]),
    "sections": (("sections.S",), "", "", ["Debug"]),
    "plain": (("app.c", "lib.c"), "-Os", "-z max-page-size=0x10000", ["Linked"]),
    "build_id": (("app.c", "lib.c"), "-O2 -g",
                 "--build-id --compress-debug-sections=zlib-gnu", ["Debug"]),
    "dynamic_relocations": (("app.c", "lib.c"), "-O2 -fPIC", "", ["Linked"]),
    "stripped_by_linker": (("app.c", "lib.c"), "-Os", "-s", ["Unchanged"]),
    "kept_relocations": (("app.c", "lib.c"), "-Os", "--emit-relocs", ["Linked"]),
}

LINKED = ("e_abovestack e_bss e_cross e_gap e_low e_min e_multi e_share e_unalign rt_gap rt_min "
          "rt_multi rt_share r32_e_1m r32_e_bss r32_e_cross r32_e_gap r32_e_min r32_e_multi "
          "r32_e_unalign r32_rt_gap r32_rt_multi").split()
REFUSED = ("c_base c_class0 c_class3 c_class_other c_cut_hdr c_cut_hdr_m1 c_data_be c_empty "
           "c_magic c_machine_x86 c_noshdr c_phnum_ffff c_phoff_beyond c_phoff_wrap "
           "c_shentsize_small c_shnum1 c_shnum_big c_shoff_beyond c_shoff_end_plus1 "
           "c_shoff_garbage c_shoff_wrap c_shstrndx0 c_shstrndx_eq_shnum c_shstrndx_ffff "
           "c_type_rel r32_c_base r32_c_cut_hdr r32_c_magic r32_c_phoff_wrap r32_c_shnum_big "
           "r32_c_shoff_wrap r32_c_shstrndx_gt x_noshdr x_nophdr").split()


def run(tool, *arguments, where=None):
    return subprocess.run([CROSS + tool, *arguments], cwd=where, capture_output=True, text=True)


def build(name, target, folder):
    sources, compile_options, link_options, _ = PROGRAMS[name]
    march, mabi, emulation = TARGETS[target]
    objects = []
    for source in sources:
        (folder / source).write_bytes((HERE / "src" / source).read_bytes())
        objects.append(source + ".o")
        done = run("gcc", f"-march={march}", f"-mabi={mabi}", "-std=c11", "-ffreestanding",
                   "-mcmodel=medany", f"-ffile-prefix-map={folder}=.", *compile_options.split(),
                   "-c", source, "-o", objects[-1], where=folder)
        assert done.returncode == 0, done.stderr
    output = f"{target}_{name}"
    done = run("ld", "-m", emulation, "-static", *link_options.split(), *objects, "-o", output,
               where=folder)
    assert done.returncode == 0, done.stderr
    return (folder / output).read_bytes()


def files(built):
    for path in sorted(VECTORS.glob("bundled/rv??/*.elf")):
        yield str(path.relative_to(VECTORS)), path.read_bytes(), ["Linked"]
    for name in LINKED + REFUSED:
        path = f"pagewalk/elf/{name}"
        yield path, (VECTORS / path).read_bytes(), ["Linked" if name in LINKED else "Refused"]
    for name, contents in built.items():
        yield f"stripped/elf/{name}", contents, PROGRAMS[name[5:]][3]


def test_of(path, contents, mode, flags, folder):
    (folder / "in").write_bytes(contents)
    (folder / "out").unlink(missing_ok=True)
    done = run("strip", MODES[mode], "-o", "out", "in", where=folder)
    test = {"id": f"{path} {mode}", "file": path, "strip": mode, "flags": flags}
    if done.returncode != 0:
        assert flags == ["Refused"], path + ": " + done.stderr
        return test | {"result": "refused", "size": None, "sha256": None}
    assert flags != ["Refused"] and done.stderr == "", path + ": " + done.stderr
    if "kept_relocations" in path and mode == "debug":
        return test | {"flags": ["NotMade"], "result": "refused", "size": None, "sha256": None}
    made = (folder / "out").read_bytes()
    return test | {"result": "valid", "size": len(made),
                   "sha256": hashlib.sha256(made).hexdigest()}


def outputs():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        built = {f"{target}_{program}": build(program, target, folder)
                 for program in PROGRAMS for target in TARGETS}
        tests = [test_of(path, contents, mode, flags, folder)
                 for path, contents, flags in files(built) for mode in MODES]
    table = {
        "schema": "stripped/1",
        "source": run("strip", "--version").stdout.splitlines()[0],
        "generated_by": "stripped/generate.py",
        "notes": NOTES,
        "tests": tests,
    }
    result = {HERE / "elf" / program: contents for program, contents in built.items()}
    result[HERE / "vectors.json"] = (json.dumps(table, indent=1) + "\n").encode()
    return result


def main():
    differing = []
    for path, contents in outputs().items():
        if sys.argv[1:] == ["--check"]:
            if not path.is_file() or path.read_bytes() != contents:
                differing.append(path.name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(contents)
    if differing:
        sys.exit("differ: " + " ".join(differing))


if __name__ == "__main__":
    main()
