#!/usr/bin/env bash
# ./dev guide [--json]: run the tests that name a row of the guide (progress on standard error), then hold the guide against them.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=../shared/seed/rows.json
[ -f "$rows" ] || { echo "$rows is absent: there is nothing to hold the product against" >&2; exit 1; }
bash tools/install.sh >&2
reports=$(mktemp -d -t guide-XXXXXX)
trap 'rm -rf "$reports"' EXIT
projects=(Gateway Journey Lab Portal)
for project in "${projects[@]/#/tests/Passerelle.}"; do
  dotnet build "$project.Tests" --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
done
for project in "${projects[@]}"; do
  "tests/Passerelle.$project.Tests/bin/Debug/net10.0/Passerelle.$project.Tests" -noColor -noLogo -preEnumerateTheories -trait 'Guide=*' -result-xml "$reports/$project.xml" >&2 || true # a test that failed is counted
done
files=("${projects[@]/%/.xml}")
dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll guide --rows "$rows" --places tools/Passerelle.Dev/Guide/places.json \
  "${files[@]/#/--report=$reports/}" "$@"
