#!/bin/sh
# hostdev-virtual-functions: makes virtual functions of this node's cards, before vfio-pci and virt-handler look for them.
#
#   hostdev-virtual-functions            makes what /etc/hostdev/virtual-functions lists for this node
#   hostdev-virtual-functions --check    says what that would do, and changes nothing
#
# Everything is checked before anything is made; one refusal, and nothing is made on this node. A card that has another number of them
# already is refused: changing the number removes those that are there, from guests too. What fails half way is taken back.
#
# Called at night: read /run/hostdev/functions.status, then `journalctl -u hostdev-virtual-functions`, then run it with --check.
# Exit status: 0 done, or nothing to do; 1 refused or failed; 2 wrong invocation.
# HOSTDEV_WAIT: seconds to wait for drivers that are slow to appear, 30. HOSTDEV_ROOT, HOSTDEV_KERNEL: for tests only.
# shellcheck disable=SC2018,SC2019 # ASCII is meant
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022

ROOT=${HOSTDEV_ROOT:-}
WAIT=${HOSTDEV_WAIT:-30}
TABLE=$ROOT/etc/hostdev/virtual-functions
RUN=$ROOT/run/hostdev
SYS=$ROOT/sys
PCI=$SYS/bus/pci/devices
MODE='make'
REPORT=
REFUSED=0
MADE=

# A line of the table: the node, the id of the cards, how many of each.
ROW='^(any|uuid=[0-9a-f-]{36}|host=[a-z0-9._-]+) [0-9a-f]{4}:[0-9a-f]{4} [1-9][0-9]{0,4}$'

# Names in sysfs come from devices: nothing but printable characters reaches a log.
printable() { tr -c ' -~\n' '?'; }

say() {
  case $* in
    *[!\ -~]*) printf 'hostdev-virtual-functions: %s\n' "$*" | printable ;;
    *) printf 'hostdev-virtual-functions: %s\n' "$*" ;;
  esac
}

note() { # ADDRESS TEXT
  say "$1: $2"
  REPORT="$REPORT$1 $2
"
}

refuse() { # ADDRESS REASON
  REFUSED=$((REFUSED + 1))
  note "$1" "refused: $2"
}

finish() { # STATE EXIT-STATUS: writes the result and ends
  if [ "$MODE" = make ]; then
    mkdir -p "$RUN"
    printf '%s\n%s' "$1" "$REPORT" | printable > "$RUN/functions.status.new"
    mv "$RUN/functions.status.new" "$RUN/functions.status" || say "cannot write $RUN/functions.status"
  fi
  say "result: $1"
  exit "$2"
}

give_up() { # REASON: nothing was touched yet
  refuse - "$1"
  finish refused 1
}

# What these find they leave in a variable: on a slow node a process for each attribute would be most of what a run takes.

attr() { # FILE: `value` is its first line without blanks around it; nothing when there is no such file
  value=
  [ ! -r "$1" ] || read -r value < "$1" || :
}

number() { # FILE: `value` is 0 for what is no number
  attr "$1"
  case $value in '' | *[!0-9]*) value=0 ;; esac
}

lower() { # `value` without capitals
  case $value in *[A-Z]*) value=$(printf '%s' "$value" | tr 'A-Z' 'a-z') ;; esac
}

