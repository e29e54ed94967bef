#!/usr/bin/env bash
# ./dev test [FILTER]: build, analyzers, format check, then every test project; ends with one summed line.
set -uo pipefail
cd "$(dirname "$0")/.."
filter="${1:-}"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

bash tools/install.sh || { echo "A tool that the tests need could not be installed"; [ "${CI:-}" = true ] && exit 1; }

echo "== build"
dotnet build Passerelle.slnx --nologo -v q || { echo "The build failed"; exit 1; }
echo "== format"
dotnet format Passerelle.slnx --verify-no-changes --no-restore || { echo "Run ./dev fmt"; exit 1; }

passed=0 failed=0 skipped=0 broken=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  case "$name" in *"$filter"*) ;; *) continue ;; esac
  echo "== $name"
  "tests/$name/bin/Debug/net10.0/$name" -noColor -noLogo -longRunning 120 -xml "$results/$name.xml"
  code=$?
  report="$results/$name.xml"
  if [ ! -f "$report" ]; then
    echo "$name ended with $code and wrote no report"
    broken=$((broken + 1))
    continue
  fi
  count() { grep -o "<assembly [^>]*" "$report" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed) + $(count errors)))
  skipped=$((skipped + $(count skipped)))
  [ "$code" -ne 0 ] && [ "$(count failed)" -eq 0 ] && broken=$((broken + 1))
done
echo "== skipped tests"
grep -ho '<test [^>]*result="Skip".*<reason>.*</reason>' "$results"/*.xml 2>/dev/null | sed -E 's/.* name="([^"]*)".*<reason>(<!\[CDATA\[)?([^<\]]*).*/\1: \3/' || true
failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
