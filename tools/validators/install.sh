#!/bin/bash
# Builds other people's validators that no package of Debian has in a version that fits, through the Go module proxy.
#
#   tools/validators/install.sh ignition|butane    prints the path of the program; status 3 and a reason where it cannot be had
#
# The result is kept in .cache/validators and used again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

case ${1:-} in
  # 2.21 knows the formats up to 3.5; Debian's package ends at 3.3
  ignition) module=github.com/coreos/ignition/v2 version=v2.21.0 package=./validate ;;
  butane) module=github.com/coreos/butane version=v0.25.0 package=./internal ;;
  *) echo 'usage: install.sh ignition|butane' >&2 && exit 2 ;;
esac
mkdir -p "$here/../../.cache/validators"
cache=$(readlink -f "$here/../../.cache/validators")
program=$cache/$1-$version
exec 9> "$program.lock"
flock 9 # of two that are started at once, one builds it and the other uses it
if [ ! -x "$program" ]; then
  PATH=$PATH:/usr/local/go/bin
  command -v go > /dev/null || { echo "$1: no Go to build it with" >&2 && exit 3; }
  export GOFLAGS=-mod=mod GOTOOLCHAIN=${GOTOOLCHAIN:-auto}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # by its exact version: a proxy need not list the others, which `go install` asks for
  source=$(cd "$work" && go mod download -json "$module@$version" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -n "$source" ] || { echo "$1: $module@$version cannot be downloaded" >&2 && exit 3; }
  # neither its vendored packages nor its own go.mod, which is read-only
  cp "$source/go.mod" "$work/build.mod" && cp "$source/go.sum" "$work/build.sum" && chmod u+w "$work"/build.*
  (cd "$source" && go build -modfile="$work/build.mod" -buildvcs=false -trimpath -o "$work/$1" "$package") >&2 ||
    { echo "$1: $module@$version cannot be built" >&2 && exit 3; }
  mv "$work/$1" "$program"
fi
echo "$program"
