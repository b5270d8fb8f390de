#!/bin/sh
# hostdev-collect: writes down this machine's PCI hardware, and what the host depends on, as one archive.
#
#   sh hostdev-collect.sh -o node03.tar.gz              as root on the node
#   HOST=/host sh hostdev-collect.sh -o node03.tar.gz   in a privileged pod that has the host's / at /host
#   sh hostdev-collect.sh | ...                         the archive on standard output
#   hostdev import node03.tar.gz --node node03          reads it
#
# It reads files of /sys, /proc, /dev and /lib/modules, and asks `ip` for addresses and routes. It changes nothing: it writes
# a temporary folder (TMPDIR, /tmp), which is removed at the end, and the archive. No MAC address and no content of a disk is
# read; of the kernel's command line, values that may be secret are replaced by <redacted>. What is derived from these facts
# is derived by `hostdev import`, where it is tested.
#
# Needs sh, cat, cp, mkdir, mktemp, sed, awk, grep, sort, ls, tar: coreutils or busybox. Exit status: 0 done, 1 failed,
# 2 wrong invocation. Not root, or not in the host's PID namespace: it says so, and the archive shows less.
set -u
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077

say() { printf 'hostdev-collect: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
usage() {
  echo 'usage: [HOST=/host] sh hostdev-collect.sh [-o FILE]' >&2
  exit 2
}

OUTPUT=
while getopts o: option; do
  case $option in o) OUTPUT=$OPTARG ;; *) usage ;; esac
done
[ $((OPTIND - 1)) -eq $# ] || usage
[ -n "$OUTPUT" ] || [ ! -t 1 ] || fail 'standard output is a terminal: write the archive to a file with -o FILE'

# Some shells have a variable HOST of their own, with the host's name in it.
case ${HOST:-} in /*) ROOT=$(cd -P "$HOST" && pwd -P) || fail "there is no folder $HOST" ;; *) ROOT= ;; esac
ROOT=${ROOT%/}
[ -d "$ROOT/sys/bus/pci/devices" ] || fail "there is no $ROOT/sys/bus/pci/devices: is the host's file system mounted there?"

WORK=$(mktemp -d "${TMPDIR:-/tmp}/hostdev-collect.XXXXXX") || fail 'cannot make a temporary folder'
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM
TREE=$WORK/hostdev-capture
OWN=$TREE/hostdev
mkdir -p "$OWN" || fail 'cannot write to the temporary folder'

# ---- copying ----

copy() { # FOLDER PATTERN...: its links as links, and its files; what is not there is left out
  [ -d "$ROOT/$1" ] || return 0
  (
    folder=$1
    shift
    cd "$ROOT/$folder" || exit 0
    patterns=$*
    set --
    # shellcheck disable=SC2086
    for name in $patterns; do
      if [ -L "$name" ] || { [ -f "$name" ] && [ -r "$name" ]; }; then set -- "$@" "./$name"; fi
    done
    if [ $# -gt 0 ]; then mkdir -p "$TREE/$folder" && cp -P "$@" "$TREE/$folder/"; fi
  ) 2> /dev/null
  :
}

mark() { # FOLDER...: that it is there, and not what is in it
  for folder; do [ ! -d "$ROOT/$folder" ] || mkdir -p "$TREE/$folder"; done
}

real() { # PATH: where it leads, from the host's root
  at=$(cd -P "$ROOT/$1" 2> /dev/null && pwd -P) && printf '%s' "${at#"$ROOT"/}"
}

members() { # FOLDER: the names in it, one a line
  for member in "$ROOT/$1"/*; do
    [ ! -e "$member" ] || printf '%s\n' "${member##*/}"
  done
}

# ---- PCI functions ----

collect_function() { # FOLDER
  copy "$1" class vendor device subsystem_vendor subsystem_device revision numa_node boot_vga config \
    sriov_totalvfs sriov_numvfs reset_method driver iommu_group physfn
  mark "$1/vfio-dev"
  for inner in "$ROOT/$1"/nvme/nvme* "$ROOT/$1"/mdev_supported_types/* "$ROOT/$1"/nvidia "$ROOT/$1"/vfio-dev/*; do
    [ -d "$inner" ] || continue
    inner=${inner#"$ROOT"/}
    mark "$inner"
    case $inner in
      */nvidia) copy "$inner" creatable_vgpu_types current_vgpu_type ;;
      */nvme/*) copy "$inner" serial model transport ;;
      */mdev_supported_types/*)
        copy "$inner" name available_instances description device_api
        copy "$inner/devices" '*'
        ;;
    esac
  done
}

collect_pci() {
  copy sys/bus/pci/devices '*'
  for name in $(members sys/bus/pci/devices); do
    folder=$(real "sys/bus/pci/devices/$name") && collect_function "$folder"
  done
  for version in "$ROOT"/sys/bus/pci/drivers/*/module/version; do
    [ -r "$version" ] || continue
    driver=${version%/module/version}
    copy "${driver#"$ROOT"/}" module
    module=$(real "${driver#"$ROOT"/}/module") && copy "$module" version
  done
  mark sys/kernel/iommu_groups sys/module/zfs sys/module/vfio_pci
  copy sys/module/vfio_pci initstate
  for group in $(members sys/kernel/iommu_groups); do
    mark "sys/kernel/iommu_groups/$group"
    copy "sys/kernel/iommu_groups/$group" reserved_regions type name
  done
  copy sys/class/mdev_bus '*'
}

