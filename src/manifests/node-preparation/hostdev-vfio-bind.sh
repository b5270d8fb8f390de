#!/bin/sh
# hostdev-vfio-bind: hands PCI functions of this node to vfio-pci, so that virtual machines can have them.
#
#   hostdev-vfio-bind              binds what /etc/hostdev/bindings lists for this node
#   hostdev-vfio-bind --check      says what that would do, and changes nothing
#   hostdev-vfio-bind --release    gives back to the host what was bound
#   hostdev-vfio-bind --verify     compares what is with what is listed, and changes nothing
#
# Everything is checked before anything is touched; one refusal, and nothing is bound on this node. What fails half way
# is undone. A run that was killed is completed, or undone, by the next one. Nothing on the node depends on success:
# when this fails, the devices stay with the host and the VMs that ask for them stay pending.
#
# Called at night: read bind.status and verify.status in /run/hostdev, then `journalctl -u hostdev-vfio-bind`, then run
# it with --check. /var/lib/hostdev/handed-over remembers the disks that were handed over: what is on them is a guest's.
# Exit status: 0 done, or nothing to do; 1 refused, failed, or not as listed; 2 wrong invocation.
# HOSTDEV_WAIT: seconds to wait for devices that appear late, 30. HOSTDEV_ROOT, HOSTDEV_KERNEL: for tests only.
# shellcheck disable=SC2018,SC2019 # ASCII is meant
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022

ROOT=${HOSTDEV_ROOT:-}
WAIT=${HOSTDEV_WAIT:-30}
TABLE=$ROOT/etc/hostdev/bindings
RUN=$ROOT/run/hostdev
STATUS=$RUN/bind.status
JOURNAL=$RUN/bind.journal
GIVEN=$ROOT/var/lib/hostdev/handed-over
SYS=$ROOT/sys
PROC=$ROOT/proc
PCI=$SYS/bus/pci/devices
MODE=bind
NODE=
REPORT=
REFUSED=0
NL='
'

# A line of the table, field by field; the table's header explains them.
ID='[0-9a-f]{4}:[0-9a-f]{4}'
ROW="^(any|uuid=[0-9a-f-]{36}|host=[a-z0-9._-]+) [0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]"
ROW="$ROW ($ID(,$ID)*|-) ($ID|-) ([0-9a-f]{4}([0-9a-f]{2})?|-) ([A-Za-z0-9._-]+|-)"
ROW="$ROW ([0-9a-f]{4}(,[0-9a-f]{4})*|-) [A-Za-z0-9 ._-]+\$"

# ---- saying what happens ----

# Names in sysfs come from devices and from people: nothing but printable characters reaches a log.
printable() { tr -c ' -~\n' '?'; }

say() {
  case $* in
    *[!\ -~]*) printf 'hostdev-vfio-bind: %s\n' "$*" | printable ;;
    *) printf 'hostdev-vfio-bind: %s\n' "$*" ;;
  esac
}

note() { # ADDRESS TEXT
  say "$1: $2"
  REPORT="$REPORT$1 $2
"
}

refuse() { # ADDRESS REASON
  REFUSED=$((REFUSED + 1))
  if [ "$MODE" = --verify ]; then note "$1" "differs: $2"; else note "$1" "refused: $2"; fi
}

finish() { # STATE EXIT-STATUS: writes the result and ends
  if [ "$MODE" != --check ]; then
    printf '%s\n%s\n%s' "$1" "$NODE" "$REPORT" | printable > "$STATUS.new"
    mv "$STATUS.new" "$STATUS" || say "cannot write $STATUS"
  fi
  say "result: $1"
  exit "$2"
}

give_up() { # REASON: nothing was touched yet
  refuse - "$1"
  finish refused 1
}

# ---- reading the kernel ----
# What these find they leave in a variable: on a slow node a process for each attribute would be most of what a run takes.

attr() { # FILE: `value` is its first line without blanks around it; nothing when there is no such file
  value=
  [ ! -r "$1" ] || read -r value < "$1" || :
}

hex() { # FILE: `value` is 10de for 0x10de
  attr "$1"
  value=${value#0x}
}

lower() { # `value` without capitals
  case $value in *[A-Z]*) value=$(printf '%s' "$value" | tr 'A-Z' 'a-z') ;; esac
}

word() { # `value` with `_` for what a field of the table cannot hold
  case $value in *[!A-Za-z0-9._-]*) value=$(printf '%s' "$value" | tr -c 'A-Za-z0-9._-' '_') ;; esac
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

is_bridge() { # ADDRESS. 0680, NVSwitch, is called a bridge but has an endpoint's header.
  hex "$PCI/$1/class"
  case $value in 0680*) ;; 06*) return 0 ;; esac
  header=$(od -An -tu1 -j14 -N1 "$PCI/$1/config" 2> /dev/null) || header=
  [ $((${header:-0} % 128)) -ne 0 ]
}

