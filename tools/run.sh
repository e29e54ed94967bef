#!/usr/bin/env bash
# ./dev run: build gateway and lab (not the tests), then hand over to the tool that shows the round trip.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*"; }
say "Building gateway and lab ..."
for project in src/Passerelle.Lab src/Passerelle.Gateway tools/Passerelle.Dev; do
  dotnet build "$project" --nologo -v q -clp:ErrorsOnly || { say "The build failed"; exit 1; }
done
exec dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll run "$@"
