#!/bin/bash
# Makes what `npm run test:kernel` boots, from Debian's packages: a kernel, an initramfs and the disk of a small Debian.
#
#   tools/kernel/prepare.sh [FOLDER]     prints the folder that it filled; default: .cache/kernel below the repository
#
# Packages are downloaded and unpacked, never installed; nothing is mounted and no root is needed. What is there for the same
# kernel and the same scripts is used again. Needs what `need` asks for below and an apt that has its lists (apt-get update).
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin # mke2fs and sfdisk are there
packages='base-files base-passwd coreutils dash e2fsprogs findutils grep gzip hostname mawk sed util-linux perl-base
  systemd systemd-sysv udev kmod iproute2 lvm2 strace grub2-common'
modules='vfio vfio-pci vfio_iommu_type1 nvme ext4 crc32c_generic crc32c-intel dm-mod e1000 e1000e snd-hda-intel bochs autofs4'
early='nvme ext4 crc32c_generic crc32c-intel dm-mod'

need() { # COMMAND PACKAGE
  command -v "$1" > /dev/null || { echo "$1 is missing: apt-get install -y --no-install-recommends $2" >&2 && exit 3; }
}
need qemu-system-x86_64 qemu-system-x86
need busybox busybox-static
need depmod kmod
need flock util-linux
need cpio cpio
need zstd zstd
need mke2fs e2fsprogs
need sfdisk fdisk
need dpkg-deb dpkg
need apt-get apt

kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
[ -n "$kernel" ] || { echo 'no linux-image-amd64 in the lists of apt: run apt-get update' >&2 && exit 3; }
version=$(apt-cache show --no-all-versions "$kernel" | awk '/^Version:/ { print $2; exit }')
scripts=$(cat "$0" "$here"/guest/* | sha256sum | cut -c1-12)
cache=${1:-$here/../../.cache/kernel}/$kernel-$version-$scripts
mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9 # of two that are started at once, one makes it and the other uses it
if [ -e "$cache/ready" ]; then readlink -f "$cache" && exit; fi
cache=$(readlink -f "$cache")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debs" "$work/kernel" "$work/root" "$work/initramfs"

# ---- packages: what these need, resolved as for a machine that has nothing ----

# shellcheck disable=SC2086
apt-get -o Dir::State::status=/dev/null -s --no-install-recommends install $packages |
  awk '/^Inst / { print $2 }' | sort -u > "$work/names"
# shellcheck disable=SC2046
(cd "$work/debs" && apt-get -o APT::Sandbox::User=root download -qq "$kernel" $(cat "$work/names")) >&2
dpkg-deb -x "$work"/debs/"$kernel"_*.deb "$work/kernel"
release=$(ls "$work/kernel/lib/modules")
depmod -b "$work/kernel" "$release"
cp "$work/kernel/boot/vmlinuz-$release" "$cache/vmlinuz"

take_modules() { # FOLDER MODULE...
  to=$1
  shift
  for module; do modprobe -d "$work/kernel" -S "$release" --show-depends "$module"; done |
    awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
    mkdir -p "$to/lib/modules/$release"
    (cd "$work/kernel" && cp --parents -- "./${file#"$work/kernel/"}" "$to/")
  done
  cp "$work/kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$to/lib/modules/$release/"
  depmod -b "$to" "$release"
}

# ---- the disk ----

root=$work/root
mkdir -p "$root"/usr/{bin,sbin,lib,lib32,lib64,libx32}
for folder in bin sbin lib lib32 lib64 libx32; do ln -s "usr/$folder" "$root/$folder"; done
for deb in "$work"/debs/*.deb; do
  case $deb in */linux-image-*) continue ;; esac
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/info' \
    --exclude='./usr/lib/udev/hwdb.d' --exclude='./usr/share/bash-completion' --exclude='./usr/share/zoneinfo'
