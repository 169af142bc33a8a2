# shellcheck shell=bash
# What the scripts beside this file share. To be sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# The distribution's tools first: another python3 or cmake of the person's may lack what we install.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
# Another clone, or another build directory, of the same source finds the same objects.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { # die EXIT-CODE TEXT
  local code=$1
  shift
  say "$@"
  exit "$code"
}

# packages_of GROUP...: names, one a line.
packages_of() {
  local group
  for group in "$@"; do
    awk -v group="$group" '$1 == group { print $2 }' "$root/scripts/packages.txt"
  done
}

# missing_packages GROUP...: those of packages_of that are not installed.
missing_packages() {
  local wanted
  mapfile -t wanted < <(packages_of "$@")
  # dpkg-query fails when one name is unknown, and still prints the others.
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <({ dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true; } |
      awk '$2 == "installed" { print $1 }' | sort -u)
}

# install_packages GROUP...: what is missing, and nothing else. Asks no network when nothing is.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "no apt-get here; this needs the equivalents of:" "$(packages_of "$@" | paste -sd ' ')"
    return
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      die 3 "not installed; run: sudo apt-get install ${missing[*]}"
    fi
  fi
  say "installing ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >/dev/null || say "apt-get update failed; trying with the package lists there are"
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null ||
    die 3 "could not install; try: sudo apt-get install ${missing[*]}"
}

# build PRESET [TARGET...]: configures on the first time only; ninja sees to it afterwards.
build() {
  local preset=$1
  shift
  [[ -f $root/build/$preset/build.ninja ]] ||
    (cd "$root" && cmake --preset "$preset" -Wno-dev >"$(log_file "$preset-configure")" 2>&1) ||
    { cat "$(log_file "$preset-configure")" >&2; return 1; }
  cmake --build "$root/build/$preset" ${1+--target "$@"}
}

log_file() {
  mkdir -p "$root/build/logs"
  printf '%s/build/logs/%s.log' "$root" "$1"
}
