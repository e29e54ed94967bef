#!/usr/bin/env bash
# ./dev lab-conformance [--json] [--report FILE]: run the lab's tests (progress on standard error), then hold the facts
# against what passed. FILE is the report of a run of other tests that show facts, such as those of foreign clients.
# With --breaks: see lab-breaks.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --breaks ] && exec bash tools/lab-breaks.sh
facts=../shared/facts/index.json
[ -f "$facts" ] || { echo "$facts is absent: there is nothing to hold the lab against" >&2; exit 1; }
report=$(mktemp -t lab-conformance-XXXXXX.xml)
trap 'rm -f "$report"' EXIT
for project in tests/Passerelle.Lab.Tests tools/Passerelle.Dev; do
  dotnet build "$project" --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
done
tests/Passerelle.Lab.Tests/bin/Debug/net10.0/Passerelle.Lab.Tests -noColor -noLogo -xml "$report" >&2 || true # a test that failed is counted
[ -s "$report" ] || { echo "The tests wrote no report" >&2; exit 1; }
mapfile -t catalogues < <(find src/Passerelle.Lab -path '*/Catalogue/*.json' -not -path '*/bin/*' -not -path '*/obj/*')
dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll conformance --index "$facts" --report "$report" \
  "${catalogues[@]/#/--catalogue=}" --reasons tools/Passerelle.Dev/Conformance/not-done.json "$@"
