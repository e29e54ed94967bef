#!/usr/bin/env bash
# ./dev test --clients: build, format check, then unmodified clients of Microsoft 365 against the lab; ends with one summed line.
# PASSERELLE_CLIENTS_REPORT: where to keep the report, for ./dev lab-conformance --report.
set -uo pipefail
cd "$(dirname "$0")/.."
name=Passerelle.Clients.Tests
kept=${PASSERELLE_CLIENTS_REPORT:-}
report=$(mktemp -t clients-XXXXXX.xml)
trap 'rm -f "$report"' EXIT

bash tools/install.sh --clients || { echo "A tool that the clients need could not be installed"; [ "${CI:-}" = true ] && exit 1; }
echo "== node clients"
npm ci --prefix tests/clients/node --no-audit --no-fund --loglevel=error || { echo "The Node clients could not be installed"; exit 1; }
echo "== build"
dotnet build "tests/$name" --nologo -v q || { echo "The build failed"; exit 1; }
echo "== format"
formatted=0
dotnet format "tests/$name/$name.csproj" --verify-no-changes --no-restore --include "tests/$name/" ||
  { echo "The format check failed: run dotnet format tests/$name"; formatted=1; }
echo "== $name"
"tests/$name/bin/Debug/net10.0/$name" -noColor -noLogo -longRunning 120 -result-xml "$report"
code=$?
[ -s "$report" ] || { echo "$name ended with $code and wrote no report"; exit 1; }
[ -z "$kept" ] || cp "$report" "$kept"

sum() { grep -o "<assembly [^>]*" "$report" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(sum passed) skipped=$(sum skipped) failed=$(($(sum failed) + $(sum errors)))
[ "$code" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
failed=$((failed + formatted))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