# PCI Express Device Serial Number (extended capability 0003), as lspci writes it.
device_serial_number() { # ADDRESS: `value`
  value=
  config=$(od -An -v -tx1 "$PCI/$1/config" 2> /dev/null)
  # capabilities begin at multiples of four, and so never where a line of od ends
  case $config in *'03 00'*) ;; *) return 0 ;; esac
  at=256
  hops=0
  while [ "$at" -ge 256 ] && [ "$hops" -lt 64 ]; do
    # shellcheck disable=SC2086 # a byte a word
    set -- $config
    [ $# -ge $((at + 12)) ] || return 0
    shift "$at"
    if [ "$2$1" = 0003 ]; then
      value=${12}-${11}-${10}-$9-$8-$7-$6-$5
      return 0
    fi
    at=$((0x$4$3 / 16))
    hops=$((hops + 1))
  done
}

# A drive has two: the function's own stays readable on vfio-pci, the disk's, of 20 characters at most, does not.
serials_of() { # ADDRESS [SERIAL]: `serials` of its kind that can be read now, each as a word of the table, between blanks
  serials=
  case ${2:-} in ??-??-??-??-??-??-??-??) ;; *)
    for file in "$PCI/$1"/nvme/nvme*/serial; do
      attr "$file"
      word
      [ -z "$value" ] || serials="$serials $value"
    done
    ;;
  esac
  case ${2:-} in '' | ??-??-??-??-??-??-??-??)
    device_serial_number "$1"
    serials="$serials${value:+ $value}"
    ;;
  esac
  serials=${serials:+$serials }
}

identity_of() { # ADDRESS: `identity` is what it is, as one line
  identity="<$1"
  for file in vendor device subsystem_vendor subsystem_device; do
    hex "$PCI/$1/$file"
    identity="$identity $value"
  done
  serials_of "$1"
  identity="$identity$serials>"
}

openers_of() { # FILE: `openers` are the processes that have it open
  openers=
  case $NL$OPENED in
    *"$NL$1 "*) openers=$(printf '%s\n' "$OPENED" | awk -v "node=$1" '$1 == node { print $2 }') ;;
  esac
}

guest_of() { # ADDRESS: `guest` is the process that has the function open through VFIO; nothing when none has
  guest=
  follow "$PCI/$1/iommu_group" || return 0
  openers_of "/dev/vfio/${target##*/}"
  guest=$openers
  for device in "$PCI/$1"/vfio-dev/vfio*; do
    openers_of "/dev/vfio/devices/${device##*/}"
    guest=$guest$openers
  done
}

# ---- what the host uses: read once, then asked for each function ----

below() { # SYSFS-CLASS: `members` are all of it and where each hangs: `nvme0n1 /sys/devices/…/nvme0n1/`
  members=
  for member in "$SYS/class/$1"/*; do
    [ -d "$member" ] || continue
    follow "$member" || :
    members="$members${member##*/} $target/$NL"
  done
}

wanted_by() { # DEVICE WHO: a block device that someone names, as `nvme1n1p2 WHO`
  case $1 in
    UUID=*) path=/dev/disk/by-uuid/${1#*=} ;;
    LABEL=*) path=/dev/disk/by-label/${1#*=} ;;
    PARTUUID=*) path=/dev/disk/by-partuuid/${1#*=} ;;
    PARTLABEL=*) path=/dev/disk/by-partlabel/${1#*=} ;;
    *) path=$1 ;;
  esac
  case $path in /dev/*) path=$(readlink -f "$ROOT$path") && printf '%s\n' "${path##*/} $2" ;; esac
}

mounts() { # in every mount namespace, because containers mount what the host's does not show: NUMBER WHERE TYPE SOURCE
  # shellcheck disable=SC2012
  others=$(ls -l "$PROC"/[0-9]*/ns/mnt 2> /dev/null | awk '
    !seen[$NF]++ { count = split($(NF - 2), part, "/"); print part[count - 2] "/mountinfo" }')
  # shellcheck disable=SC2086
  (cd "$PROC" && cat 1/mountinfo $others 2> /dev/null) | awk '{
    for (i = 7; i < NF && $i != "-"; i++);
    # a raw volume of a container is a mount of the device node itself
    print $3, $5, $(i + 1), $(i + 1) == "devtmpfs" && $4 != "/" ? "/dev" $4 : $(i + 2)
    # XFS may keep its log or its data on further devices, which nothing else names
    count = split($(i + 3), option, ",")
    for (n = 1; n <= count; n++) if (option[n] ~ /^(logdev|rtdev|journal_path)=/) {
      sub(/^[^=]*=/, "", option[n])
      print "-", $5, $(i + 1), option[n]
    }
  }' | sort -u
}

