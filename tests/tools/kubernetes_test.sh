#!/usr/bin/env bash
# The manifests of configs/cluster/kubernetes on a real Kubernetes, a control plane and one node on
# this machine. First without the node: they are admitted, and the controllers make the right pods.
# Then pods run: while a run goes on, programs are killed, pods are deleted, workers are scaled up
# and down and get a new key, the coordinator's pod is replaced. Then the coordinator is stopped, and
# started again for the rest of the run. At the stop and at the end the state hash must be that of an
# undisturbed process.
#
# docs/cluster.md says which programs are needed and where they come from. Without those of the
# control plane nothing is done, without those of a node only the first part: it says what is missing
# and passes. Takes a few minutes: tagged manual.
source tests/tools/kubernetes.sh

readonly keygen=tools/keygen manifests=configs/cluster/kubernetes
readonly workers_kind=deployment coordinator_pod=nashville-coordinator-0
readonly run=$cluster/volume/run
export NASH_BIN=tools

# pods ROLE FIELD: of each, a line.
pods() {
  kubectl get pods --selector="app=nashville,role=$1" \
    --output=jsonpath="{range .items[*]}$2{'\n'}{end}"
}
uid() { kubectl get pod "$1" --output=jsonpath='{.metadata.uid}'; }
has_pods() { [ "$(pods "$1" '{.metadata.name}' | grep -c .)" -eq "$2" ]; }
is_another() { local now; now=$(uid "$1") && [ "$now" != "$2" ]; }
is_ready() { [ "$(pods "$1" '{.status.containerStatuses[0].ready}' | grep -c true)" -eq "$2" ]; }
scale() { expect_exit 0 kubectl scale "$@"; }

# definition ITERATIONS: in $work/run.yaml, with the game inside, as a config map needs it.
definition() {
  [ -e "$work/short" ] || expect_exit 0 "$train" --config=configs/leduc_cluster.yaml \
    --out="$work/short" --rounds=1 --threads=1
  expect_exit 0 "$inspect" definition "$work/short"
  sed "s/^iterations: .*/iterations: $1/" "$out_file" >"$work/run.yaml"
  expect_exit 0 "$manifests/make_secrets.sh" "$work/keys" "$work/run.yaml"
}

# ---- admission and controllers

