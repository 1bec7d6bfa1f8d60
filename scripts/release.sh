#!/usr/bin/env bash
# The checklist of a release. Run with --dry-run first: it changes nothing outside of
# target/, and is what `.ci/run` runs.
#
#     scripts/release.sh --dry-run
#     scripts/release.sh VERSION
#
# With a version it also checks that VERSION is that of Cargo.toml, that the changelog has
# a section of it, and that the tree is as it was committed; then it makes the tag, which is
# the only thing it leaves. To push the tag and to publish the crate is done by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() {
  echo "release: $*" >&2
  exit 1
}
step() {
  printf '== %s\n' "$*"
  "$@"
}

case "${1:-}" in
  --dry-run) version= ;;
  "" | -*) die "name a version, or --dry-run" ;;
  *) version=$1 ;;
esac

here=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
[ -n "$here" ] || die "Cargo.toml: no version found"
grep -q '^## Unreleased' CHANGELOG.md || die "CHANGELOG.md: no section Unreleased"

# What is saved is read by later versions: each format that was released has its files.
[ ! -d tests/fixtures/saved ] || [ -n "$(ls -A tests/fixtures/saved)" ] ||
  die "tests/fixtures/saved has no saved files of any format"

# The package has what it is built from, and nothing else of size.
files=$(cargo package --locked --allow-dirty --list)
for needed in Cargo.toml Cargo.lock README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE src/lib.rs; do
  grep -qxF "$needed" <<<"$files" || die "the package lacks $needed"
done
if grep -qE '^(target|\.ci)/' <<<"$files"; then
  die "the package has files of the build"
fi
# Names that Windows reserves cannot be checked out there.
reserved=$(grep -iE '(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?$' <<<"$files" || true)
[ -z "$reserved" ] || die "Windows reserves these names: $reserved"

if [ -z "$version" ]; then
  echo "release: $here: the checklist passes (dry run; nothing was built or tagged)"
  exit 0
fi

[ "$version" = "$here" ] || die "Cargo.toml says $here, not $version"
grep -q "^## \[\?$version\]\?" CHANGELOG.md || die "CHANGELOG.md: no section $version"
[ -z "$(git status --porcelain)" ] || die "the tree is not as it was committed"
step .ci/run
step cargo build --profile dist --locked
step target/dist/swathe --version
step git tag --annotate "v$version" --message "swathe $version"
echo "release: tagged v$version; push the tag, and run cargo publish"
