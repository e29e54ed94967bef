#!/usr/bin/env bash
# What the tests need besides the .NET SDK, from Debian's packages. Does nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
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
  need msmtp msmtp
  ls /usr/lib/*/libidn.so.12 >/dev/null 2>&1 || missing+=(libidn12) # exim
fi
servers=artifacts/mail-servers # exclude each other as packages, or would run as services: unpacked, not installed
scanners="clamav-daemon libclamav12 libmspack0 rspamd libhyperscan5 libluajit-5.1-2 libluajit-5.1-common"
unpacked() {
  [ "${1:-}" != --clients ] || { [ -x $servers/scanners/usr/sbin/clamd ] && [ -x $servers/scanners/usr/bin/rspamd ] && [ -x $servers/exim4-daemon-light/usr/sbin/exim4 ] && [ -x $servers/opensmtpd/usr/sbin/smtpd ] && id opensmtpq >/dev/null 2>&1; }
}
[ ${#missing[@]} -eq 0 ] && unpacked "$@" && exit 0
[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || {
  echo "Install for the whole test suite: ${missing[*]}"
  exit 1
}
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
[ ${#missing[@]} -eq 0 ] || apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
unpacked "$@" && exit 0
mkdir -p $servers
(
  cd $servers
  for server in exim4-daemon-light opensmtpd; do
    apt-get download -qq "$server" 2>/dev/null
    dpkg -x "$server"_*.deb "$server"
    rm "$server"_*.deb
  done
  mkdir -p scanners && cd scanners
  for package in $scanners; do
    apt-get download -qq "$package" 2>/dev/null
    dpkg -x "$package"_*.deb .
    rm "$package"_*.deb
  done
)
# What their packages would have made: the users that are compiled in, and OpenSMTPD's folders.
for user in Debian-exim opensmtpd opensmtpq; do
  id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
done
install -d -m 755 /var/lib/opensmtpd/empty
install -d -m 711 /var/spool/smtpd
