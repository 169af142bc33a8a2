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
  [[ $preset != fuzz ]] || set -- fuzzers
  cmake --build "$root/build/$preset" ${1+--target "$@"}
}

# fuzz SECONDS OUT [COMMAND...]: every libFuzzer program of the preset `fuzz` for SECONDS, as many at a time as there
# are processors, each started by COMMAND. Inputs that were new are kept in OUT/NAME, those that crash it, or take 5 s
# or 2 GB, are OUT/NAME-crash-HASH and the like. The seed is fixed; how far it gets depends on the machine.
fuzz() {
  local seconds=$1 out=$2 program name broken=0
  shift 2
  for program in "$root"/build/fuzz/fuzz/fuzz_*; do
    while (($(jobs -rp | wc -l) >= $(nproc))); do wait -n || true; done
    name=${program##*/fuzz_}
    "$@" mkdir -p "$out/$name"
    rm -f "$out/$name.ok"
    { "$@" timeout -k 10 $((seconds + 120)) "$program" -seed=1 "-max_total_time=$seconds" -max_len=8192 -timeout=5 \
      -rss_limit_mb=2048 -print_final_stats=1 "-dict=$root/tests/fuzz/$name.dict" "-artifact_prefix=$out/$name-" \
      "$out/$name" "$root/tests/fuzz/corpus/$name" && touch "$out/$name.ok"; } >"$out/$name.log" 2>&1 </dev/null &
  done
  wait
  for program in "$root"/build/fuzz/fuzz/fuzz_*; do
    name=${program##*/fuzz_}
    if [[ -f $out/$name.ok ]]; then
      printf '%s: seed 1, %s runs in %d s\n' "$name" "$(awk '/number_of_executed_units/ { print $2 }' "$out/$name.log")" "$seconds"
    else
      broken=1
      printf '%s: broken by the input below; keep it in tests/fuzz/corpus/%s when it is mended\n' "$name" "$name"
      grep -vE '^#[0-9]+\s|^\s+(NEW|REDUCE|pulse)' "$out/$name.log" | tail -n 60
    fi
  done
  if [[ -f $out/export_python.ok ]]; then exported_programs "$out" "$@" || broken=1; fi
  return "$broken"
}

# exported_programs OUT [COMMAND...]: what the fuzzing of the exporter found, as programs, judged by Python's own parser.
exported_programs() {
  local out=$1 programs=$1/programs
  shift
  "$@" mkdir -p "$programs"
  "$@" env "SOCKSCOPE_EXPORT_TO=$programs" "$root/build/fuzz/fuzz/fuzz_export_python" -runs=0 "$out/export_python" \
    "$root/tests/fuzz/corpus/export_python" >/dev/null 2>&1
  printf 'export_python: %s programs for Python: ' "$(find "$programs" -name '*.py' | wc -l)"
  find "$programs" -name '*.py' -exec /usr/bin/python3 -B "$root/tests/core/export/only_calls.py" {} +
}

log_file() {
  mkdir -p "$root/build/logs"
  printf '%s/build/logs/%s.log' "$root" "$1"
}