collect_usb() {
  mark sys/bus/usb/devices
  copy sys/bus/usb/devices '*'
  for name in $(members sys/bus/usb/devices); do
    case $name in *:*) continue ;; esac
    folder=$(real "sys/bus/usb/devices/$name") &&
      copy "$folder" idVendor idProduct serial manufacturer product bDeviceClass
  done
}

# ---- the machine ----

# The same words as in src/inventory/sysfs/kernel-arguments.ts.
redact() {
  awk '
    function shown(word,  at, value) {
      at = index(word, "=")
      if (!at) return word
      value = substr(word, at + 1)
      if (value == "") return word
      if (tolower(substr(word, 1, at - 1)) ~ /pass|secret|token|cred|auth|psk|chap|private|key|env/) value = "<redacted>"
      if (index(value, "://") || index(value, "@")) value = "<redacted>"
      return substr(word, 1, at) value
    }
    {
      line = ""
      word = ""
      quoted = 0
      for (i = 1; i <= length($0) + 1; i++) {
        c = i > length($0) ? " " : substr($0, i, 1)
        if (c == "\"") quoted = !quoted
        if ((c != " " && c != "\t" || quoted) && i <= length($0)) { word = word c; continue }
        if (word == "--") break
        if (word != "") line = line (line == "" ? "" : " ") shown(word)
        word = ""
      }
      print line
    }' "$1"
}

in_host() { # NAMESPACE FLAG COMMAND...: in the namespace of the host's first process, whichever this one is in
  space=$1
  flag=$2
  shift 2
  theirs=$(readlink "$ROOT/proc/1/ns/$space") || theirs=
  if [ "$theirs" = "$(readlink "/proc/self/ns/$space")" ] || { [ -z "$theirs" ] && [ -z "$ROOT" ]; }; then
    "$@"
  else
    [ -n "$theirs" ] && nsenter "-$flag$ROOT/proc/1/ns/$space" "$@"
  fi
} 2> /dev/null

keep() { # NAME COMMAND...: what it prints, if it succeeds
  name=$1
  shift
  "$@" > "$OWN/$name.part" && mv "$OWN/$name.part" "$OWN/$name"
  rm -f "$OWN/$name.part"
}

collect_machine() {
  mkdir -p "$TREE/proc/sys/kernel"
  sed '/^[[:space:]]*$/q' "$ROOT/proc/cpuinfo" > "$TREE/proc/cpuinfo"
  redact "$ROOT/proc/cmdline" > "$TREE/proc/cmdline"
  copy proc/sys/kernel osrelease arch
  keep hostname in_host uts u cat /proc/sys/kernel/hostname
  [ ! -f "$OWN/hostname" ] || mv "$OWN/hostname" "$TREE/proc/sys/kernel/hostname"
  keep machine uname -m
  folder=$(real sys/class/dmi/id) && copy "$folder" product_uuid && copy sys/class/dmi id
  for node in "$ROOT"/sys/devices/system/node/node[0-9]*; do
    [ -d "$node" ] || continue
    node=${node#"$ROOT"/}
    copy "$node" cpulist meminfo
    for size in $(members "$node/hugepages"); do copy "$node/hugepages/$size" nr_hugepages; done
  done
  release=$(uname -r)
  for folder in lib/modules usr/lib/modules; do
    [ -r "$ROOT/$folder/$release/modules.builtin" ] || continue
    mkdir -p "$TREE/lib/modules/$release"
    grep vfio "$ROOT/$folder/$release/modules.builtin" > "$TREE/lib/modules/$release/modules.builtin"
    break
  done
  for config in "boot/config-$release" "lib/modules/$release/config" "usr/lib/modules/$release/config"; do
    [ ! -r "$ROOT/$config" ] || cat "$ROOT/$config"
  done | grep -E '^CONFIG_(VFIO|IOMMU|INTEL_IOMMU|AMD_IOMMU)' | sort -u > "$OWN/kernel-config"
  [ -s "$OWN/kernel-config" ] || [ ! -r "$ROOT/proc/config.gz" ] ||
    gzip -dc "$ROOT/proc/config.gz" | grep -E '^CONFIG_(VFIO|IOMMU|INTEL_IOMMU|AMD_IOMMU)' > "$OWN/kernel-config"
}

# ---- storage ----

collect_blocks() {
  copy sys/class/block '*'
  copy sys/block '*'
  for name in $(members sys/class/block); do
    folder=$(real "sys/class/block/$name") || continue
    case $name in ram* | loop*) [ -d "$ROOT/$folder/loop" ] || continue ;; esac
    copy "$folder" dev partition
    copy "$folder/dm" name uuid
    copy "$folder/loop" backing_file
    copy "$folder/slaves" '*'
    copy "$folder/holders" '*'
  done
  for class in nvme nvme-subsystem; do
    copy "sys/class/$class" '*'
    for name in $(members "sys/class/$class"); do
      folder=$(real "sys/class/$class/$name") && copy "$folder" subsysnqn 'nvme*'
    done
  done
  for name in $(members sys/fs/btrfs); do copy "sys/fs/btrfs/$name/devices" '*'; done
  copy dev/mapper '*'
}

