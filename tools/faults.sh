#!/usr/bin/env bash
# ./dev faults [--json] [--only ID…] [--page docs/faults.md]: build gateway, lab and tool (progress on standard error), then set
# every fault of ../shared/facts/faults.json and ask the doctor.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tools/Passerelle.Dev --nologo -v q -clp:ErrorsOnly >&2 || { echo "The build failed" >&2; exit 1; }
exec dotnet exec tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll faults "$@"
