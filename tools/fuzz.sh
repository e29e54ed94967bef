#!/usr/bin/env bash
# ./dev soak fuzz [--minutes N] [--json]: AFL++ looks for what breaks the reader and the session of Passerelle.Smtp, guided by coverage. Progress on standard
# error; a later call goes on where the last one stopped. Findings: artifacts/soak/fuzz/found; play one with
#   dotnet tools/Passerelle.Fuzz/bin/Release/net10.0/Passerelle.Fuzz.dll replay FILE
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=30 json=no
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) minutes=$2; shift 2 ;;
    --json) json=yes; shift ;;
    *) echo "Usage: ./dev soak fuzz [--minutes N] [--json]" >&2; exit 2 ;;
  esac
done

afl=$(command -v afl-fuzz || true)
if [ -z "$afl" ]; then # unpacked, not installed: it would bring a compiler
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/passerelle/afl
  if [ ! -x "$cache/usr/bin/afl-fuzz" ]; then
    mkdir -p "$cache"
    (cd "$cache" && apt-get download afl++ >&2 && dpkg -x afl++_*.deb .) || { echo "afl-fuzz is missing: install the package afl++" >&2; exit 1; }
  fi
  afl=$cache/usr/bin/afl-fuzz
fi

build=artifacts/soak/fuzz/build out=artifacts/soak/fuzz/out seeds=artifacts/soak/fuzz/seeds found=artifacts/soak/fuzz/found
mkdir -p artifacts/soak/fuzz "$found"
dotnet build tools/Passerelle.Fuzz -c Release --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
rm -rf "$build" && cp -r tools/Passerelle.Fuzz/bin/Release/net10.0 "$build"
dotnet exec tools/Passerelle.Fuzz/bin/Release/net10.0/Passerelle.Fuzz.dll instrument "$build/Passerelle.Smtp.dll"
corpora=../shared/corpora; [ -d "$corpora" ] || corpora=
rm -rf "$seeds" && dotnet exec tools/Passerelle.Fuzz/bin/Release/net10.0/Passerelle.Fuzz.dll seeds "$seeds" ${corpora:+"$corpora"}

SECONDS=0
before=$(sed -n 's/^execs_done *: //p' "$out/default/fuzzer_stats" 2>/dev/null || echo 0)
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_AUTORESUME=1 AFL_NO_AFFINITY=1
export DOTNET_TieredPGO=0 DOTNET_gcServer=0
fuzz() {
  timeout --signal=INT $((minutes * 60 + 120)) "$afl" -i "$seeds" -o "$out" -x tools/Passerelle.Fuzz/smtp.dict -m none -t 5000 -V $((minutes * 60)) -- \
    "$(command -v dotnet)" exec "$build/Passerelle.Fuzz.dll" >&2
}
fuzz || { [ "$SECONDS" -lt 120 ] && fuzz; } || true # its first look at a program that has never run here may see no counters

stat() { sed -n "s/^$1 *: //p" "$out/default/fuzzer_stats"; }
[ -f "$out/default/fuzzer_stats" ] || { echo "afl-fuzz did not start" >&2; exit 1; }
crashes=$(find "$out/default/crashes" -name 'id:*' | wc -l) hangs=$(find "$out/default/hangs" -name 'id:*' | wc -l)
find "$out/default/crashes" "$out/default/hangs" -name 'id:*' -exec cp {} "$found" \;
note="$(stat corpus_count) inputs, $(stat edges_found) edges, $(stat execs_per_sec) a second, $crashes crashes, $(stat run_time) s in all"
if [ $json = yes ]; then
  printf '{"soak":"fuzz","runs":%s,"lost":0,"duplicated":0,"hangs":%s,"notes":["%s"]}\n' "$(stat execs_done)" "$((crashes + hangs))" "$note"
else
  printf 'fuzz: %s runs (%s before), %s hangs\n%s\n' "$(stat execs_done)" "$before" "$hangs" "$note"
fi
[ "$crashes" = 0 ] && [ "$hangs" = 0 ]
