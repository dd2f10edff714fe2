#!/usr/bin/env bash
# Makes keys and hands them to Kubernetes: make_secrets.sh FOLDER CONFIG
#
# FOLDER keeps the keys, outside of the cluster: one of the coordinator and one that all workers
# share. They are made once. CONFIG is the run definition; a game file that it names goes along. Keys
# go through files, never a command line. Needs kubectl, and keygen in bazel-bin/tools (or NASH_BIN).
set -euo pipefail

fail() { echo "make_secrets.sh: $*" >&2; exit 2; }

[ $# -eq 2 ] || fail "make_secrets.sh FOLDER CONFIG"
readonly folder=$1 config=$2 keygen=${NASH_BIN:-bazel-bin/tools}/keygen
[ -r "$config" ] || fail "$config: cannot be read"

umask 077
mkdir -p "$folder"
[ -e "$folder/coordinator.key" ] || "$keygen" --out="$folder" --name=coordinator
[ -e "$folder/workers.key" ] || "$keygen" --out="$folder" --name=workers --shared
cp "$folder/workers.pub" "$folder/allowed"

apply() { kubectl create "$@" --dry-run=client --output=yaml | kubectl apply --filename=-; }

apply secret generic nashville-coordinator-key --from-file="$folder/coordinator.key"
apply secret generic nashville-worker-key --from-file="$folder/workers.key"
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