wanted_by_all() { # what swap, units, devices and services of the host name
  if [ -r "$PROC/swaps" ]; then
    while read -r device _; do wanted_by "$device" swap; done < "$PROC/swaps"
  fi
  # mounts that are not up yet: /run/systemd/generator holds those of fstab
  for unit in "$ROOT/etc/systemd/system"/*.mount "$ROOT/etc/systemd/system"/*.swap \
    "$ROOT/run/systemd/generator"/*.mount "$ROOT/run/systemd/generator"/*.swap; do
    [ -r "$unit" ] || continue
    while read -r line || [ -n "$line" ]; do
      case $line in What=*) wanted_by "${line#*=}" "${unit##*/}" ;; esac
    done < "$unit"
  done
  for file in "$SYS"/class/block/loop*/loop/backing_file; do
    attr "$file"
    wanted_by "$value" 'a loop device'
  done
  for file in "$SYS"/class/block/zram*/backing_dev; do
    attr "$file"
    wanted_by "$value" 'a zram device'
  done
  for file in "$SYS"/kernel/config/target/core/*/*/udev_path "$SYS"/kernel/config/nvmet/subsystems/*/namespaces/*/device_path; do
    attr "$file"
    wanted_by "$value" 'a storage target'
  done
  [ ! -r "$ROOT/etc/crypttab" ] || while read -r name device _ || [ -n "$name" ]; do
    case $name in '#'*) ;; *) wanted_by "$device" crypttab ;; esac
  done < "$ROOT/etc/crypttab"
}

# The framebuffer of the firmware in a function's memory, which the kernel keeps from every guest: ADDRESS NAME. Other names
# that memory hangs below are listed like addresses, and asked for by nobody.
firmware_consoles() {
  awk '
    { at = match($0, /[^ ]/) }
    { while (depth && at <= column[depth]) depth-- }
    $NF ~ /^(BOOTFB|efifb|vesafb|simplefb|simple-framebuffer)$/ {
      for (i = 1; i <= depth; i++) if (!seen[name[i]]++) print name[i], $NF
    }
    { column[++depth] = at; name[depth] = $NF }' "$PROC/iomem" 2> /dev/null
}

# What interfaces carry: `enp8s0 has address 192.0.2.10/24`, one a line.
carried() { # INTERFACES between blanks
  # not with -v: a name may hold a backslash
  asked=$1
  export asked
  awk 'index(ENVIRON["asked"], " " $1 " ") { print $1 " carries " ($2 == "00000000" ? "the default route" : "a route") }' \
    "$PROC/net/route"
  # Link-local addresses (scope 20, fe80::/10) come by themselves on every interface that is up.
  [ ! -r "$PROC/net/if_inet6" ] ||
    awk 'index(ENVIRON["asked"], " " $6 " ") && $4 != "20" { print $6 " has an IPv6 address" }' "$PROC/net/if_inet6"
  [ ! -r "$PROC/net/ipv6_route" ] ||
    awk 'index(ENVIRON["asked"], " " $10 " ") && $1 !~ /^(fe[89ab]|ff)/ { print $10 " carries an IPv6 route" }' \
      "$PROC/net/ipv6_route"
  # /proc/net leaves out other tables than main, all ways of a route but the first, and addresses without a route.
  if [ -z "$ROOT" ] && command -v ip > /dev/null; then
    ip -o addr show | awk '
      index(ENVIRON["asked"], " " $2 " ") && $3 ~ /^inet/ && !/ scope link/ { print $2 " has address " $4 }'
    { ip -o -4 route show table all && ip -o -6 route show table all; } | awk '
      { to = $1 ~ /^(local|broadcast|multicast|anycast|unicast)$/ ? $2 : $1 }
      to !~ /^(fe[89ab]|ff)/ {
        for (i = 1; i < NF; i++)
          if ($i == "dev" && index(ENVIRON["asked"], " " $(i + 1) " ")) print $(i + 1) " carries route " to
      }'
  fi
}

interfaces_of() { # ADDRESS: `interfaces` between blanks
  interfaces=
  while read -r name path; do
    case $path in *"/$1/"*) interfaces="$interfaces $name" ;; esac
  done << EOF
$NETS
EOF
  interfaces=${interfaces:+$interfaces }
}

# Interfaces in other network namespaces, as the /sys of a process in each shows them: where a device hangs, or `over 3` for what is
# made over the interface with that number. From here, a NIC that containers have a port or a macvlan of looks idle.
away() {
  # shellcheck disable=SC2012
  others=$(ls -l "$PROC"/[0-9]*/ns/net 2> /dev/null | awk '
    seen[$NF]++ { next }
    { count = split($(NF - 2), part, "/") }
    part[count - 2] != 1 { print part[count - 2] }')
  for process in $others; do
    for member in "$PROC/$process/root/sys/class/net"/*; do
      [ ! -L "$member/device" ] || readlink "$member"
      # what a container puts there itself, a pipe for instance, is not read
      { [ -f "$member/ifindex" ] && [ -f "$member/iflink" ]; } || continue
      attr "$member/ifindex"
      number=$value
      attr "$member/iflink"
      [ "$value" = "$number" ] || printf '%s\n' "over $value"
    done
  done
}

observe() {
  below block
  BLOCKS=$members
  below net
  NETS=$members
  attr "$PROC/1/mountinfo"
  [ -n "$value" ] || give_up 'cannot read what is mounted'
  MOUNTS=$(mounts)
  [ -r "$PROC/net/route" ] || give_up 'cannot read the routes'
  asked=
  for address in $SET; do
    interfaces_of "$address"
    asked=$asked$interfaces
  done
  CARRIED=
  [ -z "$asked" ] || CARRIED=$(carried "$asked")
  AWAY=$(away)
  WANTED=$(wanted_by_all)
  CONSOLES=$(firmware_consoles)
  # shellcheck disable=SC2012
  OPENED=$(ls -l "$PROC"/[0-9]*/fd 2> /dev/null | awk '
    /:$/ { folder = substr($0, 1, length($0) - 1); split(folder, part, "/"); process = part[length(part) - 1] }
    / -> \/dev\// {
      for (i = 1; $i != "->"; i++);
      print $(i + 1), process, folder "/" $(i - 1)
    }' | sort -u)
  opened_by_number
}

