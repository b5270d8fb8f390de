#!/bin/sh
# hostdev-label-nodes: gives Nodes the labels by which pools select them, and takes away those of the pools that they have left.
# Nodes are nobody's to apply from Git: one that is not there would be made. This one waits for it instead.
#
#   hostdev-label-nodes INPUT
#
# INPUT is a file of lines, words parted by one blank:
#   record ANNOTATION      where a Node keeps what this program gave it, so that it takes away nothing else
#   pools KEY…             labels of which a Node has none but those in its line, whoever gave it one
#   node NAME KEY=VALUE…   the labels that a Node must have
#
# A label that somebody else gave another value is changed by nobody: it waits. What is added and what is taken away is one request,
# so that a Node is never in two pools, nor in none.
set -u
export LC_ALL=C

input=${1:?usage: hostdev-label-nodes INPUT}
period=${HOSTDEV_LABEL_PERIOD:-15}
nl='
'
[ -r "$input" ] || { echo "hostdev-label-nodes: cannot read $input" >&2; exit 2; }

# Values stand in the data, never in a template: no name can become a part of one.
# shellcheck disable=SC2016 # the dollar signs are the template's own
template='{{range $key, $value := .metadata.labels}}label {{$key}}={{$value}}
{{end}}{{range $key, $value := .metadata.annotations}}{{if eq (printf "%.8s" $key) "hostdev/"}}record {{$key}} {{$value}}
{{end}}{{end}}'

waiting=''
wait_for() {
  waiting="$waiting$1$nl"
}

# first STATE PREFIX: sets $value to the rest of the first line that begins so, or fails
first() {
  value=${1#*"$nl$2"}
  if [ "$value" = "$1" ]; then value=''; return 1; fi
  value=${value%%"$nl"*}
}

# has WORDS WORD
has() {
  case " $1 " in *" $2 "*) ;; *) return 1 ;; esac
}

# wants KEY: whether the Node is to have the label
wants() {
  case " $wanted" in *" $1="*) ;; *) return 1 ;; esac
}

# tell WHAT COMMAND…: runs it, or says what it answered and fails
tell() {
  what=$1
  shift
  answer=$("$@" 2>&1) || { wait_for "$what: $(printf %s "$answer" | head -n 1)"; return 1; }
}

label_node() {
  node=$1
  shift
  tell "$node" kubectl get node "$node" -o "go-template=$template" || return 0
  state=$nl$answer$nl
  first "$state" "record $record " || :
  given=$value
  wanted='' change=''
  for word; do
    wanted="$wanted${wanted:+ }$word"
    key=${word%%=*}
    if first "$state" "label $key="; then
      [ "$key=$value" != "$word" ] || continue
      if ! has "$given" "$key=$value"; then
        wait_for "$node: it has the label $key=$value, which is not ours to change to $word"
        return 0
      fi
    fi
    change="$change $word"
  done
  for key in $pools; do
    if ! wants "$key" && first "$state" "label $key="; then change="$change $key-"; fi
  done
  for word in $given; do
    key=${word%%=*}
    ! wants "$key" || continue
    if first "$state" "label $key=" && [ "$key=$value" = "$word" ] && ! has "$change" "$key-"; then
      change="$change $key-"
    fi
  done
  if [ -n "$change" ]; then
    # what is about to be given is on record before it is: killed in between, the next run still knows it
    tell "$node" kubectl annotate node "$node" --overwrite -- "$record=$given $wanted" || return 0
    # shellcheck disable=SC2086 # words without blanks: those of the file, and labels that the Node has
    tell "$node" kubectl label node "$node" --overwrite -- $change || return 0
    echo "hostdev-label-nodes: $node:$change"
    given=''
  fi
  [ "$given" = "$wanted" ] || tell "$node" kubectl annotate node "$node" --overwrite -- "$record=$wanted" || return 0
}

set -f
said=''
while :; do
  waiting='' record='' pools=''
  while read -r kind name rest; do
    # shellcheck disable=SC2086 # words of the file, which hold no blanks
    case $kind in
      record) record=$name ;;
      pools) pools="$name $rest" ;;
      node) label_node "$name" $rest ;;
      '') ;;
      *) echo "hostdev-label-nodes: cannot read the line: $kind $name $rest" >&2; exit 2 ;;
    esac
  done <"$input"
  if [ -z "$waiting" ]; then
    echo 'hostdev-label-nodes: every Node has its labels'
    exit 0
  fi
  [ "$said" = "$waiting" ] || printf '%s' "$waiting" | sed 's/^/hostdev-label-nodes: waiting: /'
  said=$waiting
  sleep "$period"
done
