# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the tests of installed trees share. Sourced, not run. `program` names the test, `tree` is the
# top of the sources.

die() {
  printf '%s: %s\n' "${program:?}" "$*" >&2
  exit 1
}

# install_to BUILD PREFIX: installs elsewhere first and moves it, so that no path can be left behind.
install_to() {
  local build=$1 prefix=$2
  cmake --install "$build" --prefix "$prefix.first" >"$prefix.log" || die "it does not install"
  mv -- "$prefix.first" "$prefix"
  ! grep -rnF --include='*.cmake' --include='*.pc' -e "${tree:?}" -e "$build" -e "$prefix.first" \
    -- "$prefix" || die "the installed packages name folders of the build"
}

# build_project SOURCE PREFIX BUILD OPTION...: a project that knows the installed tree alone.
build_project() {
  local source=$1 prefix=$2 build=$3
  shift 3
  cmake -S "$source" -B "$build" -G Ninja --log-level=WARNING -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "$@" >/dev/null
  grep -qxF "KeystoneAttest_DIR:PATH=$(dirname -- "$(find "$prefix" -name KeystoneAttestConfig.cmake)")" \
    "$build/CMakeCache.txt" || die "another installation was found"
  cmake --build "$build" >"$build.log" || { cat -- "$build.log" >&2 && die "$source does not build"; }
}

# flags_of PREFIX MODULE OPTION...: what pkg-config says of an installed module.
flags_of() {
  local folder
  folder=$(dirname -- "$(find "$1" -name "$2.pc")")
  PKG_CONFIG_PATH=$folder pkg-config "${@:3}" "$2"
}

# expect CODE TEXT COMMAND...: the exit code, and the first line of the output.
expect() {
  local want=$1 text=$2 output status=0
  shift 2
  output=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$want" ] || die "$*: got exit code $status, want $want: $output"
  [ "${output%%$'\n'*}" = "$text" ] || die "$*: got '$output', want '$text' first"
}

# check_c_verify PROGRAM FOLDER: the example's answers to a genuine report; FOLDER is for files.
check_c_verify() {
  local verify=$1 folder=$2 nonce=030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dc
  local report=$tree/test-vectors/genuine/loader-rv64.E0_aligned.2.report.bin
  local policy=$tree/examples/c-verify/policy.json
  # Without waivers; and with a time instead of the waiver of freshness.
  sed -z 's/,\n  "waivers": {[^}]*}//' "$policy" >"$folder/strict.json"
  sed -z 's/,\n    "freshness"[^\n]*//; s/\n}\n$/,\n  "max_age_s": 86400\n}\n/' "$policy" \
    >"$folder/dated.json"
  head -c 1000 "$report" >"$folder/cut.bin"

  expect 0 "accepted (waived: test_device_key, sm_key_strength, freshness)" \
    "$verify" "$policy" "$report" "$nonce"
  expect 0 "accepted (waived: test_device_key, sm_key_strength)" \
    "$verify" "$folder/dated.json" "$report" "$nonce" "$(date +%s)"
  expect 1 "rejected: freshness" "$verify" "$folder/dated.json" "$report" "$nonce" 1000000000
  expect 1 "rejected: test_device_key, sm_key_strength, freshness" \
    "$verify" "$folder/strict.json" "$report" "$nonce"
  expect 1 "rejected: report_data" "$verify" "$policy" "$report" "${nonce/030a/ffff}"
  expect 2 "usage: c-verify POLICY REPORT NONCE [ISSUED]" "$verify" "$policy" "$report"
  expect 2 "usage: c-verify POLICY REPORT NONCE [ISSUED]" "$verify" "$policy" "$report" 0g
  expect 3 "c-verify: error: $folder/cut.bin: the report: got 1000 bytes, want 1352, or 360 in\
 compact form with this data_len" "$verify" "$policy" "$folder/cut.bin" "$nonce"
  expect 3 "c-verify: error: $folder/none: No such file or directory" \
    "$verify" "$folder/none" "$report" "$nonce"
}