opened_by_number() { # adds disks as `259:3 PROCESS`: in a container they have any name
  files=$(printf '%s\n' "$OPENED" | awk '$1 !~ "^/dev/(null|zero|u?random|console|tty|ptmx|pts/|shm/)" { print $3 }')
  [ -n "$files" ] || return 0
  while read -r major minor kind file; do
    file=${file#"$PROC"/}
    [ "$kind" != block ] || OPENED="$OPENED$NL$((0x$major)):$((0x$minor)) ${file%%/*}"
  done << EOF
$(printf '%s\n' "$files" | xargs stat -L -c '%t %T %F %n' 2> /dev/null | sed 's/ special file / /')
EOF
}

# Below it means behind a VMD too, whose drives are functions of their own. Over Fibre Channel a controller hangs below no
# function: its address names the port that it is reached through.
controllers_of() { # ADDRESS: `controllers` are the NVMe controllers behind it, one a line
  ports=
  below fc_host
  while read -r port path; do
    case $path in *"/$1/"*) attr "$SYS/class/fc_host/$port/port_name" && ports="$ports $value" ;; esac
  done << EOF
$members
EOF
  controllers=
  below nvme
  while read -r controller path; do
    case $path in *"/$1/"*) controllers=$controllers$controller$NL ;; esac
    [ -z "$ports" ] || attr "$SYS/class/nvme/$controller/address"
    for port in $ports; do
      case $value, in *host_traddr=*":pn-$port,"*) controllers=$controllers$controller$NL ;; esac
    done
  done << EOF
$members
EOF
}

blocks_of() { # ADDRESS: `blocks` are its disks and partitions, one a line
  blocks=
  add_blocks "/$1/"
  # With NVMe multipath a disk hangs below its subsystem, and its path does not name the function.
  controllers_of "$1"
  for controller in $controllers; do
    for member in "$SYS"/class/nvme-subsystem/*/"$controller"; do
      [ -L "$member" ] || continue
      member=${member%/*}
      add_blocks "/nvme-subsystem/${member##*/}/"
    done
  done
}

add_blocks() { # PART-OF-PATH: each only once
  while read -r block path; do
    case $path in *"$1"*) ;; *) continue ;; esac
    case $NL$blocks in *"$NL$block$NL"*) ;; *) blocks="$blocks$block$NL" ;; esac
  done << EOF
$BLOCKS
EOF
}

block_uses() { # DISK-OR-PARTITION: one reason a line; nothing when the host uses it for nothing
  for holder in "$SYS/class/block/$1/holders"/*; do
    [ -L "$holder" ] || continue
    attr "$holder/dm/name"
    printf '%s\n' "$1 is held by ${holder##*/} $value"
  done
  attr "$SYS/class/block/$1/dev"
  # what no mount shows any more works on while files are open, and in a namespace that no process is in
  case $NL$MOUNTS in *"$NL$value "*) ;; *)
    for mounted in "$SYS"/fs/*/"$1"; do
      kind=${mounted%/*}
      [ ! -d "$mounted" ] || printf '%s\n' "$1 has a file system at work, ${kind##*/}"
    done
    ;;
  esac
  case $NL$MOUNTS in
    *"$NL$value "* | *"/dev/$1"* | *' zfs '*)
      printf '%s\n' "$MOUNTS" | awk -v "name=$1" -v "number=$value" '
        $1 == number || index(":" $4 ":", ":/dev/" name ":") { print name " is mounted on " $2 }
        # which disks a zpool has cannot be read from here
        $3 == "zfs" { print name " may belong to the zpool of " $2 }'
      ;;
  esac
  while read -r device who; do
    [ "$device" != "$1" ] || printf '%s\n' "$1 is used by $who"
  done << EOF
$WANTED
EOF
  for member in "$SYS"/fs/btrfs/*/devices/"$1"; do
    [ ! -L "$member" ] || echo "$1 belongs to a mounted btrfs"
  done
  for member in "$SYS"/fs/bcachefs/*/dev-*/block; do
    follow "$member" || continue
    [ "${target##*/}" != "$1" ] || echo "$1 belongs to a mounted bcachefs"
  done
}

