#!/usr/bin/env bash
# ./dev bench NAME: build (progress on standard error), then measure; a table, or one JSON document, on standard output.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tools/Passerelle.Dev -c Release --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
exec dotnet exec tools/Passerelle.Dev/bin/Release/net10.0/Passerelle.Dev.dll bench "$@"
