# shellcheck shell=bash
# shellcheck disable=SC2034  # the lists are for who sources this file
# SPDX-License-Identifier: Apache-2.0
# What this project needs from Debian 12, and how it gets there. Sourced after common.sh, not run.

# To build the programs and the libraries.
packages_build=(
  g++ cmake ninja-build pkg-config
  libssl-dev libsodium-dev nlohmann-json3-dev libcli11-dev libexpected-dev
)
# For the attestation server and its client as well.
packages_server=(
  libboost-dev libsqlite3-dev libpqxx-dev libspdlog-dev prometheus-cpp-dev
)
# To build and run the tests too.
packages_test=(
  "${packages_server[@]}" postgresql python3-jwt openssl curl
  libgtest-dev libcrypto++-dev python3 python3-jsonschema
  gcc-riscv64-unknown-elf opensbi man-db zsh chromium
)
# For the sanitizers.
packages_clang=(clang-14 libclang-rt-14-dev)
# For what is checked of the sources themselves.
packages_lint=(clang-format-14 shellcheck)
# To play a processor without AVX.
packages_old_cpu=(qemu-user)
# To compile the same source with the same options once.
packages_cache=(ccache)
# For the benchmarks, and for the empty Debian root.
packages_bench=(libbenchmark-dev python3)
packages_bare=(mmdebstrap)

# missing_packages PACKAGE...: prints those that are not installed, one a line.
missing_packages() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null) || status=
    # One line for each architecture that dpkg knows the package of.
    case $'\n'$status$'\n' in
    *$'\ninstalled\n'*) ;;
    *) printf '%s\n' "$package" ;;
    esac
  done
}

# become_root: sets the array `as_root` to what goes before a command that root must run.
become_root() {
  if [ "$EUID" -eq 0 ]; then
    as_root=()
  elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif [ -z "${CI-}" ] && [ -t 0 ] && command -v sudo >/dev/null; then
    as_root=(sudo)
  else
    return 1
  fi
}

# apt_get ARGUMENT...: as root, asking nothing, its output in $apt_log.
apt_get() {
  quietly "$apt_log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# install_packages PACKAGE...: or the end, naming the packages and the command.
install_packages() {
  local as_root apt_log status=0
  local advice="missing packages: $*; as root: apt-get install --no-install-recommends $*"
  command -v apt-get >/dev/null || die "there is no apt-get here; missing packages: $*"
  become_root || die "$advice"
  say "installing $*"
  apt_log=$(mktemp)
  apt_get update || say "apt-get update failed; going on with the lists that are here"
  apt_get install --no-install-recommends "$@" || status=$?
  rm -f -- "$apt_log"
  [ "$status" -eq 0 ] || die "$advice"
}

# need_packages PACKAGE...: installs those that are missing. Asks apt, and for root, only then.
need_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "no dpkg-query here, so not looking for packages; needed, as Debian names them: $*"
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -gt 0 ]; then
    install_packages "${missing[@]}"
  fi
}
