#!/usr/bin/env bash
# ./dev test [FILTER] | --clients: build (analyzers and style are errors), then the browser's tests, then format check and
# every other test project, two at a time;
# ends with one summed line.
# PASSERELLE_TEST_JOBS: how many at a time. Each one's output is printed when it ends.
set -uo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --clients ] && exec bash tools/clients.sh
filter="${1:-}"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

bash tools/install.sh || { echo "A tool that the tests need could not be installed"; [ "${CI:-}" = true ] && exit 1; }

echo "== build"
dotnet build Passerelle.slnx --nologo -v q || { echo "The build failed"; exit 1; }

names() {
  for project in tests/*/*.csproj; do basename "$project" .csproj; done | grep -vx Passerelle.Clients.Tests | grep -F -- "$filter" | sort -u >"$results/names"
}
one() { xargs -P "${1:-1}" -I NAME bash tools/test-project.sh NAME "$results"; }
# The browser's tests have the machine to themselves: a page is many short turns of many processes, and each would wait for a suite that computes.
names
grep -x Passerelle.Portal.Tests "$results/names" | one
{ echo format; grep -vx Passerelle.Portal.Tests "$results/names"; } | one "${PASSERELLE_TEST_JOBS:-2}"

passed=0 failed=0 skipped=0
sum() { grep -o "<assembly [^>]*" "$1" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
while read -r name; do
  code=$(cat "$results/$name.code" 2>/dev/null || echo missing)
  report="$results/$name.xml"
  if [ ! -f "$report" ]; then
    echo "$name ended with $code and wrote no report"
    failed=$((failed + 1))
    continue
  fi
  bad=$(($(sum "$report" failed) + $(sum "$report" errors)))
  [ "$code" != 0 ] && [ "$bad" -eq 0 ] && bad=1
  passed=$((passed + $(sum "$report" passed)))
  failed=$((failed + bad))
  skipped=$((skipped + $(sum "$report" skipped)))
done <"$results/names"
[ "$(cat "$results/format.code")" = 0 ] || { echo "The format check failed: run ./dev fmt"; failed=$((failed + 1)); }
echo "== failed tests"
grep -hF -A 6 ' [FAIL]' "$results"/*.out || true
echo "== skipped tests"
grep -ho '<test [^>]*result="Skip".*<reason>.*</reason>' "$results"/*.xml 2>/dev/null | sed -E 's/.* name="([^"]*)".*<reason>(<!\[CDATA\[)?([^<\]]*).*/\1: \3/' || true
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
