#!/bin/sh
# hostdev-gate: waits until the cluster is what the next stage of a fleet stands on. It reads and changes nothing, so it may be
# killed and run again at any time.
#
#   hostdev-gate EXPECTED
#
# EXPECTED is a file of lines, words parted by one blank:
#   config NAME SHA256        a MachineConfig that carries this content (an annotation, written by hostdev)
#   kubelet NAME SHA256       a KubeletConfig that carries this content, of which the operator has made a MachineConfig
#   pool NAME COUNT CONFIG…   a MachineConfigPool of COUNT nodes or more, all of which run these MachineConfigs
#   node NAME RESOURCE COUNT  a Node that offers COUNT or more
#
# It ends with 0 when all of it holds. MachineConfigPools must hold still for HOSTDEV_GATE_SETTLE seconds besides: the
# operator takes 5 s to see a change, and shows the pool as updated until then. How long to wait in all is the Job's business.
# HOSTDEV_GATE_PERIOD is the time between two looks.
set -u
export LC_ALL=C

expected=${1:?usage: hostdev-gate EXPECTED}
period=${HOSTDEV_GATE_PERIOD:-15}
settle=${HOSTDEV_GATE_SETTLE:-60}
nl='
'

[ -r "$expected" ] || { echo "hostdev-gate: cannot read $expected" >&2; exit 2; }

# Values stand in the data, never in a template: no name can become a part of one.
# shellcheck disable=SC2016 # the dollar signs are the templates' own
config_template='{{with .metadata.annotations}}{{range $name, $value := .}}{{if eq $name "hostdev/spec-sha256"}}{{$value}}{{end}}{{end}}{{end}}'
kubelet_template="$config_template"'
generation {{.metadata.generation}}
{{with .status}}observed {{.observedGeneration}}
{{range .conditions}}condition {{.type}}
{{end}}{{end}}'
# shellcheck disable=SC2016
pool_template='generation {{.metadata.generation}}
target {{.spec.configuration.name}}
paused {{.spec.paused}}
{{with .status}}observed {{.observedGeneration}}
machines {{.machineCount}}
updated {{.updatedMachineCount}}
{{range .conditions}}condition {{.type}} {{.status}}
{{end}}{{with .configuration}}current {{.name}}
{{range .source}}source {{.name}}
{{end}}{{end}}{{end}}'
# shellcheck disable=SC2016
node_template='{{define "node"}}{{$node := .metadata.name}}{{with .status}}{{range $name, $count := .allocatable}}{{$node}} {{$name}} {{$count}}
{{end}}{{end}}{{end}}{{if .items}}{{range .items}}{{template "node" .}}{{end}}{{else if .metadata.name}}{{template "node" .}}{{end}}'

waiting=''
wait_for() {
  waiting="$waiting$1$nl"
}

# whole NUMBER: succeeds for digits; sets $number, with the suffixes that Kubernetes writes for round counts
whole() {
  case $1 in
    *k) number=${1%k}000 ;;
    *M) number=${1%M}000000 ;;
    *) number=$1 ;;
  esac
  case $number in '' | *[!0-9]*) number=0; return 1 ;; esac
}

at_least() {
  whole "$1" || return 1
  [ "$number" -ge "$2" ]
}

check_config() {
  found=$(kubectl get machineconfigs.machineconfiguration.openshift.io "$1" -o go-template="$config_template" 2>&1) || {
    wait_for "MachineConfig $1: $(printf %s "$found" | head -n 1)"
    return
  }
  [ "$found" = "$2" ] || wait_for "MachineConfig $1 is not the one of this commit: its stage has not been synchronised"
}

