#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Rebuilds the samples and compares them with the files kept here.
# Exit status: 0 all equal, 1 something differs, 77 no compiler.
set -eu

CROSS=${CROSS:-riscv64-unknown-elf-}
export CROSS
if ! command -v "${CROSS}gcc" >/dev/null; then
    echo "${CROSS}gcc not found: skipped"
    exit 77
fi
unset CDPATH
here=$(cd "$(dirname "$0")" && pwd)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 1' HUP INT TERM

"$here/build.sh" "$fresh" || exit 1

status=0
count=0
for file in "$fresh"/rv??/* "$here"/rv??/*; do
    arch=${file%/*}
    name=${arch##*/}/${file##*/}
    case $file in
    "$fresh"/*)
        count=$((count + 1))
        if [ ! -f "$here/$name" ]; then
            echo "missing here: $name"
            status=1
        elif ! cmp -s "$file" "$here/$name"; then
            echo "differs: $name"
            status=1
        fi
        ;;
    *)
        if [ ! -f "$fresh/$name" ]; then
            echo "not built any more: $name"
            status=1
        fi
        ;;
    esac
done
if [ "$status" -eq 0 ]; then
    echo "$count files equal"
else
    echo "built with: $("${CROSS}gcc" --version | head -n 1)"
fi
exit "$status"
