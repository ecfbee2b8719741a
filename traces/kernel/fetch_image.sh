#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the path of Debian's newest cloud kernel of a series, fetched into the user's cache if it is not
# there yet. Nothing is installed, and the machine's own package sources stay as they are: a series that
# they lack is looked for in other suites of the same mirror, through a private configuration of apt.
#
# usage: fetch_image.sh 6.1|6.12|7.3 [cached]
#
# With `cached`, nothing is fetched: an image that is not in the cache cannot be had.
set -eu

fail() {
  echo "no image of Linux $series: $*" >&2
  exit 1
}

# The newest package whose name fits, in whatever sources apt was told to use.
newest() {
  apt-cache "$@" pkgnames linux- | grep -E "^$pattern\$" | sort -V | tail -n 1
}

# The mirror this machine gets Debian itself from.
mirror() {
  apt-get indextargets --format '$(ORIGIN)|$(CODENAME)|$(REPO_URI)' 'Created-By: Packages' |
    sed -n 's/^Debian|[a-z]*|//p' | head -n 1
}

# Sets the positional parameters of apt to a private configuration with the suites of the series.
make_private_sources() {
  uri=$(mirror)
  test -n "$uri" || fail "the package index names no Debian mirror; run apt-get update"
  mkdir -p "$private/lists/partial" "$private/archives/partial"
  : >"$private/status"
  for suite in $suites; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
  done >"$private/sources.list"
}

series=${1:-}
name=$(printf '%s' "$series" | sed 's/\./\\./g')
pattern="linux-image-$name\\.[0-9].*-cloud-amd64-unsigned"
case $series in
  6.1) suites="bookworm" ;;
  6.12) suites="bookworm-backports trixie" ;;
  7.3)
    suites="trixie-backports"
    pattern="linux-binary-unsigned-$name\\.[0-9].*-cloud-amd64"
    ;;
  *)
    echo "usage: $0 6.1|6.12|7.3 [cached]" >&2
    exit 2
    ;;
esac

cache=${XDG_CACHE_HOME:-$HOME/.cache}/uffdsim/kernels
image=$(find "$cache/$series" -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)
if [ -n "$image" ]; then
  echo "$image"
  exit 0
fi
test "${2:-}" != cached || fail "it is not in the cache, run $0 $series"
for tool in apt-get apt-cache dpkg-deb; do
  command -v "$tool" >/dev/null || fail "$tool is missing, this is not a Debian system"
done
mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
private=$cache/apt

set -- -q
package=$(newest "$@")
if [ -z "$package" ]; then
  make_private_sources
  set -- -q -o "Dir::Etc::sourcelist=$private/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::lists=$private/lists" -o "Dir::State::status=$private/status" \
    -o "Dir::Cache=$private" -o Dir::Cache::archives=archives -o Acquire::Languages=none
  apt-get "$@" update >"$work/log" 2>&1 || fail "apt-get update of $suites: $(tail -n 1 "$work/log")"
  package=$(newest "$@")
fi
test -n "$package" || fail "no package matches $pattern"
(cd "$work" && apt-get "$@" -o APT::Sandbox::User=root download "$package" >log 2>&1) ||
  fail "apt-get download $package: $(tail -n 1 "$work/log")"
dpkg-deb -x "$work"/*.deb "$work/root"
image=$(find "$work/root" -type f -name 'vmlinuz*' | head -n 1)
test -n "$image" || fail "$package holds no vmlinuz"
release=$(printf '%s' "$package" | sed 's/^linux-image-//; s/^linux-binary-unsigned-//; s/-unsigned$//')
mkdir -p "$cache/$series"
mv "$image" "$cache/$series/vmlinuz-$release"
echo "$cache/$series/vmlinuz-$release"