check_kubelet() {
  state=$(kubectl get kubeletconfigs.machineconfiguration.openshift.io "$1" -o go-template="$kubelet_template" 2>&1) || {
    wait_for "KubeletConfig $1: $(printf %s "$state" | head -n 1)"
    return
  }
  [ "${state%%"$nl"*}" = "$2" ] || {
    wait_for "KubeletConfig $1 is not the one of this commit: its stage has not been synchronised"
    return
  }
  state=$nl$state$nl
  field "$state" generation; generation=$value
  field "$state" observed
  # the operator adds what it came to at the end
  last=${state##*"${nl}condition "}
  { [ "$value" = "$generation" ] && [ "${last%%"$nl"*}" = Success ]; } ||
    wait_for "KubeletConfig $1: the operator has made no MachineConfig of it yet"
}

# field STATUS NAME: the first value of a line
field() {
  value=${1#*"$nl$2 "}
  if [ "$value" = "$1" ]; then value=''; else value=${value%%"$nl"*}; fi
}

check_pool() {
  pool=$1 count=$2
  shift 2
  state=$(kubectl get machineconfigpools.machineconfiguration.openshift.io "$pool" -o go-template="$pool_template" 2>&1) || {
    wait_for "MachineConfigPool $pool: $(printf %s "$state" | head -n 1)"
    return
  }
  state=$nl$state$nl
  still=$waiting
  for config; do
    case $state in
      *"${nl}source $config$nl"*) ;;
      *) wait_for "MachineConfigPool $pool does not run $config yet" ;;
    esac
  done
  field "$state" paused
  [ "$value" != true ] || wait_for "MachineConfigPool $pool is paused: nothing moves until spec.paused is false"
  case $state in
    *"${nl}condition Degraded True$nl"*) wait_for "MachineConfigPool $pool is degraded: kubectl describe machineconfigpool $pool" ;;
  esac
  case $state in
    *"${nl}condition Updated True$nl"*) ;;
    *) wait_for "MachineConfigPool $pool is being updated" ;;
  esac
  field "$state" generation; generation=$value
  field "$state" observed
  [ "$value" = "$generation" ] || wait_for "MachineConfigPool $pool: the operator has not seen its last change"
  field "$state" target; target=$value
  field "$state" current
  { [ -n "$value" ] && [ "$value" = "$target" ]; } || wait_for "MachineConfigPool $pool is on its way from $value to $target"
  field "$state" machines
  at_least "$value" "$count" || wait_for "MachineConfigPool $pool has $number of $count nodes: do they carry its label?"
  field "$state" updated
  at_least "$value" "$count" || wait_for "MachineConfigPool $pool has prepared $number of $count nodes"
  [ "$waiting" = "$still" ] && seen="$seen $pool=$target"
}

# The Nodes of some lines in one call; get is all that is needed for it.
read_nodes() {
  [ $# -gt 0 ] || return 0
  more=$(kubectl get nodes "$@" --ignore-not-found -o go-template="$node_template" 2>&1) || {
    wait_for "Nodes: $(printf %s "$more" | head -n 1)"
    return 0
  }
  offered=$offered$more$nl
}

check_node() {
  field "$offered" "$1 $2"
  at_least "$value" "$3" || wait_for "Node $1 offers $number of $3 $2"
}

look() {
  waiting='' seen='' offered=$nl
  set --
  previous=''
  while read -r kind name _; do
    if [ "$kind" != node ] || [ "$name" = "$previous" ]; then continue; fi
    previous=$name
    set -- "$@" "$name"
    [ $# -lt 50 ] || { read_nodes "$@"; set --; }
  done <"$expected"
  read_nodes "$@"
  while read -r kind name rest; do
    set -f
    # words of the file, which hold no blanks
    # shellcheck disable=SC2086
    case $kind in
      config) check_config "$name" $rest ;;
      kubelet) check_kubelet "$name" $rest ;;
      pool) check_pool "$name" $rest ;;
      node) check_node "$name" $rest ;;
      '') ;;
      *) echo "hostdev-gate: cannot read the line: $kind $name $rest" >&2; exit 2 ;;
    esac
  done <"$expected"
}

said='' settled='' held=0
while :; do
  look
  if [ -z "$waiting" ]; then
    [ "$seen" = "$settled" ] || { settled=$seen; held=0; }
    if [ -z "$seen" ] || [ "$held" -ge "$settle" ]; then
      echo 'hostdev-gate: everything is there'
      exit 0
    fi
    [ "$said" = settling ] || echo "hostdev-gate: everything is there, and must stay so for $settle s"
    said=settling
    held=$((held + period))
  else
    settled='' held=0
    [ "$said" = "$waiting" ] || printf '%s' "$waiting" | sed 's/^/hostdev-gate: waiting: /'
    said=$waiting
  fi
  sleep "$period"
done
