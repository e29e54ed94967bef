#!/usr/bin/env bash
# ./dev soak NAME: build gateway and tool (progress on standard error), then run the soak.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = fuzz ]; then shift; exec bash tools/fuzz.sh "$@"; fi
dotnet build tools/Passerelle.Dev --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
if [ "${1:-}" = crowd ] || [ "${1:-}" = cluster ]; then
  dotnet build src/Passerelle.Gateway -c Release --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
fi
exec dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll soak "$@"