disk_id() { # DISK-OR-PARTITION: `id` names the disk wherever it is plugged in; nothing when it has no such name
  id=
  follow "$SYS/class/block/$1" || :
  [ ! -e "$target/partition" ] || target=${target%/*}
  for file in wwid device/wwid serial device/serial; do
    attr "$target/$file"
    word
    id=$value
    [ -z "$id" ] || return 0
  done
}

was_handed_over() { # DISK-ID
  [ -f "$GIVEN" ] || return 1
  while read -r _ given _ || [ -n "$given" ]; do
    [ "$given" != "$1" ] || return 0
  done < "$GIVEN"
  return 1
}

content_of() { # DISK-OR-PARTITION: what is written on it, in blkid's words: `ext4`, `LVM2_member`; nothing when blank
  start=$(od -An -tx1 -N65536 "$ROOT/dev/$1" 2> /dev/null) || { echo 'something that cannot be read' && return; }
  # blkid knows no blobstore, which Longhorn and OpenEBS keep volumes in, and no data without a name
  case $start in
    ' 53 50 44 4b 42 4c 4f 42 '*) echo 'SPDK_blobstore' && return ;;
    *[!0f\ \*"$NL"]*) unknown='data of an unknown kind' ;;
    *) unknown= ;;
  esac
  command -v blkid > /dev/null || { echo 'something that cannot be told without blkid' && return; }
  found=$(blkid -p -o export "$ROOT/dev/$1" 2> /dev/null < /dev/null)
  case $? in
    0 | 2)
      found=$(printf '%s\n' "$found" | sed -n -e 's/^TYPE=//p' -e 's/^PTTYPE=\(.*\)/a partition table (\1)/p' | sed q)
      printf '%s\n' "${found:-$unknown}"
      ;;
    *) echo 'something that blkid cannot tell' ;;
  esac
}

content_problems() { # ADDRESS SERIAL: what is on its disks that may be the host's although it is in no use now
  blocks_of "$1"
  for name in $blocks; do
    # a path of NVMe multipath: its disk hangs below the subsystem and is looked at there
    attr "$SYS/class/block/$name/hidden"
    [ "$value" != 1 ] || continue
    disk_id "$name"
    [ -z "$id" ] || ! was_handed_over "$id" || continue
    found=$(content_of "$name")
    case $found in
      '') continue ;;
      # hosts use members of something, swap and what is encrypted without a mount that shows it; the rest may be meant
      *_member | ceph_* | SPDK_* | oracleasm | bcache | crypto_* | swap* | swsuspend | drbd* | stratis | vdo | jbd | xfs_external_log | DM_* | something*) ;;
      *) [ "$2" = - ] || continue ;;
    esac
    echo "$name holds $found, which may be the host's${id:+. If a guest wrote it: echo $1 $id >> $GIVEN}"
  done
}

net_uses() { # INTERFACE. A bond, bridge, VLAN or Open vSwitch above it is the host's, whether it has an address or not.
  for upper in "$SYS/class/net/$1"/upper_*; do
    [ ! -L "$upper" ] || printf '%s\n' "interface $1 is part of ${upper##*/upper_}"
  done
  while read -r interface what; do
    [ "$interface" != "$1" ] || printf '%s\n' "interface $1 $what"
  done << EOF
$CARRIED
EOF
  attr "$SYS/class/net/$1/ifindex"
  case $NL$AWAY$NL in
    *"${NL}over $value$NL"*) printf '%s\n' "something is made over interface $1 in another network namespace" ;;
  esac
}

node_uses() { # ADDRESS: device nodes of the function that a process has open
  blocks_of "$1"
  for name in $blocks; do
    attr "$SYS/class/block/$name/dev"
    openers_of "$value"
    say_openers "$name"
  done
  follow "$PCI/$1" || :
  nodes=$blocks$(find "$target/" -name uevent -exec sed -n 's/^DEVNAME=//p' {} +)
  # NVIDIA's driver keeps its nodes out of sysfs, and unbinding it waits for ever while one is open
  file=$PROC/driver/nvidia/gpus/$1/information
  [ ! -r "$file" ] || nodes=$nodes$NL$(sed -n 's/^Device Minor:[^0-9]*/nvidia/p' "$file")
  while read -r name; do
    [ -n "$name" ] || continue
    openers_of "/dev/$name"
    say_openers "$name"
  done << EOF
$nodes
EOF
}

say_openers() { # NAME: what `openers` have open
  for process in $openers; do
    attr "$PROC/$process/comm"
    printf '%s\n' "/dev/$1 is open in process $process $value"
  done
}

uses_of() { # ADDRESS: what the host uses the function for, one reason a line
  blocks_of "$1"
  for name in $blocks; do block_uses "$name"; done
  interfaces_of "$1"
  # read and not split, which would take a name for a pattern of files
  while read -r name path; do
    case $path in *"/$1/"*) net_uses "$name" ;; esac
  done << EOF
