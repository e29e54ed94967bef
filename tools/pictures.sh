#!/usr/bin/env bash
# ./dev pictures: the test that walks the guide through the lab's sites writes what it sees, in English and French.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/install.sh
dotnet build tests/Passerelle.Portal.Tests --nologo -v q
PASSERELLE_GUIDE_PICTURES="$PWD/docs/pictures/guide" \
  tests/Passerelle.Portal.Tests/bin/Debug/net10.0/Passerelle.Portal.Tests -noColor -noLogo -class Passerelle.Portal.Tests.Sites.TheGuide
