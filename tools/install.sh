#!/usr/bin/env bash
# What the tests need besides the .NET SDK, from Debian's packages. Does nothing where all is there.
set -euo pipefail
missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || missing+=("$2"); }
need chromium chromium
need swaks swaks
perl -MNet::SSLeay -e 1 2>/dev/null || missing+=(libnet-ssleay-perl) # swaks --tls
need strace strace
need smtp-source postfix
need /usr/lib/postgresql/15/bin/initdb postgresql-15
if [ "${1:-}" = --clients ]; then
  need node nodejs
  need npm npm
  need python3 python3
fi
[ ${#missing[@]} -eq 0 ] && exit 0
[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || {
  echo "Install for the whole test suite: ${missing[*]}"
  exit 1
}
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
