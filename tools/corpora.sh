#!/usr/bin/env bash
# ./dev corpora [--json] [--page FILE]: run the tests that count a corpus (progress on standard error), then hold the counts against
# the thresholds beside the corpora.
set -euo pipefail
cd "$(dirname "$0")/.."
thresholds=../shared/corpora/thresholds.json
[ -f "$thresholds" ] || { echo "$thresholds is absent: there is nothing to count" >&2; exit 1; }
counts=$(mktemp -t corpora-XXXXXX.jsonl)
trap 'rm -f "$counts"' EXIT
projects=(Mail Smtp Lab Gateway)
for project in tools/Passerelle.Dev "${projects[@]/#/tests/Passerelle.}"; do
  [ -d "$project" ] || project=$project.Tests
  dotnet build "$project" --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
done
for project in "${projects[@]}"; do
  PASSERELLE_CORPORA=$counts "tests/Passerelle.$project.Tests/bin/Debug/net10.0/Passerelle.$project.Tests" -noColor -noLogo -trait Corpus=counted >&2 || true # counted all the same
done
dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll corpora --thresholds "$thresholds" --counts "$counts" "$@"
