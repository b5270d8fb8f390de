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
POOL=gpu
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
any 0755 /usr/local/bin/hostdev-vfio-bind
any 0644 /etc/hostdev/bindings
any 0644 /etc/systemd/system/hostdev-vfio-bind.service
any 0644 /etc/systemd/system/hostdev-vfio-verify.service
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
    /usr/local/bin/hostdev-vfio-bind)
      cat << 'HOSTDEV-END'
…
      ;;
    /etc/hostdev/bindings)
      cat << 'HOSTDEV-END'
# What hostdev-vfio-bind binds to vfio-pci. Written by hostdev from the fleet; a change here is lost.
# One PCI function a line, fields apart by one blank, - for what is not compared:
#   scope       the node that the line is for: any, uuid=<DMI product UUID>, or host=<host name>
#   address     domain:bus:device.function
#   ids         vendor:device that must be found there; alternatives apart by a comma
#   subsystem   vendor:device
#   class       four digits, or six with the programming interface
#   serial      of the disk, or of the function as lspci prints it; _ for what is no letter, digit, . or -
#   companions  classes of functions in the same slot that are bound along with it
#   purpose     the device's name in the fleet
# node01
uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 0000:65:00.0 10de:1eb8 - 0302 S_1 - t4
HOSTDEV-END
      ;;
    /etc/systemd/system/hostdev-vfio-bind.service)
      cat << 'HOSTDEV-END'
[Unit]
Description=Hand the PCI functions listed in /etc/hostdev/bindings to vfio-pci
Wants=network-online.target
After=network-online.target
Before=kubelet.service k3s.service k3s-agent.service rke2-server.service rke2-agent.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/bin/hostdev-vfio-bind
# 30 s for devices that appear late, 30 s for udev, the rest for drivers that are slow to let go
TimeoutStartSec=300
StandardOutput=journal+console
StandardError=journal+console

[Install]
WantedBy=multi-user.target
HOSTDEV-END
      ;;
    /etc/systemd/system/hostdev-vfio-verify.service)
      cat << 'HOSTDEV-END'
[Unit]
Description=Compare the PCI functions on vfio-pci with /etc/hostdev/bindings
After=hostdev-vfio-bind.service kubelet.service k3s.service k3s-agent.service rke2-server.service rke2-agent.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/bin/hostdev-vfio-bind --verify
TimeoutStartSec=120
StandardOutput=journal+console
StandardError=journal+console

[Install]
WantedBy=multi-user.target
HOSTDEV-END
      ;;
  esac
}

# One systemd unit a line; its file is among those above.
units() {
  cat << 'HOSTDEV-END'
hostdev-vfio-bind.service
hostdev-vfio-verify.service
HOSTDEV-END
}
