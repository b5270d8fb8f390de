#!/bin/sh
# hostdev-vgpus: makes the vGPUs of this node's cards, before virt-handler looks for them.
#
#   hostdev-vgpus            makes what /etc/hostdev/vgpus lists for this node
#   hostdev-vgpus --check    says what that would do, and changes nothing
#
# A vGPU is a mediated device, or a virtual function that NVIDIA's driver is told the type of. The kernel forgets both when it ends, so
# they are made at every boot. Everything is checked before anything is made; one refusal, and nothing is made on this node. What is there
# already counts and is never changed or removed: a guest may have it. What fails half way is taken back.
#
# Called at night: read /run/hostdev/vgpus.status, then `journalctl -u hostdev-vgpus`, then run it with --check.
# Exit status: 0 done, or nothing to do; 1 refused or failed; 2 wrong invocation.
# HOSTDEV_WAIT: seconds to wait for drivers that are slow to appear, 60. HOSTDEV_ROOT, HOSTDEV_KERNEL: for tests only.
# shellcheck disable=SC2018,SC2019 # ASCII is meant
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022

ROOT=${HOSTDEV_ROOT:-}
WAIT=${HOSTDEV_WAIT:-60}
TABLE=$ROOT/etc/hostdev/vgpus
RUN=$ROOT/run/hostdev
# numbers of types and their names, as drivers gave them: a full card names its types no more
KNOWN=$RUN/vgpus.types
SYS=$ROOT/sys
PCI=$SYS/bus/pci/devices
MODE='make'
REPORT=
REFUSED=0
MADE=

# A line of the table: the node, mdev or vendor-vfio, the id of the cards, the type's id, how many on the node, the type's name.
ROW='^(any|uuid=[0-9a-f-]{36}|host=[a-z0-9._-]+) (mdev|vendor-vfio) ([0-9a-f]{4}:[0-9a-f]{4}|-) ([A-Za-z0-9._-]+)'
ROW="$ROW ([1-9][0-9]{0,4}|all) [A-Za-z0-9 ._-]+\$"

# Names in sysfs come from devices: nothing but printable characters reaches a log.
printable() { tr -c ' -~\n' '?'; }

# A type's name as the table holds it.
plain() { tr -c 'A-Za-z0-9 ._\n-' '_'; }

say() {
  case $* in
    *[!\ -~]*) printf 'hostdev-vgpus: %s\n' "$*" | printable ;;
    *) printf 'hostdev-vgpus: %s\n' "$*" ;;
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
    printf '%s\n%s' "$1" "$REPORT" | printable > "$RUN/vgpus.status.new"
    mv "$RUN/vgpus.status.new" "$RUN/vgpus.status" || say "cannot write $RUN/vgpus.status"
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

hex() { # FILE: `value` is 10de for 0x10de
  attr "$1"
  value=${value#0x}
}

lower() { # `value` without capitals
  case $value in *[A-Z]*) value=$(printf '%s' "$value" | tr 'A-Z' 'a-z') ;; esac
}

has_id() { # SYSFS-FOLDER ID
  hex "$1/vendor"
  [ "$value" = "${2%:*}" ] || return 1
  hex "$1/device"
  [ "$value" = "${2#*:}" ]
}

is_handed_over() { # ADDRESS
  case $(readlink "$PCI/$1/driver") in *vfio*) return 0 ;; esac
  return 1
}

tick() { # one second of HOSTDEV_WAIT; fails when it is used up
  [ "$WAIT" -gt 0 ] || return 1
  WAIT=$((WAIT - 1))
  sleep 1
}

# ---- the two kinds, each as places: `ADDRESS TYPE` where one of a row's type is, or can be made ----

functions_of() { # ID: functions with it, and virtual functions of cards with it; `-`: every function
  for folder in "$PCI"/*; do
    [ "$1" = - ] || has_id "$folder" "$1" || { [ -e "$folder/physfn" ] && has_id "$folder/physfn" "$1"; } || continue
    echo "${folder##*/}"
  done
}

is_meant() { # TYPE NAME WANTED-TYPE WANTED-NAME. A driver that gives no name is asked by the type's id.
  case $3 in - | "$1") ;; *) return 1 ;; esac
  [ "${2:-$1}" = "$4" ] || { [ -z "$2" ] && [ "$3" = "$1" ]; }
}

