#!/usr/bin/env bash
# ./dev run: build gateway and lab (not the tests) when a source is newer than the last build, then show the round trip.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=tools/Passerelle.Dev/bin/Debug/net10.0/Passerelle.Dev.dll
stamp=tools/Passerelle.Dev/obj/run.stamp

stale() {
  [ ! -f "$tool" ] || [ ! -f "$stamp" ] || [ -n "$(find src tools ./*.props global.json -newer "$stamp" -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]
}

if stale; then
  echo "Building gateway and lab (the first time about a minute) ..."
  dotnet build tools/Passerelle.Dev --nologo -v q -clp:ErrorsOnly
  touch "$stamp"
fi
exec dotnet exec "$tool" run "$@"
