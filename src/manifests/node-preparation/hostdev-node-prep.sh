#!/bin/sh
# hostdev-node-prep: prepares this node for handing devices to virtual machines. Run it as root on every node of the pool.
#
#   sh install.sh             installs what is listed below; the next boot makes it take effect, this program reboots nothing
#   sh install.sh --check     says how the node differs from what is listed, and changes nothing
#   sh install.sh --undo      takes away again what was installed
#   sh install.sh --list      prints what is listed below: arguments, files, units
#
# Everything is checked before anything is changed. What is in the way is refused, not replaced: files of somebody else, another
# pool's preparation, a boot loader that is not known. Running it again changes nothing; a run that was cut off is completed by the next
# one, or taken back by --undo. What it did is written in /var/lib/hostdev/node-prep.state.
# Exit status: 0 done, or as listed; 1 refused, failed, or different; 2 wrong invocation.
# HOSTDEV_ROOT: for tests only.
set -u

# ---- data: what hostdev wrote for this pool ----
POOL=example
CPU_VENDORS='intel'
IDS=''

# One kernel argument a line.
arguments() {
  cat << 'HOSTDEV-END'
intel_iommu=on
HOSTDEV-END
}

# One file a line: the family of distributions that it is for, its mode, its path.
files() {
  cat << 'HOSTDEV-END'
any 0644 /etc/modules-load.d/vfio-pci.conf
HOSTDEV-END
}

# The text of each of them.
text_of() {
  case $1 in
    /etc/modules-load.d/vfio-pci.conf)
      cat << 'HOSTDEV-END'
vfio-pci
HOSTDEV-END
      ;;
  esac
}

# One systemd unit a line; its file is among those above.
units() {
  :
}
# ---- end of data ----

PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022
ROOT=${HOSTDEV_ROOT:-}
[ -z "$ROOT" ] || PATH=$ROOT/tools:$PATH
STATE_DIR=$ROOT/var/lib/hostdev
STATE=$STATE_DIR/node-prep.state
DROP_IN=/etc/default/grub.d/99-hostdev.cfg
GRUB_CFG=$ROOT/boot/grub/grub.cfg
MODE=install
FAMILY=
REFUSED=0
CHANGED=no
GRUB_DIRTY=no

# ---- saying what happens ----

# What files and other programs say may hold anything: nothing but printable characters reaches a terminal.
say() { printf 'hostdev-node-prep: %s\n' "$*" | tr -c ' -~\n' '?'; }

refuse() {
  REFUSED=$((REFUSED + 1))
  say "refused: $*"
}

fail() {
  say "failed: $*"
  say "run it again when that is put right, or with --undo"
  exit 1
}

# ---- the node ----

os_release() { # KEY
  sed -n "s/^$1=//p" "$ROOT/etc/os-release" 2> /dev/null | tr -d "\"'" | head -n 1
}

at_least() { # VERSION MINIMUM: compares major and minor
  awk -v have="$1" -v want="$2" 'BEGIN {
    split(have, h, "."); split(want, w, ".")
    exit !(h[1] + 0 > w[1] + 0 || (h[1] + 0 == w[1] + 0 && h[2] + 0 >= w[2] + 0))
  }'
}

