#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Usage: rebuild_situations.sh MAKE_SITUATIONS FOLDER
# Makes the situations afresh and compares them with those in FOLDER.
# Exit status: 0 all equal, another if something differs.
set -eu

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 1' HUP INT TERM

"$1" "$fresh"
diff -r --exclude=README.md "$fresh" "$2"