start_control_plane
tell "the control plane is up: $(kubectl get --raw=/version | grep -oP '"gitVersion": "\K[^"]+')"
definition $((10 ** 13))
sed 's/ readinessProbe:/ readynessProbe:/' $manifests/coordinator.yaml >"$work/misspelled.yaml"
expect_exit 1 kubectl apply --validate=true --filename="$work/misspelled.yaml"
expect_message readynessProbe
expect_exit 0 kubectl apply --validate=true --filename=$manifests
tell "the manifests are admitted"
wait_until 60 "a coordinator's pod" has_pods coordinator 1
wait_until 60 "four workers' pods" has_pods worker 4
[ "$(pods coordinator '{.metadata.name}')" = $coordinator_pod ] || fail "another name"
expect_exit 0 kubectl get persistentvolumeclaim data-$coordinator_pod
scale $workers_kind nashville-worker --replicas=5
wait_until 60 "five workers' pods" has_pods worker 5
scale $workers_kind nashville-worker --replicas=2
wait_until 60 "two workers' pods" has_pods worker 2
deleted=$(uid $coordinator_pod)
expect_exit 0 kubectl delete pod $coordinator_pod "$(pods worker '{.metadata.name}' | head -n 1)"
wait_until 60 "two workers' pods again" has_pods worker 2
wait_until 60 "another coordinator's pod" is_another $coordinator_pod "$deleted"
tell "the controllers make the right pods"

# ---- pods that run

missing=$(missing_programs kubelet kube-scheduler kube-proxy containerd ctr runc dnsmasq iptables)
[ -e /usr/lib/cni/bridge ] || missing+="/usr/lib/cni/bridge"
[ -z "$missing" ] || skip "what runs in the pods; not found in PATH or in NASH_KUBERNETES: $missing"
start_node
tell "the node is up"

make_image() {
  local program file
  for program in train_blueprint worker inspect_checkpoint; do
    copy_program tools/$program nashville
  done
  for program in sh install sleep; do copy_program "$(command -v $program)" bin; done
  for file in ld.so.cache passwd group nsswitch.conf; do
    [ ! -e /etc/$file ] || install -D -m 0644 -t "$cluster/image/etc" /etc/$file
  done
  mkdir -m 1777 "$cluster/image/tmp"
  import_image nashville:test
  import_image pause:test sleep infinity
}

# A volume for the coordinator's claim: a folder of this machine, so that the test may look into it.
make_volume() {
  install -d -o 1000 -g 1000 "$cluster/volume"
  cat >"$work/volume.yaml" <<YAML
apiVersion: v1
kind: PersistentVolume
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  capacity: {storage: 50Gi}
  hostPath: {path: $cluster/volume, type: Directory}
YAML
  expect_exit 0 kubectl apply --filename="$work/volume.yaml"
}

state_hash() { "$inspect" summary "$1" --json | grep -oP '"state_hash": "?\K[^",]+'; }
last_round() { "$inspect" summary "$run" --json | grep -oP '"round": \K\d+'; }
rounds_done() { grep -oP '"rounds": ?\K\d+' "$run/metrics.jsonl" | tail -n 1; }
has_progress_after() { [ "$(rounds_done)" -gt "$1" ]; }
restarts() {
  pods "$1" '{.status.containerStatuses[0].restartCount}' | awk '{sum += $1} END {print sum + 0}'
}
has_restarted() { [ "$(restarts "$1")" -gt "$2" ]; }
# The coordinator's last line tells how many have joined.
has_joined() { kubectl logs $coordinator_pod --tail=1 | grep -q "  $1 workers"; }
has_ended_well() {
  pods coordinator '{.status.containerStatuses[0]..terminated.exitCode}' | grep -q '^0'
}
has_reached() { [ "$(last_round)" = "$1" ]; }

# progress AFTER_WHAT: twice 10 s are between two lines of metrics.
progress() {
  local before
  before=$(rounds_done)
  wait_until 90 "progress after $1" has_progress_after "${before:-0}"
  tell "$1: goes on, rounds: $(rounds_done)"
}

# compare: with an undisturbed process that goes as far.
compare() {
  local round found expected
  expect_exit 0 "$inspect" verify "$run"
  round=$(last_round) found=$(state_hash "$run")
  expect_exit 0 "$train" --config="$work/run.yaml" --out="$work/plain" --threads=1 --resume \
    --rounds="$round"
  expected=$(state_hash "$work/plain")
  [ -n "$found" ] || fail "no state hash"
  [ "$found" = "$expected" ] || fail "round $round: state hash $found, undisturbed $expected"
  tell "round $round: state hash $found, as undisturbed"
}

make_image
expect_exit 0 kubectl delete --filename=$manifests
wait_until 60 "no pods" has_pods coordinator 0
wait_until 60 "no pods" has_pods worker 0
# As small as this machine.
for file in coordinator workers; do
  sed -e 's/nashville:latest/nashville:test/' -e '/requests:/s/cpu: "[0-9]*"/cpu: 100m/' \
    -e "s/memory: [0-9]*Gi/memory: 2Gi/" "$manifests/$file.yaml" >"$work/$file.yaml"
  expect_exit 0 kubectl apply --validate=true --filename="$work/$file.yaml"
done
publish_names
scale $workers_kind nashville-worker --replicas=3
wait_until 60 "three workers that run" is_ready worker 3
sleep 10
[ "$(restarts worker)" -eq 0 ] || fail "workers do not wait for a coordinator that has no pod yet"
make_volume
wait_until 120 "a coordinator that is ready" is_ready coordinator 1
wait_until 60 "three workers that have joined" has_joined 3
progress "three workers"

kill -KILL "$(pgrep -x worker | head -n 1)"
wait_until 60 "a worker's new process" has_restarted worker 0
wait_until 60 "three workers that have joined" has_joined 3
progress "a worker's process killed"
expect_exit 0 kubectl delete pod "$(pods worker '{.metadata.name}' | head -n 1)"
expect_exit 0 kubectl delete pod --force --grace-period=0 \
  "$(pods worker '{.metadata.name}' | tail -n 1)"
wait_until 60 "three workers again" is_ready worker 3
wait_until 60 "three workers that have joined" has_joined 3
progress "a worker's pod deleted, another by force"
kill -KILL "$(pgrep -x train_blueprint)"
wait_until 60 "the coordinator's new process" has_restarted coordinator 0
wait_until 90 "three workers that have joined again" has_joined 3
progress "the coordinator's process killed"
deleted=$(uid $coordinator_pod)
expect_exit 0 kubectl delete pod $coordinator_pod
wait_until 60 "another coordinator's pod" is_another $coordinator_pod "$deleted"
wait_until 60 "a coordinator that is ready" is_ready coordinator 1
wait_until 90 "three workers that have joined again" has_joined 3
progress "the coordinator's pod deleted"
scale $workers_kind nashville-worker --replicas=5
wait_until 60 "five workers" is_ready worker 5
wait_until 60 "five workers that have joined" has_joined 5
progress "five workers"
scale $workers_kind nashville-worker --replicas=2
wait_until 60 "two workers" has_pods worker 2
wait_until 60 "two workers that are left" has_joined 2
progress "two workers"

# The workers' key is replaced while they train, as docs/cluster.md tells.
from_file() { kubectl create "$@" --dry-run=client --output=yaml | kubectl apply --filename=-; }
lets_in() {
  kubectl logs $coordinator_pod | grep "let in" | tail -n 1 | grep -q " $1 keys are let in"
}
readonly keys=$work/keys
expect_exit 0 $keygen --out="$keys" --name=workers-2 --shared
cat "$keys"/workers.pub "$keys"/workers-2.pub >"$keys/allowed"
expect_exit 0 from_file configmap nashville-allowed --from-file="$keys/allowed"
expect_exit 0 from_file secret generic nashville-worker-key \
  --from-file=workers.key="$keys/workers-2.key"
wait_until 120 "two keys in the running coordinator's list" lets_in 2
expect_exit 0 kubectl rollout restart deployment nashville-worker
expect_exit 0 kubectl rollout status deployment nashville-worker --timeout=120s
mv --force "$keys/workers-2.key" "$keys/workers.key"
mv --force "$keys/workers-2.pub" "$keys/workers.pub"
expect_exit 0 "$manifests/make_secrets.sh" "$keys" "$work/run.yaml"
wait_until 120 "one key in the running coordinator's list" lets_in 1
wait_until 60 "two workers with the new key" has_joined 2
progress "the workers' key replaced"

tell "the coordinator is told to stop"
scale statefulset nashville-coordinator --replicas=0
wait_until 60 "the coordinator's end" has_pods coordinator 0
compare
goal=$(($(last_round) + 100))
definition $((goal * 8 * 50 * 120))
scale statefulset nashville-coordinator --replicas=1
wait_until 180 "the end of the run" has_reached $goal
wait_until 60 "exit code 0" has_ended_well
tell "the run is complete"
scale statefulset nashville-coordinator --replicas=0
scale $workers_kind nashville-worker --replicas=0
wait_until 60 "the end of all pods" has_pods coordinator 0
wait_until 60 "the end of all pods" has_pods worker 0
compare
tell "passed"
