#!/usr/bin/env bash
# ./dev lab-conformance --breaks: do the tests that show a fact see it when the lab's behaviour is broken? Each line of breaks.tsv
# is written into a copy of the last commit, built, and the tests of its fact are run: they must fail, and pass when it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
breaks=$PWD/tools/Passerelle.Dev/Conformance/breaks.tsv
copy=$(mktemp -d -t lab-breaks-XXXXXX)
trap 'rm -rf "$copy"' EXIT
git archive HEAD | tar -x -C "$copy"
cd "$copy"
tests=tests/Passerelle.Lab.Tests/bin/Debug/net10.0/Passerelle.Lab.Tests

shown() { # is there a test of this fact, and does every one pass?
  "$tests" -noColor -noLogo -trait "Shows=$1" >run.out 2>&1 && grep -q 'Total: [1-9]' run.out
}

build() { dotnet build tests/Passerelle.Lab.Tests --nologo -v q -clp:ErrorsOnly >build.out 2>&1 || { cat build.out >&2; exit 1; }; }

build
unseen=0
while IFS=$'\t' read -r file text broken fact; do
  [[ $file == \#* ]] && continue
  source=src/Passerelle.Lab/$file
  shown "$fact" || { echo "$fact: its tests do not pass as it is" >&2; exit 1; }
  cp "$source" kept.cs
  TEXT=$text BROKEN=$broken perl -0pi -e 's/\Q$ENV{TEXT}\E/$ENV{BROKEN}/' "$source"
  cmp -s "$source" kept.cs && { echo "$file has no longer: $text" >&2; exit 1; }
  build
  if shown "$fact"; then echo "NOT SEEN  $fact  $file: $broken"; unseen=1; else echo "seen      $fact  $file: $broken"; fi
  mv kept.cs "$source"
  touch "$source" # newer than the broken build
done <"$breaks"
exit "$unseen"
