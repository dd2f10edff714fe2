#!/usr/bin/env bash
# Makes keys and hands them to Kubernetes: make_secrets.sh FOLDER WORKERS CONFIG
#
# FOLDER keeps the keys, outside of the cluster: they are made once, and more when it is called again
# with more WORKERS. CONFIG is the run definition; a game file that it names goes along. Keys go
# through files, never a command line. Needs kubectl, and keygen in bazel-bin/tools (or NASH_BIN).
set -euo pipefail

fail() { echo "make_secrets.sh: $*" >&2; exit 2; }

[ $# -eq 3 ] || fail "make_secrets.sh FOLDER WORKERS CONFIG"
readonly folder=$1 workers=$2 config=$3 keygen=${NASH_BIN:-bazel-bin/tools}/keygen
[[ $workers =~ ^[1-9][0-9]{0,2}$ ]] || fail "\"$workers\": a number of workers from 1 to 999"
[ -r "$config" ] || fail "$config: cannot be read"

umask 077
mkdir -p "$folder"
names=(coordinator)
for ((i = 0; i < workers; ++i)); do names+=("nashville-worker-$i"); done
for name in "${names[@]}"; do
  [ -e "$folder/$name.key" ] || "$keygen" --out="$folder" --name="$name"
done
cat "$folder"/nashville-worker-*.pub >"$folder/allowed"

apply() { kubectl create "$@" --dry-run=client --output=yaml | kubectl apply --filename=-; }

worker_keys=()
for name in "${names[@]:1}"; do worker_keys+=("--from-file=$folder/$name.key"); done
apply secret generic nashville-coordinator-key --from-file="$folder/coordinator.key"
apply secret generic nashville-worker-keys "${worker_keys[@]}"
apply configmap nashville-coordinator-pub --from-file="$folder/coordinator.pub"
apply configmap nashville-allowed --from-file="$folder/allowed"
definition=(--from-file=run.yaml="$config")
game=$(sed -n 's/^game: *\([^ |>].*\)$/\1/p' "$config")
# A config map has no folders: the definition must name its game as a file beside it.
if [ -n "$game" ]; then
  [[ $game != */* ]] || fail "$config: game: $game: inspect_checkpoint definition, or run.yaml in the \
folder of a run, give a definition that holds its game; use that"
  definition+=(--from-file="$(dirname "$config")/$game")
fi
apply configmap nashville-definition "${definition[@]}"
