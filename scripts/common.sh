# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What quickstart, check and the scripts beside this file share. Sourced, not run.

# No line that redraws itself where nobody looks at a terminal.
if [ -n "${CI-}" ]; then
  export TERM=dumb CLICOLOR=0
fi

# say TEXT...: a progress line on standard error.
say() {
  printf '%s: %s\n' "${program:-${0##*/}}" "$*" >&2
}

# die TEXT...: the reason, and the end.
die() {
  say "error: $*"
  exit 1
}

# quietly LOG COMMAND...: runs the command with its output in LOG, which is shown if it fails.
quietly() {
  local log=$1
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    return 0
  fi
  cat -- "$log" >&2
  return 1
}

# configure PRESET FOLDER OPTION...: configures a preset in FOLDER; says nothing if it works.
configure() {
  local preset=$1 folder=$2 fresh=()
  shift 2
  # A folder configured for a tree that lay elsewhere cannot be used as it is.
  if [ -e "$folder/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
    fresh=(--fresh)
  fi
  cmake --preset "$preset" -B "$folder" --log-level=WARNING "${fresh[@]}" "$@" >/dev/null
}