# The releases whose boot loader and initramfs this program knows how to change.
recognise() {
  id=$(os_release ID)
  version=$(os_release VERSION_ID)
  case $id in
    debian) FAMILY=debian minimum=11 ;;
    ubuntu) FAMILY=debian minimum=20.04 ;;
    rhel | centos | rocky | almalinux | ol) FAMILY=redhat minimum=8 ;;
    fedora) FAMILY=redhat minimum=38 ;;
    *)
      refuse "the distribution ${id:-without a name} is not one that this program knows: Debian, Ubuntu, RHEL and its relatives, Fedora"
      return
      ;;
  esac
  at_least "${version:-0}" "$minimum" || refuse "$id ${version:-of an unknown release} is older than $minimum"
  if [ -e "$ROOT/run/ostree-booted" ]; then
    refuse 'the node is an ostree system: prepare it as nodePlatform ignition'
  fi
  for variable in "$ROOT"/sys/firmware/efi/efivars/LoaderInfo-*; do
    [ ! -r "$variable" ] || ! tr -d '\000' < "$variable" | grep -q systemd-boot ||
      refuse 'the node is started by systemd-boot, which does not read the configuration of GRUB'
  done
  case $FAMILY in
    debian) tools='update-grub update-initramfs' ;;
    redhat) tools='grubby dracut' ;;
  esac
  for tool in $tools sha256sum systemctl; do
    command -v "$tool" > /dev/null || refuse "there is no $tool"
  done
  [ "$FAMILY" = redhat ] || [ -f "$GRUB_CFG" ] || refuse 'there is no /boot/grub/grub.cfg: the node is not started by GRUB'
}

is_built_in() { # whether any kernel has vfio-pci built in, so that options in modprobe.d do not reach it
  grep -qs '/vfio-pci\.ko$' "$ROOT"/lib/modules/*/modules.builtin
}

has_driver() {
  is_built_in || grep -qs '/vfio-pci\.ko[.:a-z0-9]*' "$ROOT"/lib/modules/*/modules.dep
}

wanted_arguments() { # one a line
  arguments
  [ -z "$IDS" ] || ! is_built_in || echo "vfio-pci.ids=$IDS"
}

one_line() { tr '\n' ' ' | sed 's/ $//'; }

has_word() { # WORDS WORD
  case " $1 " in *" $2 "*) return 0 ;; esac
  return 1
}

# ---- files ----

own_files() { # the lines of files() for this family, and what is made on the node
  files | while read -r family mode path; do
    case $family in any | "$FAMILY") echo "$mode $path" ;; esac
  done
  [ "$FAMILY" != debian ] || [ -z "$(wanted_arguments)" ] || echo "0644 $DROP_IN"
}

wanted_text() { # PATH
  if [ "$1" = "$DROP_IN" ]; then
    echo '# Written by hostdev. It adds to what the files before it say, and replaces nothing.'
    # shellcheck disable=SC2016 # update-grub expands it
    printf 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT %s"\n' "$(wanted_arguments | one_line)"
  else
    text_of "$1"
  fi
}

sum() { sha256sum | cut -d ' ' -f 1; }

sum_of() { # PATH: of the file that is there; nothing when there is none
  [ ! -f "$ROOT$1" ] || sum < "$ROOT$1"
}

mode_of() { # PATH
  stat -c '0%a' "$ROOT$1" 2> /dev/null
}

recorded() { # KIND: the rest of the state's lines of a kind
  sed -n "s/^$1 //p" "$STATE" 2> /dev/null
}

is_ours() { # PATH SUM
  recorded file | grep -Fqx "$2 $1"
}