$NETS
EOF
  hex "$PCI/$1/class"
  driver_of "$1"
  case $value-$interfaces-$driver in
    02*--?*) echo 'its network interface is in another network namespace' ;;
    *) case $AWAY in *"/$1/"*) echo 'a network interface of it is in another network namespace' ;; esac ;;
  esac
  for mediated in "$PCI/$1"/mdev_supported_types/*/devices/*; do
    [ ! -e "$mediated" ] || echo "mediated device ${mediated##*/} is made from it"
  done
  attr "$SYS/class/tty/console/active"
  for console in $value; do
    follow "$SYS/class/tty/$console" || :
    case $target in */"$1"/*) echo "$console is the console of the kernel" ;; esac
  done
  attr "$PCI/$1/sriov_numvfs"
  [ "${value:-0}" -eq 0 ] || echo "$value of its virtual functions are enabled"
  node_uses "$1"
}

# ---- checking ----

mismatch() { # ADDRESS IDS SUBSYSTEM CLASS SERIAL: `reason` is how the function is not the one that was declared
  reason=
  [ -d "$PCI/$1" ] || { reason='there is no such device' && return; }
  [ "$2 $4" != '- -' ] || { reason='the table does not say what it is' && return; }
  pair_of "$1" vendor device
  case ",$2," in ,-, | *",$pair,"*) ;; *) reason="it is $pair, $2 is declared" && return ;; esac
  pair_of "$1" subsystem_vendor subsystem_device
  case $3 in - | "$pair") ;; *) reason="its subsystem is $pair, $3 is declared" && return ;; esac
  hex "$PCI/$1/class"
  case $4 in - | "$value" | "${value%??}") ;; *) reason="its class is $value, $4 is declared" && return ;; esac
  [ "$5" != - ] || return 0
  serials_of "$1" "$5"
  case $serials in
    '') may_lack_serial "$1" || reason="its serial cannot be read, $5 is declared" ;;
    *" $5 "*) ;;
    *) reason="its serial is${serials}but $5 is declared" ;;
  esac
}

pair_of() { # ADDRESS FILE FILE: `pair` is 10de:1eb8
  hex "$PCI/$1/$2"
  pair=$value
  hex "$PCI/$1/$3"
  pair=$pair:$value
}

# vfio-pci shows no serial: it was compared when the function was bound, or by the run that left the journal.
may_lack_serial() {
  driver_of "$1"
  [ "$driver" = vfio-pci ] || grep -q "^$1 " "$JOURNAL" 2> /dev/null
}

is_live() { # ADDRESS: not while NVMe starts or resets it, or one behind it
  controllers_of "$1"
  for controller in $controllers; do
    attr "$SYS/class/nvme/$controller/state"
    case $value in '' | live | dead | deleting*) ;; *) return 1 ;; esac
  done
}

strangers() { # ADDRESS: functions of its IOMMU group that stay with the host, and so keep the group from any guest
  for member in "$PCI/$1"/iommu_group/devices/*; do
    other=${member##*/}
    case $SET in *" $other "*) continue ;; esac
    driver_of "$other"
    case $driver in '' | pcieport | pci-stub | *vfio*) continue ;; esac
    is_bridge "$other" || echo "$other, in the same IOMMU group, stays on $driver"
  done
}

problems() { # ADDRESS IDS SUBSYSTEM CLASS SERIAL: why it may not be bound, one reason a line
  mismatch "$@"
  if [ -n "$reason" ]; then
    echo "$reason"
  elif is_bridge "$1"; then
    echo 'it is a bridge'
  elif [ ! -e "$PCI/$1/iommu_group" ]; then
    echo 'it has no IOMMU group: the IOMMU is off in the firmware or on the kernel command line'
  else
    strangers "$1"
    driver_of "$1"
    [ "$driver" != vfio-pci ] || return 0
    while read -r at console; do
      [ "$at" != "$1" ] ||
        echo "it shows the firmware's screen ($console): boot with initcall_blacklist=sysfb_init"
    done << EOF
$CONSOLES
EOF
    is_live "$1" || echo 'its driver has not started it: what is on it cannot be told'
    reasons=$(uses_of "$1")
    if [ -n "$reasons" ]; then printf '%s\n' "$reasons" | sort -u; else content_problems "$1" "$5"; fi
  fi
}

deviations() { # ADDRESS IDS SUBSYSTEM CLASS SERIAL: what is otherwise than listed, one reason a line
  mismatch "$@"
  [ -z "$reason" ] || { echo "$reason" && return; }
  driver_of "$1"
  [ "$driver" = vfio-pci ] || { echo "it is on ${driver:-no driver}, not on vfio-pci" && return; }
  follow "$PCI/$1/iommu_group" || { echo 'it has no IOMMU group' && return; }
  [ -e "$ROOT/dev/vfio/${target##*/}" ] || echo "there is no /dev/vfio/${target##*/}"
  strangers "$1"
}

examine() { # every row
  CHECKED=
  for address in $SET; do
    identity_of "$address"
    CHECKED="$CHECKED$identity$NL"
  done
  while read -r _ address ids subsystem class serial _; do
    set -- "$address" "$ids" "$subsystem" "$class" "$serial"
    while read -r reason; do
      [ -z "$reason" ] || refuse "$address" "$reason"
    done << EOF
$(if [ "$MODE" = --verify ]; then deviations "$@"; else problems "$@"; fi)
EOF
  done << EOF
$ROWS
EOF
}

# ---- acting ----

put() { # VALUE FILE: one write to the kernel
  printf '%s\n' "$1" > "$2" || return 1
  [ -z "$ROOT" ] || [ -z "${HOSTDEV_KERNEL:-}" ] || "$HOSTDEV_KERNEL" "$1" "$2" < /dev/null
}

