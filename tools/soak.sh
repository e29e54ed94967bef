#!/usr/bin/env bash
# ./dev soak NAME: build gateway and tool (progress on standard error), then run the soak.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=Debug
case "${1:-}" in
  fuzz) shift; exec bash tools/fuzz.sh "$@" ;;
  crowd) dotnet build src/Passerelle.Gateway -c Release --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; } ;;
  cluster | send) kind=Release ;; # they measure, and stand beside what is measured
esac
dotnet build tools/Passerelle.Dev -c "$kind" --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
exec dotnet exec "tools/Passerelle.Dev/bin/$kind/net10.0/Passerelle.Dev.dll" soak "$@"