put() { # MODE PATH: the text on standard input, whole or not at all
  folder=$ROOT${2%/*}
  mkdir -p "$folder" && cat > "$folder/.hostdev.new" && chmod "$1" "$folder/.hostdev.new" &&
    mv "$folder/.hostdev.new" "$ROOT$2"
}

record() { # the state on standard input
  mkdir -p "$STATE_DIR" && cat > "$STATE.new" && mv "$STATE.new" "$STATE"
}

# ---- checking ----

check_arguments() {
  wrong=$(arguments | grep -Ev '^[A-Za-z0-9_.,:=/@%+!-]+$')
  [ -z "$wrong" ] || refuse "a kernel argument that a boot loader would not keep as it is: $wrong"
  line=$(cat "$ROOT/proc/cmdline" 2> /dev/null)
  for off in iommu=off intel_iommu=off amd_iommu=off; do
    ! has_word "$line" "$off" || refuse "$off is on the kernel command line: take it away first"
  done
  [ -n "$IDS" ] || return 0
  for word in $line; do
    case $word in
      "vfio-pci.ids=$IDS") ;;
      vfio-pci.ids=* | vfio_pci.ids=*) refuse "$word is on the kernel command line: of two lists vfio-pci takes the last" ;;
    esac
  done
  for file in "$ROOT"/etc/modprobe.d/*.conf; do
    case ${file#"$ROOT"} in /etc/modprobe.d/vfio.conf | *'*'*) continue ;; esac
    ! grep -Eq '^[[:space:]]*options[[:space:]]+vfio[-_]pci[[:space:]].*ids=' "$file" ||
      refuse "${file#"$ROOT"} gives vfio-pci a list of ids too: of two lists it takes the last"
  done
}

check_files() {
  own_files > "$WORK/files"
  while read -r _ path; do
    if [ -L "$ROOT$path" ] || { [ -e "$ROOT$path" ] && [ ! -f "$ROOT$path" ]; }; then
      refuse "$path is no plain file"
      continue
    fi
    found=$(sum_of "$path")
    [ -z "$found" ] || [ "$found" = "$(wanted_text "$path" | sum)" ] || is_ours "$path" "$found" ||
      refuse "$path is there and is not this program's: move it away first"
  done < "$WORK/files"
}

check_node() {
  recognise
  has_driver || refuse 'no kernel of this node has vfio-pci'
  other=$(recorded pool)
  [ -z "$other" ] || [ "$other" = "$POOL" ] ||
    refuse "this node is prepared as pool $other: run that pool's program with --undo first"
  [ -z "$FAMILY" ] || check_files
  check_arguments
  [ "$REFUSED" -eq 0 ] || {
    say 'nothing was changed'
    exit 1
  }
  # the tables are those that the firmware shows when its switch is on
  case $CPU_VENDORS in
    '' | *arm*) ;;
    *) [ ! -d "$ROOT/sys/firmware/acpi/tables" ] || [ -e "$ROOT/sys/firmware/acpi/tables/DMAR" ] ||
      [ -e "$ROOT/sys/firmware/acpi/tables/IVRS" ] ||
      say 'warning: the firmware shows no IOMMU: turn on VT-d or AMD-Vi, or nothing will be bound' ;;
  esac
}

# ---- the boot loader ----

booted_lines() { # what the boot loader will start kernels with, one kernel a line
  case $FAMILY in
    # entries of other systems and of memory tests are in sections of their own
    debian) awk '/^### BEGIN .*\/10_linux/ { own = 1 } /^### END/ { own = 0 }
      own && $1 ~ /^linux/ && !/ (single|recovery)( |$)/' "$GRUB_CFG" ;;
    redhat) grubby --info=ALL | sed -n 's/^args="\(.*\)"$/\1/p' ;;
  esac
}

lacking() { # the arguments that some kernel would be started without
  booted_lines > "$WORK/lines"
  wanted_arguments | while read -r argument; do
    if [ ! -s "$WORK/lines" ] || awk -v word="$argument" 'index(" " $0 " ", " " word " ") == 0 { found = 1 } END { exit !found }' "$WORK/lines"; then
      echo "$argument"
    fi
  done
}

call_grubby() { # CHANGE
  grubby --update-kernel=ALL "$1" > "$WORK/log" 2>&1 || fail "grubby: $(tail -n 3 "$WORK/log")"
  CHANGED=yes
}

set_arguments() {
  case $FAMILY in
    debian)
      if [ "$GRUB_DIRTY" = yes ] || [ -n "$(lacking)" ]; then
        update-grub > "$WORK/log" 2>&1 || fail "update-grub: $(tail -n 3 "$WORK/log")"
        CHANGED=yes
      fi
      ;;
    redhat)
      wanted_arguments > "$WORK/arguments"
      stale=$(recorded argument | grep -Fvx -f "$WORK/arguments" | one_line)
      [ -z "$stale" ] || call_grubby --remove-args="$stale"
      missing=$(lacking | one_line)
      [ -z "$missing" ] || call_grubby --args="$(one_line < "$WORK/arguments")"
      ;;
  esac
  missing=$(lacking | one_line)
  [ -z "$missing" ] || fail "the boot loader still lacks: $missing"
}

make_initramfs() {
  say 'making the initramfs anew, which takes a while'
  case $FAMILY in
    debian) update-initramfs -u -k all > "$WORK/log" 2>&1 || fail "update-initramfs: $(tail -n 3 "$WORK/log")" ;;
    redhat) dracut --force --regenerate-all > "$WORK/log" 2>&1 || fail "dracut: $(tail -n 3 "$WORK/log")" ;;
  esac
}

is_of_initramfs() { # PATH: whether the initramfs holds it, or is made by it
  case $1 in /etc/modprobe.d/* | /etc/initramfs-tools/* | /etc/dracut.conf.d/*) return 0 ;; esac
  return 1
}

reload_units() {
  [ -n "$ROOT" ] || [ ! -d /run/systemd/system ] || systemctl daemon-reload
}

is_active() { # whether the node was started with all of it
  line=$(cat "$ROOT/proc/cmdline" 2> /dev/null)
  for word in $(wanted_arguments); do has_word "$line" "$word" || return 1; done
}

# ---- the three things it does ----

install_all() {
  check_node
  # Written before the first change: what this run is about to write, and what an earlier one wrote.
  {
    echo "pool $POOL"
    echo "family $FAMILY"
    while read -r _ path; do echo "file $(wanted_text "$path" | sum) $path"; done < "$WORK/files"
    recorded file | sed 's/^/file /'
    units | sed 's/^/unit /'
    recorded unit | sed 's/^/unit /'
    recorded argument | sed 's/^/argument /'
    [ "$FAMILY" = debian ] || lacking | sed 's/^/argument /'
    recorded initramfs | sed 's/^/initramfs /'
  } | awk '!seen[$0]++' > "$WORK/state"
  record < "$WORK/state" || fail "cannot write $STATE"
  while read -r mode path; do
    text=$(wanted_text "$path" | sum)
    [ "$(sum_of "$path")" = "$text" ] && [ "$(mode_of "$path")" = "$mode" ] && continue
    ! is_of_initramfs "$path" || echo 'initramfs pending' >> "$STATE"
    [ "$path" != "$DROP_IN" ] || GRUB_DIRTY=yes
    wanted_text "$path" | put "$mode" "$path" || fail "cannot write $path"
    CHANGED=yes
    say "wrote $path"
  done < "$WORK/files"
  remove_left_over
  reload_units
  units | while read -r unit; do
    systemctl --root="${ROOT:-/}" enable "$unit" > "$WORK/log" 2>&1 || exit 1
  done || fail "systemctl enable: $(tail -n 3 "$WORK/log")"
  set_arguments
  [ -z "$(recorded initramfs)" ] || make_initramfs
  {
    echo "pool $POOL"
    echo "family $FAMILY"
    while read -r _ path; do echo "file $(sum_of "$path") $path"; done < "$WORK/files"
    units | sed 's/^/unit /'
    recorded argument | while read -r argument; do
      wanted_arguments | grep -Fqx -e "$argument" && echo "argument $argument"
    done
  } > "$WORK/state"
  record < "$WORK/state" || fail "cannot write $STATE"
  sync
  if [ "$CHANGED" = no ] && is_active; then
    say 'done: everything was there already'
  else
    say 'done: reboot the node, so that it takes effect'
    mkdir -p "$ROOT/run/hostdev" && : > "$ROOT/run/hostdev/reboot-wanted"
  fi
}

remove_file() { # PATH SUM: unless somebody has changed it since
  [ -e "$ROOT$1" ] || return 0
  if [ "$(sum_of "$1")" != "$2" ]; then
    # another line of the state may have the sum that it has now
    is_ours "$1" "$(sum_of "$1")" || say "left $1: it was changed since"
    return 0
  fi
  ! is_of_initramfs "$1" || echo 'initramfs pending' >> "$STATE"
  [ "$1" != "$DROP_IN" ] || GRUB_DIRTY=yes
  CHANGED=yes
  rm -f "$ROOT$1" && say "removed $1"
}

remove_left_over() { # what an earlier run installed and this pool no longer has
  recorded unit | while read -r unit; do
    units | grep -Fqx -e "$unit" || systemctl --root="${ROOT:-/}" disable "$unit" > /dev/null 2>&1 || :
  done
  recorded file > "$WORK/recorded"
  while read -r sum path; do
    grep -Eq "^0[0-7]+ $path\$" "$WORK/files" || remove_file "$path" "$sum"
  done < "$WORK/recorded"
}

undo_all() {
  [ -f "$STATE" ] || {
    say 'nothing was installed'
    exit 0
  }
  FAMILY=$(recorded family)
  recorded unit | while read -r unit; do
    systemctl --root="${ROOT:-/}" disable "$unit" > /dev/null 2>&1 || :
  done
  recorded file > "$WORK/recorded"
  while read -r sum path; do remove_file "$path" "$sum"; done < "$WORK/recorded"
  reload_units
  case $FAMILY in
    debian) update-grub > "$WORK/log" 2>&1 || fail "update-grub: $(tail -n 3 "$WORK/log")" ;;
    redhat)
      added=$(recorded argument | one_line)
      [ -z "$added" ] || call_grubby --remove-args="$added"
      ;;
  esac
  [ -z "$(recorded initramfs)" ] || make_initramfs
  # disks that guests wrote on are the host's again
  rm -f "$STATE" "$STATE_DIR/handed-over"
  sync
  say 'undone: devices go back to the host with the next boot'
}

check_all() {
  check_node
  different=0
  differs() {
    different=$((different + 1))
    say "differs: $*"
  }
  while read -r mode path; do
    found=$(sum_of "$path")
    if [ -z "$found" ]; then
      differs "$path is not there"
    elif [ "$found" != "$(wanted_text "$path" | sum)" ]; then
      differs "$path has another text"
    elif [ "$(mode_of "$path")" != "$mode" ]; then
      differs "$path has mode $(mode_of "$path"), not $mode"
    fi
  done < "$WORK/files"
  for unit in $(units); do
    systemctl --root="${ROOT:-/}" is-enabled "$unit" > /dev/null 2>&1 || differs "$unit is not enabled"
  done
  missing=$(lacking | one_line)
  [ -z "$missing" ] || differs "the boot loader lacks: $missing"
  [ -z "$(recorded initramfs)" ] || differs 'the initramfs was not made anew'
  is_active || differs 'the node was started without these arguments: reboot it'
  [ "$different" -eq 0 ] || exit 1
  say 'as listed'
}

list_all() {
  arguments | sed 's/^/argument /'
  [ -z "$IDS" ] || echo "ids $IDS"
  files | while read -r family mode path; do echo "file $family $mode $(text_of "$path" | sum) $path"; done
  units | sed 's/^/unit /'
}

# ---- the program ----

case "$# ${1:-}" in
  '0 ') ;;
  '1 --check' | '1 --undo' | '1 --list') MODE=$1 ;;
  *) echo 'usage: sh install.sh [--check | --undo | --list]' >&2 && exit 2 ;;
esac
if [ "$MODE" = --list ]; then
  list_all
  exit 0
fi
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || { echo 'hostdev-node-prep: run it as root' >&2 && exit 2; }
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM HUP
case $MODE in
  install) install_all ;;
  --check) check_all ;;
  --undo) undo_all ;;
esac