types_of() { # FRAMEWORK ADDRESS TYPE NAME: the types of a function that are meant
  if [ "$1" = mdev ]; then
    for folder in "$PCI/$2"/mdev_supported_types/*; do
      [ -d "$folder" ] || continue
      attr "$folder/name"
      ! is_meant "${folder##*/}" "$(printf '%s' "$value" | plain)" "$3" "$4" || echo "${folder##*/}"
    done
  elif [ -e "$PCI/$2/nvidia/current_vgpu_type" ] && ! is_handed_over "$2"; then
    cat "$PCI/$2/nvidia/creatable_vgpu_types" "$KNOWN" 2> /dev/null | listed_types |
      awk -v "want=$4" '{ type = $1; sub(/^[^ ]+ /, ""); if ($0 == want && !seen[type]++) print type }'
  fi
}

listed_types() { # lines `1428 : NVIDIA H200X-141C` as `1428 NVIDIA H200X-141C`; a heading is left out
  sed -n 's/^[[:blank:]]*\([0-9]\{1,9\}\)[[:blank:]]*:[[:blank:]]*\(.*[^[:blank:]]\)[[:blank:]]*$/\1 \2/p' | plain
}

made_on() { # FRAMEWORK ADDRESS TYPE: how many there are
  if [ "$1" = mdev ]; then
    count=0
    for device in "$PCI/$2/mdev_supported_types/$3/devices"/*; do
      [ ! -e "$device" ] || count=$((count + 1))
    done
    echo "$count"
  else
    attr "$PCI/$2/nvidia/current_vgpu_type"
    if [ "$value" = "$3" ]; then echo 1; else echo 0; fi
  fi
}

room_on() { # FRAMEWORK ADDRESS TYPE: how many more there can be, as far as its driver says
  if [ "$1" = mdev ]; then
    number "$PCI/$2/mdev_supported_types/$3/available_instances"
    echo "$value"
  else
    attr "$PCI/$2/nvidia/current_vgpu_type"
    if [ "$value" = 0 ] && listed_types < "$PCI/$2/nvidia/creatable_vgpu_types" | grep -q "^$3 "; then
      echo 1
    else
      echo 0
    fi
  fi
}

places_of() { # FRAMEWORK PARENT TYPE NAME: one a line
  for address in $(functions_of "$2"); do
    for type in $(types_of "$1" "$address" "$3" "$4"); do echo "$address $type"; done
  done
}

total() { # made|room FRAMEWORK PLACES
  sum=0
  while read -r address type; do
    case $address-$1 in
      -*) ;;
      *-made) sum=$((sum + $(made_on "$2" "$address" "$type"))) ;;
      *) sum=$((sum + $(room_on "$2" "$address" "$type"))) ;;
    esac
  done << END
$3
END
  echo "$sum"
}

# ---- checking ----

why_nowhere() { # PARENT NAME
  [ "$1" != - ] || { echo "no card offers $2: the vendor's driver is not there, or has no such type" && return; }
  cards=$(functions_of "$1")
  [ -n "$cards" ] || { echo "there is no card $1" && return; }
  for address in $cards; do
    ! is_handed_over "$address" || { echo "$address is handed over itself: nothing can be made of it" && return; }
  done
  echo "no card $1 offers $2: the vendor's driver is not there, or has no such type"
}

check() { # FRAMEWORK PARENT TYPE COUNT NAME
  places=$(places_of "$1" "$2" "$3" "$5")
  [ -n "$places" ] || { refuse - "$(why_nowhere "$2" "$5")" && return; }
  made=$(total made "$1" "$places")
  fits=$((made + $(total room "$1" "$places")))
  wanted=$4
  [ "$4" != all ] || wanted=$fits
  if [ "$made" -gt "$wanted" ]; then
    refuse - "there are $made of $5, $4 are declared: take the rest away by hand, when no guest has them"
  elif [ "$fits" -lt "$wanted" ] || [ "$fits" -eq 0 ]; then
    refuse - "there is room for $fits of $5, $4 are declared"
  elif [ "$made" -eq "$wanted" ]; then
    note - "$made of $5 are there already"
  else
    [ "$MODE" = make ] || note - "$((wanted - made)) of $5 would be made"
  fi
}

is_ready() { # every row has its type somewhere, with all the room that it asks for
  while read -r _ framework parent type count name; do
    places=$(places_of "$framework" "$parent" "$type" "$name")
    [ -n "$places" ] || return 1
    [ "$count" = all ] ||
      [ $(($(total made "$framework" "$places") + $(total room "$framework" "$places"))) -ge "$count" ] || return 1
  done << END
$ROWS
END
}

# ---- making ----

put() { # VALUE FILE: one write to the kernel
  printf '%s\n' "$1" > "$2" || return 1
  [ -z "$ROOT" ] || [ -z "${HOSTDEV_KERNEL:-}" ] || "$HOSTDEV_KERNEL" "$1" "$2" < /dev/null
}

remember_types() { # before the first write: afterwards a full card does not say what its numbers mean
  mkdir -p "$RUN" || return 1
  cat "$KNOWN" "$PCI"/*/nvidia/creatable_vgpu_types 2> /dev/null | listed_types | sort -u | sed 's/ / : /' > "$KNOWN.new" &&
    mv "$KNOWN.new" "$KNOWN"
}