collect_mounts() {
  mkdir -p "$TREE/proc/1"
  copy proc/1 mountinfo
  copy proc swaps
  # Which of these there are says what a mount above them holds.
  for name in containers containerd docker etcd kubelet rancher; do
    if [ -L "$ROOT/var/lib/$name" ]; then copy var/lib "$name"; else mark "var/lib/$name"; fi
    link=$(readlink "$ROOT/var/lib/$name") && case $link in
      /*) mark "${link#/}" ;;
      *) mark "var/lib/$link" ;;
    esac
  done
  # What containers have mounted for themselves: mounts of block devices, each once.
  for digit in 1 2 3 4 5 6 7 8 9; do cat "$ROOT/proc/$digit"*/mountinfo; done 2> /dev/null | awk '
    $3 !~ /^0:/ || / - (btrfs|zfs) / {
      $1 = "0"; $2 = "0"
      if (!seen[$3]++) print
    }' | sort > "$OWN/container-mounts"
}

# Devices that processes have open: `259:0 ceph-osd` for a disk, `15 qemu-kvm` for a group of VFIO.
collect_opened() {
  ls "$ROOT/proc/1/fd" > /dev/null 2>&1 || return 0
  # with one folder alone, ls would not say which it is
  for digit in 1 2 3 4 5 6 7 8 9; do ls -ln /dev/null "$ROOT/proc/$digit"*/fd; done 2> /dev/null | awk '
    /:$/ { folder = substr($0, 1, length($0) - 1) }
    / -> \/dev\// {
      for (i = 1; $i != "->"; i++);
      device = $(i + 1)
      if (device !~ /^\/dev\/(null|zero|full|u?random|kmsg|fuse|kvm|ptmx|console|tty[^\/]*|(pts|shm|net|input)\/.*)$/) {
        print folder "/" $(i - 1), device
      }
    }' | while read -r opened device; do
    process=${opened%/fd/*}
    program=
    read -r program < "$process/comm" || :
    if [ -b "$opened" ]; then
      # shellcheck disable=SC2012
      ls -lnL "$opened" | awk -v "program=$program" '{ sub(",", "", $5); print $5 ":" $6, program }'
    else
      case $device in /dev/vfio/vfio) ;; /dev/vfio/*) echo "${device#/dev/vfio/} $program" >> "$OWN/open-vfio" ;; esac
    fi
  done 2> /dev/null | sort -u > "$OWN/open-blocks"
  [ ! -f "$OWN/open-vfio" ] || { sort -u "$OWN/open-vfio" > "$OWN/open" && mv "$OWN/open" "$OWN/open-vfio"; }
}

# ---- network and consoles ----

collect_network() {
  copy sys/class/net '*'
  for name in $(members sys/class/net); do
    folder=$(real "sys/class/net/$name") || continue
    copy "$folder" 'upper_*' 'lower_*' master
    copy "$folder/bonding" slaves
    copy "$folder/brif" '*'
  done
  copy proc/1/net route ipv6_route if_inet6
  copy proc/1/net/vlan config
  keep ip-addr in_host net n ip -o addr show
  keep ip-route4 in_host net n ip -o -4 route show table all
  keep ip-route6 in_host net n ip -o -6 route show table all
}

collect_consoles() {
  folder=$(real sys/class/tty/console) && copy "$folder" active && copy sys/class/tty console
  active=
  [ ! -r "$ROOT/sys/class/tty/console/active" ] || read -r active < "$ROOT/sys/class/tty/console/active" || :
  for name in $active; do copy sys/class/tty "$name"; done
}

# ---- the program ----

collect_pci
collect_usb
collect_machine
collect_blocks
collect_mounts
collect_opened
collect_network
collect_consoles
{
  echo 'version 1'
  echo "user $(id -u)"
  echo "pid-namespace $(readlink "$ROOT/proc/1/ns/pid")"
} > "$OWN/collector" 2> /dev/null

[ "$(id -u)" = 0 ] || say 'not run as root: serials, open devices and more are missing'
[ -f "$OWN/open-blocks" ] || say 'the processes of the host cannot be looked into: what it uses stays unknown'
[ -f "$OWN/ip-addr" ] || say 'no program ip that reaches the host: which NIC it uses stays unknown'

tar -cf "$WORK/capture.tar" -C "$WORK" hostdev-capture || fail 'cannot write the archive'
pack() { if command -v gzip > /dev/null; then gzip -c "$WORK/capture.tar"; else cat "$WORK/capture.tar"; fi; }
if [ -n "$OUTPUT" ]; then pack > "$OUTPUT"; else pack; fi || fail 'cannot write the archive'
say "$(members sys/bus/pci/devices | wc -l | tr -d ' ') PCI functions${OUTPUT:+, written to $OUTPUT}"