done
# what the packages' own scripts would have done
cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
ln -sf mawk "$root/usr/bin/awk"
ln -sf dash "$root/usr/bin/sh"
ldconfig -r "$root"
mkdir -p "$root"/{proc,sys,dev,run,tmp,root,boot/grub,var/log,mnt,etc/default,usr/local/bin,usr/local/sbin}
# shellcheck disable=SC2086
take_modules "$root" $modules
cp "$cache/vmlinuz" "$root/boot/vmlinuz-$release"
: > "$root/boot/initrd.img-$release" # grub-mkconfig lists it; QEMU loads ours
printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' > "$root/etc/default/grub"
# QEMU loads the initramfs that is made below; that a rebuild was asked for is what a test can see
printf '#!/bin/sh\necho "$@" >> /var/log/update-initramfs\n' > "$root/usr/sbin/update-initramfs"
chmod 0755 "$root/usr/sbin/update-initramfs"
printf 'LABEL=hostdev-root / ext4 defaults 0 1\n' > "$root/etc/fstab"
printf 'uninitialized\n' > "$root/etc/machine-id"
mkdir -p "$root/usr/lib/systemd/system-preset" "$root/usr/lib/hostdev-test"
# as Fedora CoreOS and RHCOS have it: only what a preset names is enabled
printf 'enable hostdev-test-*.service\nenable kubelet.service\n' > "$root/usr/lib/systemd/system-preset/00-test.preset"
printf 'disable *\n' > "$root/usr/lib/systemd/system-preset/30-disable.preset"
cp "$here"/guest/*.{service,target} "$root/usr/lib/systemd/system/"
cp "$here"/guest/{run-steps,state,vfio-check,network} "$root/usr/lib/hostdev-test/"
chmod 0755 "$root"/usr/lib/hostdev-test/*
truncate -s 320M "$work/root.img"
mke2fs -q -t ext4 -O '^has_journal,^metadata_csum' -E lazy_itable_init=0,nodiscard,root_owner=0:0 -L hostdev-root \
  -d "$root" "$work/root.img"
# one partition that begins at 1 MiB; QEMU shows the whole image, or the partition alone as a whole disk
truncate -s 321M "$cache/disk.img"
printf 'start=2048, type=83\n' | sfdisk -q "$cache/disk.img"
dd if="$work/root.img" of="$cache/disk.img" bs=1M seek=1 conv=sparse,notrunc status=none

# ---- the initramfs ----

initramfs=$work/initramfs
mkdir -p "$initramfs"/{bin,sbin,proc,sys,dev,run,sysroot,lib,lib64}
cp "$(command -v busybox)" "$initramfs/bin/busybox"
for applet in $(busybox --list); do
  case $applet in busybox | modprobe) ;; *) ln -sf busybox "$initramfs/bin/$applet" ;; esac
done
# busybox's own modprobe knows no softdep
cp "$(readlink -f "$(command -v kmod)")" "$initramfs/bin/kmod"
ln -s ../bin/kmod "$initramfs/sbin/modprobe"
ldd "$initramfs/bin/kmod" | grep -oE '/lib[^ ]+' | while read -r library; do
  mkdir -p "$initramfs/$(dirname "$library")"
  cp -L "$library" "$initramfs/$library"
done
# shellcheck disable=SC2086
take_modules "$initramfs" $early
cp "$here/guest/init" "$initramfs/init"
cp "$here/guest/state" "$initramfs/bin/state"
chmod 0755 "$initramfs/init" "$initramfs/bin/state"
(cd "$initramfs" && find . -print0 | cpio --quiet --null -o -H newc -R 0:0) | zstd -q -3 -f -o "$cache/initrd.zst"
# a second archive is read only where it begins at a multiple of four
truncate -s %512 "$cache/initrd.zst"

: > "$cache/ready"
# older ones are of another kernel or of other scripts
find "$(dirname "$cache")" -mindepth 1 -maxdepth 1 -type d ! -path "$cache" -exec rm -rf {} +
echo "$cache"
