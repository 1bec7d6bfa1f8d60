#!/usr/bin/env bash
# Lists what a program can name of the library in docs/public-api.txt.
#
#     scripts/public_api.sh           writes it anew
#     scripts/public_api.sh --check   says what differs, and fails if something does
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in
  --check) unset SWATHE_WRITE ;;
  "") export SWATHE_WRITE=1 ;;
  *)
    echo "public_api: unknown argument $1 (--check, or none)" >&2
    exit 2
    ;;
esac

# The stable rustdoc writes JSON if it is told that this is unstable. Only rustdoc is told:
# build scripts that ask for the same would have all that depends on them built anew.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec %q "$@"\n' "${RUSTDOC:-rustdoc}" >"$work/rustdoc"
chmod +x "$work/rustdoc"
RUSTDOC=$work/rustdoc cargo rustdoc --locked --quiet --lib -- \
  -Zunstable-options --output-format json

SWATHE_RUSTDOC=$(pwd)/target/doc/swathe.json
[ -z "${CARGO_TARGET_DIR:-}" ] || SWATHE_RUSTDOC=$CARGO_TARGET_DIR/doc/swathe.json
export SWATHE_RUSTDOC
cargo test --locked --quiet --test it -- --ignored --exact public_api::what_is_public_is_listed
