#!/bin/sh
# hostdev-label-nodes: gives Nodes the labels by which pools select them. Nodes are nobody's to apply from Git: one that is not
# there would be made. This one waits for it instead, and changes no label that has another value.
#
#   hostdev-label-nodes INPUT
#
# INPUT is a file of lines, words parted by one blank: NODE KEY=VALUE…
set -u
export LC_ALL=C

input=${1:?usage: hostdev-label-nodes INPUT}
period=${HOSTDEV_LABEL_PERIOD:-15}
[ -r "$input" ] || { echo "hostdev-label-nodes: cannot read $input" >&2; exit 2; }

said=''
while :; do
  waiting=''
  while read -r node labels; do
    [ -n "$node" ] || continue
    set -f
    # words of the file, which hold no blanks
    # shellcheck disable=SC2086
    answer=$(kubectl label node "$node" -- $labels 2>&1) || waiting="$waiting$node: $(printf %s "$answer" | head -n 1)
"
  done <"$input"
  if [ -z "$waiting" ]; then
    echo 'hostdev-label-nodes: every Node has its labels'
    exit 0
  fi
  [ "$said" = "$waiting" ] || printf '%s' "$waiting" | sed 's/^/hostdev-label-nodes: waiting: /'
  said=$waiting
  sleep "$period"
done