load_driver() {
  [ -d "$SYS/bus/pci/drivers/vfio-pci" ] || [ -n "$ROOT" ] || /sbin/modprobe vfio-pci < /dev/null
  [ -d "$SYS/bus/pci/drivers/vfio-pci" ]
}

begin() { # ADDRESS...: writes down how they are before the first write; what a cut-off run wrote down stays true
  begun=
  [ ! -s "$JOURNAL" ] || begun=$(cat "$JOURNAL")$NL || return 1
  for address; do
    case $NL$begun in *"$NL$address "*) continue ;; esac
    driver_of "$address"
    attr "$PCI/$address/driver_override"
    [ "$value" != '(null)' ] || value=
    begun="$begun$address ${driver:--} ${value:--}$NL"
  done
  printf '%s' "$begun" > "$JOURNAL.new" && mv "$JOURNAL.new" "$JOURNAL"
}

bind() { # ADDRESS
  driver_of "$1"
  was=$driver
  put vfio-pci "$PCI/$1/driver_override" || return 1
  [ -z "$was" ] || put "$1" "$PCI/$1/driver/unbind" || return 1
  put "$1" "$SYS/bus/pci/drivers_probe" || :
  driver_of "$1"
  [ "$driver" = vfio-pci ] || return 1
  note "$1" "bound to vfio-pci, was on ${was:-no driver}"
}

bind_all() { # ADDRESS...
  load_driver || { note - 'failed: vfio-pci cannot be loaded' && return 1; }
  begin "$@" || { note - "failed: cannot write $JOURNAL" && return 1; }
  for address; do
    # another card may have come since the check
    identity_of "$address"
    case $NL$CHECKED in
      *"$NL$identity$NL"*) ;;
      *) note "$address" 'failed: it is no longer what was checked' && return 1 ;;
    esac
    remember "$address" || { note "$address" "failed: cannot write $GIVEN" && return 1; }
    bind "$address" || { note "$address" 'failed: it does not come to vfio-pci' && return 1; }
  done
}

remember() { # ADDRESS: that its disks were handed over; from then on a guest writes on them
  before=
  [ ! -s "$GIVEN" ] || before=$(cat "$GIVEN")$NL || return 1
  after=$before
  blocks_of "$1"
  for name in $blocks; do
    disk_id "$name"
    case $NL$after in
      *"$NL$1 $id$NL"*) ;;
      *) [ -z "$id" ] || after="$after$1 $id$NL" ;;
    esac
  done
  [ "$after" = "$before" ] || { printf '%s' "$after" > "$GIVEN.new" && mv "$GIVEN.new" "$GIVEN"; }
}

forget() { # ADDRESS: its disks are the host's again
  [ -f "$GIVEN" ] || return 0
  awk -v "address=$1" '$1 != address' "$GIVEN" > "$GIVEN.new" && mv "$GIVEN.new" "$GIVEN"
}

forget_unlisted() { # the disks of functions that are listed no more are the host's again, whatever it writes on them
  [ -s "$GIVEN" ] || return 0
  while read -r given _; do
    case $SET in *" $given "*) ;; *) forget "$given" ;; esac
  done << EOF
$(cat "$GIVEN")
EOF
}

restore() { # ADDRESS DRIVER OVERRIDE. Not while a guest has it: the write would wait for the guest to end.
  guest_of "$1"
  [ -z "$guest" ] || return 1
  put "${3#-}" "$PCI/$1/driver_override" || return 1
  driver_of "$1"
  [ "$driver" != vfio-pci ] || put "$1" "$PCI/$1/driver/unbind" || return 1
  driver_of "$1"
  [ "$2" = - ] || [ -n "$driver" ] || put "$1" "$SYS/bus/pci/drivers_probe" || :
}

give_back() { # ADDRESS DRIVER OVERRIDE: as it was; `-` for none
  if restore "$@"; then outcome='given back'; else outcome='failed: not given back'; fi
  driver_of "$1"
  note "$1" "$outcome, on ${driver:-no driver}"
  [ "$outcome" = 'given back' ]
}

undo() { # what the journal says was begun, by this run or by one that was cut off
  [ -f "$JOURNAL" ] || return 0
  while read -r address native override; do
    [ ! -d "$PCI/$address" ] || give_back "$address" "$native" "$override"
  done < "$JOURNAL"
  rm -f "$JOURNAL"
}

release_all() { # ADDRESS...
  for address; do
    guest_of "$address"
    [ -z "$guest" ] || refuse "$address" 'a virtual machine has it: stop the virtual machine first'
  done
  [ "$REFUSED" -eq 0 ] || finish refused 1
  for address; do
    attr "$PCI/$address/driver_override"
    if [ "$value" = vfio-pci ]; then
      { give_back "$address" any - && forget "$address"; } || REFUSED=1
    else
      note "$address" 'not bound by this program: left as it is'
    fi
  done
  rm -f "$JOURNAL"
  [ "$REFUSED" -eq 0 ] || finish failed 1
  finish released 0
}

# ---- this node's rows ----

tick() { # one second of HOSTDEV_WAIT; fails when it is used up
  [ "$WAIT" -gt 0 ] || return 1
  WAIT=$((WAIT - 1))
  sleep 1
}