hex() { # FILE: `value` is 10de for 0x10de
  attr "$1"
  value=${value#0x}
}

follow() { # LINK: `target` is what it leads to; itself, and failure, when it is no link
  target=$1
  [ -L "$1" ] || return 1
  # a folder knows its path, anything else has to be asked for
  if cd -P "$1" 2> /dev/null; then
    target=$PWD
    cd /
  else
    target=$(readlink "$1")
  fi
}

driver_of() { # ADDRESS: `driver` is the driver's name; nothing when none is bound
  driver=
  ! follow "$PCI/$1/driver" || driver=${target##*/}
}

cards_of() { # ID: the physical functions with this id, one a line
  for device in "$PCI"/*; do
    [ -e "$device/sriov_totalvfs" ] || continue
    hex "$device/vendor"
    id=$value
    hex "$device/device"
    [ "$id:$value" != "$1" ] || echo "${device##*/}"
  done
}

tick() { # one second of HOSTDEV_WAIT; fails when it is used up
  [ "$WAIT" -gt 0 ] || return 1
  WAIT=$((WAIT - 1))
  sleep 1
}

is_ready() { # every card of every row is there, with a driver
  while read -r _ id _; do
    cards=$(cards_of "$id")
    [ -n "$cards" ] || return 1
    for address in $cards; do
      driver_of "$address"
      [ -n "$driver" ] || return 1
    done
  done << EOF
$ROWS
EOF
}

check() { # ADDRESS COUNT
  number "$PCI/$1/sriov_numvfs"
  now=$value
  if [ "$now" = "$2" ]; then
    note "$1" "has $now already"
    return
  fi
  driver_of "$1"
  case $driver in
    '') refuse "$1" 'it has no driver, which would have to make them' && return ;;
    *vfio*) refuse "$1" 'it is handed over itself: its own driver would have to make them' && return ;;
  esac
  number "$PCI/$1/sriov_totalvfs"
  total=$value
  if [ "$now" -ne 0 ]; then
    refuse "$1" "it has $now of them, $2 are declared: remove those first (write 0 to sriov_numvfs), when no guest has one"
  elif [ "$2" -gt "$total" ]; then
    refuse "$1" "it can have $total of them, $2 are declared"
  else
    TODO="$TODO$1 $2
"
    [ "$MODE" = make ] || note "$1" "would get $2"
  fi
}

put() { # VALUE FILE: one write to the kernel
  printf '%s\n' "$1" > "$2" || return 1
  [ -z "$ROOT" ] || [ -z "${HOSTDEV_KERNEL:-}" ] || "$HOSTDEV_KERNEL" "$1" "$2" < /dev/null
}

take_back() { # what this run made
  for address in $MADE; do
    if put 0 "$PCI/$address/sriov_numvfs"; then note "$address" 'taken back'; else note "$address" 'not taken back'; fi
  done
}

read_rows() {
  [ -r "$TABLE" ] || give_up "cannot read $TABLE"
  wrong=$(grep -Ev -e '^(#|$)' -e "$ROW" "$TABLE")
  [ -z "$wrong" ] || give_up "$TABLE has a line that is not understood: $wrong"
  attr "$SYS/class/dmi/id/product_uuid"
  lower
  uuid=$value
  if grep -q '^host=' "$TABLE" && ! grep -q "^uuid=$uuid " "$TABLE"; then
    until is_settled; do tick || give_up 'the host name is not settled, and rows are told apart by it'; done
  fi
  is_settled || host=
  ROWS=$(awk -v "uuid=uuid=$uuid" -v "host=host=$host" '$1 == "any" || $1 == uuid || $1 == host' "$TABLE")
  twice=$(printf '%s\n' "$ROWS" | awk 'NF && seen[$2]++ { print $2 }')
  [ -z "$twice" ] || give_up "$TABLE lists $twice twice for this node"
}

is_settled() {
  attr "$ROOT/proc/sys/kernel/hostname"
  lower
  host=$value
  case $host in '' | '(none)' | localhost | localhost.*) return 1 ;; esac
}

case "$# ${1:-}" in
  '0 ') ;;
  '1 --check') MODE=$1 ;;
  *) echo 'usage: hostdev-virtual-functions [--check]' >&2 && exit 2 ;;
esac
case $WAIT in '' | *[!0-9]* | ?????*) WAIT=30 ;; esac
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || { echo 'hostdev-virtual-functions: run it as root' >&2 && exit 2; }

read_rows
if [ -z "$ROWS" ]; then
  note - 'no row is for this node: nothing is made'
  finish nothing 0
fi
until is_ready; do tick || break; done
TODO=
while read -r _ id count; do
  cards=$(cards_of "$id")
  [ -n "$cards" ] || refuse - "there is no card $id that can have virtual functions"
  for address in $cards; do check "$address" "$count"; done
done << EOF
$ROWS
EOF
[ "$REFUSED" -eq 0 ] || finish refused 1
[ "$MODE" = make ] || finish check 0
trap 'take_back; finish failed 1' INT TERM HUP
while read -r address count; do
  [ -n "$address" ] || continue
  MADE="$MADE $address"
  if put "$count" "$PCI/$address/sriov_numvfs" && number "$PCI/$address/sriov_numvfs" && [ "$value" = "$count" ]; then
    note "$address" "got $count"
  else
    note "$address" 'failed: its driver does not make them'
    take_back
    finish failed 1
  fi
done << EOF
$TODO
EOF
finish made 0
