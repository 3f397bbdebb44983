#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the sample programs into OUTDIR/rv64 and OUTDIR/rv32.
# The result depends on the sources and the compiler only.
#   usage: build.sh OUTDIR       CROSS=prefix selects another compiler
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 OUTDIR" >&2
    exit 2
fi
CROSS=${CROSS:-riscv64-unknown-elf-}
LC_ALL=C
export LC_ALL
unset CDPATH CPATH C_INCLUDE_PATH GCC_EXEC_PREFIX COMPILER_PATH LIBRARY_PATH

mkdir -p "$1/rv64" "$1/rv32"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Work on a copy, so that every name the tools see is a plain file name.
src=$(cd "$(dirname "$0")/src" && pwd)
cp "$src"/* "$work"
cd "$work"

# -mno-relax: the linker must not turn pc-relative addresses into absolute
# ones; the programs run where they are put, not where they are linked.
CFLAGS="-std=c11 -Os -Wall -Wextra -Werror -g0 -fno-ident -ffreestanding
    -fno-pic -mcmodel=medany -mno-relax -msmall-data-limit=0
    -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables
    -fno-unwind-tables -fno-stack-protector"
LDFLAGS="-nostdlib -nostartfiles -static -Wl,--build-id=none -Wl,--no-relax
    -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments -Wl,--fatal-warnings"

# link OUT SCRIPT BASE SOURCE...
link() {
    elf=$1 script=$2 base=$3
    shift 3
    objects=
    for source in "$@"; do
        object=${source%.*}_${source##*.}.o
        # shellcheck disable=SC2086
        "${CROSS}gcc" $machine $CFLAGS -c "$source" -o "$object"
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    "${CROSS}gcc" $machine $LDFLAGS -Wl,--defsym=IMAGE_BASE="$base" -T "$script" \
        $objects -o "$elf"
}

for bits in 64 32; do
    case $bits in
    64) machine="-march=rv64imac_zicsr_zifencei -mabi=lp64" ;;
    32) machine="-march=rv32imac_zicsr_zifencei -mabi=ilp32" ;;
    esac
    link eapp.elf image.ld 0x10000 eapp.c
    link runtime.elf image.ld 0x200000 runtime.S runtime.c
    link loader.elf loader.ld 0 loader.S loader.c
    "${CROSS}objcopy" -O binary -j .text loader.elf loader.bin
    set -- eapp.elf runtime.elf loader.elf loader.bin
    if [ "$bits" = 64 ]; then
        link firmware.elf firmware.ld 0x80000000 firmware.S
        "${CROSS}objcopy" -O binary firmware.elf firmware.bin
        set -- "$@" firmware.elf firmware.bin
    fi
    chmod 644 "$@"
    cp "$@" "$out/rv$bits"
done