is_settled() {
  attr "$PROC/sys/kernel/hostname"
  lower
  HOST=$value
  case $HOST in '' | '(none)' | localhost | localhost.*) return 1 ;; esac
}

read_rows() {
  [ -r "$TABLE" ] || give_up "cannot read $TABLE"
  wrong=$(grep -Ev -e '^(#|$)' -e "$ROW" "$TABLE")
  [ -z "$wrong" ] || give_up "$TABLE has a line that is not understood: $wrong"
  attr "$SYS/class/dmi/id/product_uuid"
  lower
  UUID=$value
  if grep -q '^host=' "$TABLE" && ! grep -q "^uuid=$UUID " "$TABLE"; then
    until is_settled; do tick || give_up 'the host name is not settled, and rows are told apart by it'; done
  fi
  is_settled || HOST=
  NODE="node uuid=$UUID host=$HOST"
  ROWS=$(awk -v "uuid=uuid=$UUID" -v "host=host=$HOST" '$1 == "any" || $1 == uuid || $1 == host' "$TABLE")
  SET=' '
  while read -r _ address _; do
    case $SET in *" $address "*) give_up "$TABLE lists $address twice for this node" ;; esac
    SET="$SET${address:+$address }"
  done << EOF
$ROWS
EOF
}

has_disks() { # ADDRESS: whether a storage driver is through with its start; it finds disks long after it is bound
  driver_of "$1"
  hex "$PCI/$1/class"
  case $value-$driver in 01*-vfio-pci) return 0 ;; 01*-?*) ;; *) return 0 ;; esac
  is_live "$1" || return 1
  below block
  BLOCKS=$members
  blocks_of "$1"
  [ -n "$blocks" ] || [ "$WAIT" -le "$PATIENCE" ]
}

is_ready() { # a driver that is still probing shows no serial and no disk yet
  while read -r _ address _ _ _ serial _ _; do
    [ -d "$PCI/$address" ] || return 1
    if [ "$serial" != - ]; then
      serials_of "$address" "$serial"
      [ -n "$serials" ] || may_lack_serial "$address" || return 1
    fi
    has_disks "$address" || return 1
  done << EOF
$ROWS
EOF
}

add_companions() { # functions of the same slot that a row asks for by class, as rows of their own
  while read -r _ address _ _ _ _ classes purpose; do
    for device in "$PCI/${address%.*}".[0-7]; do
      hex "$device/class"
      class=${value%??}
      case ",$classes," in *",$class,"*) ;; *) continue ;; esac
      case $SET in *" ${device##*/} "*) continue ;; esac
      SET="$SET${device##*/} "
      ROWS="$ROWS
- ${device##*/} - - $class - - companion of $purpose"
    done
  done << EOF
$ROWS
EOF
}

# ---- the program ----

case "$# ${1:-}" in
  '0 ') ;;
  '1 --check' | '1 --release' | '1 --verify') MODE=$1 ;;
  *) echo 'usage: hostdev-vfio-bind [--check | --release | --verify]' >&2 && exit 2 ;;
esac
[ "$MODE" != --verify ] || STATUS=$RUN/verify.status
case $WAIT in '' | *[!0-9]* | ?????*) WAIT=30 ;; esac
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || { echo 'hostdev-vfio-bind: run it as root' >&2 && exit 2; }
if [ "$MODE" != --check ]; then
  mkdir -p "$RUN" "${GIVEN%/*}" && exec 9> "$RUN/bind.lock"
  while command -v flock > /dev/null && ! flock -n 9; do tick || give_up 'another run is under way'; done
fi

read_rows
if [ -z "$ROWS" ]; then
  note - "no row is for this node: nothing is bound ($NODE)"
  [ "$MODE" != bind ] || forget_unlisted
  finish nothing 0
fi
[ -n "$ROOT" ] || ! command -v udevadm > /dev/null || udevadm settle --timeout="$WAIT"
PATIENCE=$((WAIT > 5 ? WAIT - 5 : 0)) # a drive without any disk on it is no reason to wait longer
until is_ready; do tick || break; done
add_companions
observe
# shellcheck disable=SC2086
[ "$MODE" != --release ] || release_all $SET
examine
if [ "$MODE" = --verify ]; then
  [ "$REFUSED" -eq 0 ] || finish differs 1
  for address in $SET; do note "$address" 'as listed, on vfio-pci'; done
  finish verified 0
fi
if [ "$REFUSED" -gt 0 ]; then
  [ "$MODE" = --check ] || undo
  finish refused 1
fi

UNBOUND=
for address in $SET; do
  driver_of "$address"
  if [ "$driver" = vfio-pci ]; then
    note "$address" 'on vfio-pci already'
  else
    UNBOUND="$UNBOUND $address"
    [ "$MODE" != --check ] || note "$address" "would be bound to vfio-pci, is on ${driver:-no driver}"
  fi
done
[ "$MODE" != --check ] || finish check 0
trap 'trap "" INT TERM HUP; undo; finish failed 1' INT TERM HUP
# shellcheck disable=SC2086
bind_all $UNBOUND || { undo; finish failed 1; }
rm -f "$JOURNAL"
forget_unlisted
finish bound 0
