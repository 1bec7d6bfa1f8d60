#!/bin/sh
# Installs Chromium, in which a test opens the pages of reports (tests/it/browser.rs).
# Debian's package, as root; does nothing where there is one already.
set -eu
for name in chromium chromium-browser google-chrome-stable google-chrome; do
  if command -v "$name" >/dev/null; then
    exit 0
  fi
done
if ! command -v apt-get >/dev/null; then
  echo "install-chromium: install Chromium by hand: there is no apt-get here" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends chromium >/dev/null
