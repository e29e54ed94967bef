#!/usr/bin/env bash
# ./dev pictures: the tests that walk the guide, through the lab's sites and through the portal, write what they see, in English and French.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/install.sh
dotnet build tests/Passerelle.Portal.Tests --nologo -v q
PASSERELLE_GUIDE_PICTURES="$PWD/docs/pictures/guide" PASSERELLE_PORTAL_PICTURES="$PWD/docs/pictures/portal" \
  tests/Passerelle.Portal.Tests/bin/Debug/net10.0/Passerelle.Portal.Tests -noColor -noLogo -class Passerelle.Portal.Tests.Sites.TheGuide -class Passerelle.Portal.Tests.TheGuidesPortal