make_one() { # FRAMEWORK ADDRESS TYPE
  if [ "$1" = mdev ]; then
    attr "$ROOT/proc/sys/kernel/random/uuid"
    uuid=$value
    MADE="$2/mdev_supported_types/$3/devices/$uuid/remove 1
$MADE"
    put "$uuid" "$PCI/$2/mdev_supported_types/$3/create" && [ -e "$PCI/$2/mdev_supported_types/$3/devices/$uuid" ]
  else
    MADE="$2/nvidia/current_vgpu_type 0
$MADE"
    put "$3" "$PCI/$2/nvidia/current_vgpu_type" && attr "$PCI/$2/nvidia/current_vgpu_type" && [ "$value" = "$3" ]
  fi
}

make_row() { # FRAMEWORK PARENT TYPE COUNT NAME
  places=$(places_of "$1" "$2" "$3" "$5")
  made=$(total made "$1" "$places")
  while read -r address type; do
    new=0
    # what is made takes the room of others, so each is asked for anew
    while [ "$4" = all ] || [ "$made" -lt "$4" ]; do
      [ "$(room_on "$1" "$address" "$type")" -gt 0 ] || break
      make_one "$1" "$address" "$type" || { note "$address" "failed: its driver does not make $5" && return 1; }
      made=$((made + 1))
      new=$((new + 1))
    done
    [ "$new" -eq 0 ] || note "$address" "got $new of $5"
  done << END
$places
END
  [ "$4" = all ] || [ "$made" -eq "$4" ] || { note - "failed: there was room for $made of $5, $4 are declared" && return 1; }
}

take_back() { # what this run made
  while read -r file value; do
    if [ -z "$file" ] || [ ! -e "$PCI/$file" ]; then continue; fi
    if put "$value" "$PCI/$file"; then note "${file%%/*}" 'taken back'; else note "${file%%/*}" 'not taken back'; fi
  done << END
$MADE
END
}

# ---- this node's rows ----

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
  twice=$(printf '%s\n' "$ROWS" | awk 'NF { $1 = $5 = ""; if (seen[$0]++) print }')
  [ -z "$twice" ] || give_up "$TABLE lists a type twice for this node:$twice"
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
  *) echo 'usage: hostdev-vgpus [--check]' >&2 && exit 2 ;;
esac
case $WAIT in '' | *[!0-9]* | ?????*) WAIT=60 ;; esac
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || { echo 'hostdev-vgpus: run it as root' >&2 && exit 2; }

read_rows
if [ -z "$ROWS" ]; then
  note - 'no row is for this node: nothing is made'
  finish nothing 0
fi
until is_ready; do tick || break; done
while read -r _ framework parent type count name; do check "$framework" "$parent" "$type" "$count" "$name"; done << END
$ROWS
END
[ "$REFUSED" -eq 0 ] || finish refused 1
[ "$MODE" = make ] || finish check 0
remember_types || give_up "cannot write $KNOWN"
trap 'take_back; finish failed 1' INT TERM HUP
while read -r _ framework parent type count name; do
  make_row "$framework" "$parent" "$type" "$count" "$name" || {
    take_back
    finish failed 1
  }
done << END
$ROWS
END
finish made 0
