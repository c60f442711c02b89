#!/bin/bash
# Brings what the tests of PostgreSQL, S3 and the browser need, from Debian's packages. Does nothing when it is there.
# Runs as root or through sudo; leaves no service running.
set -eu

packages=(postgresql-15 chromium ceph-mon ceph-osd radosgw ceph-common util-linux ffmpeg)

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

install() {
  as_root apt-get install --yes --no-install-recommends "$@"
}

if ! command -v apt-get >/dev/null; then
  echo "This set-up is for Debian and its kin. Elsewhere install: PostgreSQL 15 or newer, Chromium, Ceph's radosgw." >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "Everything that the tests need is here."
  exit 0
fi

echo "Installing ${missing[*]} …"
as_root apt-get update
if ! is_installed postgresql-common; then
  # Debian would make a cluster and start it: the tests make their own.
  install postgresql-common
  as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
fi
install "${missing[@]}"
