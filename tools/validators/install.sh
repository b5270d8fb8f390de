#!/bin/bash
# Builds other people's validators that no package of Debian has in a version that fits, through the Go module proxy.
#
#   tools/validators/install.sh ignition     prints the path of the program; status 3 and a reason where it cannot be had
#
# The result is kept in .cache/validators and used again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# 2.21 knows the formats up to 3.5; Debian's package ends at 3.3
ignition=v2.21.0

case ${1:-} in
  ignition) module=github.com/coreos/ignition/v2/validate@$ignition program=validate version=$ignition ;;
  *) echo 'usage: install.sh ignition' >&2 && exit 2 ;;
esac
folder=$here/../../.cache/validators/$1-$version
if [ ! -x "$folder/$program" ]; then
  PATH=$PATH:/usr/local/go/bin
  command -v go > /dev/null || { echo "$1: no Go to build it with" >&2 && exit 3; }
  mkdir -p "$folder"
  folder=$(readlink -f "$folder")
  GOBIN=$folder GOFLAGS=-mod=mod go install "$module" >&2 || { echo "$1: $module cannot be built" >&2 && exit 3; }
fi
readlink -f "$folder/$program"
