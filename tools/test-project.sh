#!/usr/bin/env bash
# One of the jobs of tools/test.sh: a test project or "format". Leaves NAME.code (and NAME.xml) in the folder of results.
name=$1 results=$2
if [ "$name" = format ]; then
  # Style and analyzers were errors of the build; this sees what a compiler does not: blanks at line ends, last lines, encodings.
  dotnet format whitespace . --folder --verify-no-changes --exclude '**/obj/**' '**/bin/**' >"$results/format.out" 2>&1
else
  "tests/$name/bin/Debug/net10.0/$name" -noColor -noLogo -longRunning 120 -result-xml "$results/$name.xml" >"$results/$name.out" 2>&1
fi
echo $? >"$results/$name.code"
exec 9>"$results/printing" && flock 9
echo "== $name (${SECONDS} s)"
cat "$results/$name.out"
exit 0
