#!/usr/bin/env bash
# The job files of configs/cluster/slurm on a real Slurm: one controller and four nodes, all on this
# machine. While a run goes on, one node loses its slurmd only (its tasks run on beside the ones that
# Slurm starts in their place), one loses everything, and the coordinator's process is killed. Then the
# coordinator is told to stop, and submitted again for the rest of the run. At the stop and at the end
# the state hash must be that of an undisturbed process.
#
# Needs root, and Debian's slurmctld slurmd slurm-client munge; says so and passes where they are
# missing. Takes a few minutes: tagged manual.
source tests/tools/expect.sh

skip() {
  echo "SKIPPED: $*"
  exit 0
}
[ "$(id -u)" -eq 0 ] || skip "slurmctld and slurmd need root"
for program in munged slurmctld slurmd sbatch squeue scontrol scancel; do
  command -v "$program" >/dev/null || skip "$program is not installed"
done

readonly config=configs/leduc_cluster.yaml
# Sockets have short names, so not below TEST_TMPDIR.
readonly slurm=$(mktemp -d /tmp/slurm.XXXXXX) job=$work/job
readonly host=$(hostname -s)
export SLURM_CONF=$slurm/slurm.conf
mkdir -p "$slurm"/{state,spool,log}
readonly controller_port=$((20000 + RANDOM % 10000))
readonly first_port=$((controller_port + 1)) last_port=$((controller_port + 4))
export NASH_BIN=tools NASH_PORT=$((controller_port + 5)) NASH_THREADS=1

write_config() {
  cat >"$SLURM_CONF" <<CONF
ClusterName=nashville
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.socket,cred_expire=10
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool/%n
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd-%n.pid
SlurmctldLogFile=$slurm/log/slurmctld
SlurmdLogFile=$slurm/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=15
KillWait=15
SchedulerParameters=bf_interval=1,sched_interval=2
NodeName=n[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$first_port-$last_port] CPUs=6 RealMemory=2000
PartitionName=all Nodes=n[1-4] Default=YES MaxTime=60 State=UP LLN=YES
CONF
}

start_slurm() {
  dd if=/dev/urandom of="$slurm/munge.key" bs=1 count=1024 status=none
  chmod 0400 "$slurm/munge.key"
  munged --force --foreground --key-file="$slurm/munge.key" --socket="$slurm/munge.socket" \
    --pid-file="$slurm/munged.pid" --log-file="$slurm/log/munged" --seed-file="$slurm/munge.seed" \
    2>"$slurm/log/munged.err" &
  munged_pid=$!
  disown
  local tries
  for ((tries = 0; tries < 100; ++tries)); do
    [ -S "$slurm/munge.socket" ] && break
    sleep 0.1
  done
  [ -S "$slurm/munge.socket" ] || { cp "$slurm/log/munged.err" "$err_file"; fail "munged does not start"; }
  slurmctld -c -D >"$slurm/log/slurmctld.out" 2>&1 &
  slurmctld_pid=$!
  disown
  local node
  for node in n1 n2 n3 n4; do
    slurmd -N "$node" -D >"$slurm/log/$node.out" 2>&1 &
    slurmd_pids+=($!)
    disown
  done
  for ((tries = 0; tries < 60; ++tries)); do
    [ "$(sinfo --noheader --format=%T,%D 2>/dev/null)" = idle,4 ] && return
    sleep 1
  done
  { sinfo; tail -n 20 "$slurm"/log/*; } >"$err_file" 2>&1
  fail "Slurm does not start"
}

slurmd_pids=() munged_pid= slurmctld_pid=

# What a node's slurmd has started: the tasks, which carry its name, and the slurmstepds above them.
tasks_of_node() {
  local file pid parent
  for file in /proc/[0-9]*/environ; do
    pid=${file#/proc/} pid=${pid%/environ}
    [ "$pid" -ne $$ ] || continue
    grep -qzx "SLURMD_NODENAME=$1" "$file" 2>/dev/null || continue
    grep -qzx "NASH_JOB=$job" "$file" 2>/dev/null || continue
    echo "$pid"
    parent=$(ps -o ppid= -p "$pid" | tr -d ' ')
    [ "$(cat "/proc/$parent/comm" 2>/dev/null)" != slurmstepd ] || echo "$parent"
  done | sort -u
}
stop_slurm() {
  local node
  scancel --user=root 2>/dev/null
  for node in n1 n2 n3 n4; do kill -KILL $(tasks_of_node "$node"); done
  kill -KILL "${slurmd_pids[@]}" $slurmctld_pid $munged_pid
  rm -rf "$slurm"
} 2>/dev/null
trap stop_slurm EXIT
trap 'exit 143' INT TERM

tell() { echo "$(date +%T) $*"; }

# wait_until SECONDS WHAT COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || {
      { squeue; sinfo -N; tail -n 30 "$job"/logs/*; } >"$out_file" 2>&1
      fail "waited in vain for: $what"
    }
    sleep 1
  done
}

state_hash() { "$inspect" summary "$1" --json | grep -oP '"state_hash": "?\K[^",]+'; }
running_workers() { squeue --noheader --name=nashville-worker --states=RUNNING --format=%N; }
has_running_workers() { [ "$(running_workers | wc -l)" -ge "$1" ]; }
# A task's log names its program each time that it starts.
has_restarted_tasks() {
  local log restarted=0
  for log in "$job"/logs/worker-*.log; do
    [ "$(grep -c "$NASH_BIN/worker\$" "$log")" -lt 2 ] || ((++restarted))
  done
  ((restarted >= $1))
}
rounds_done() { grep -oP '"rounds": ?\K\d+' "$job/run/metrics.jsonl" | tail -n 1; }
has_progress_after() { [ "$(rounds_done)" -gt "$1" ]; }

write_config
start_slurm
tell "four nodes are up"
# Goes on until it is stopped, however fast the machine is.
export NASH_FLAGS="--iterations=$((10 ** 13)) --report_every=1"
expect_exit 0 configs/cluster/slurm/submit coordinator "$job" $config --nodelist=n1 --time=50
expect_exit 0 configs/cluster/slurm/submit workers "$job" 1-3 --exclude=n1 --cpus-per-task=2 --time=50
wait_until 60 "three running workers" has_running_workers 3
wait_until 60 "progress" has_progress_after 10
readonly nodes=$(running_workers | sort -u)
tell "workers run on: $nodes; rounds: $(rounds_done)"

tell "all of n3 is killed: $(tasks_of_node n3 | wc -l) processes"
[ -n "$(tasks_of_node n3)" ] || fail "n3 runs nothing"
kill -KILL "${slurmd_pids[2]}" $(tasks_of_node n3)
tell "slurmd of n2 is killed; its $(tasks_of_node n2 | wc -l) processes run on"
[ -n "$(tasks_of_node n2)" ] || fail "n2 runs nothing"
kill -KILL "${slurmd_pids[1]}"
before=$(rounds_done)
wait_until 60 "progress after the loss of two nodes" has_progress_after $((before + 10))

tell "the coordinator's process is killed"
for pid in $(tasks_of_node n1); do
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != train_blueprint ] || kill -KILL "$pid"
done
wait_until 30 "the coordinator's end" grep -q "exit code 137: again" "$job/logs/coordinator.log"
before=$(rounds_done)
wait_until 60 "progress after the coordinator's death" has_progress_after $((before + 10))
tell "rounds: $(rounds_done)"

# Slurm takes 15 s to miss a slurmd, and some more to start its tasks elsewhere.
wait_until 120 "tasks that Slurm started again" has_restarted_tasks 2
tell "the tasks of the lost nodes run elsewhere: $(running_workers | tr '\n' ' ')"
wait_until 60 "the end of the process that had lost its slurmd" \
  grep -q "exit code 9, which" "$job/logs/worker-1.log" "$job/logs/worker-2.log" "$job/logs/worker-3.log"
tell "the process that had lost its slurmd was told that another has its key, and ended"

# compare: with an undisturbed process that goes as far.
compare() {
  expect_exit 0 "$inspect" verify "$job/run"
  local round found expected
  round=$("$inspect" summary "$job/run" --json | grep -oP '"round": \K\d+')
  found=$(state_hash "$job/run")
  expect_exit 0 "$train" --config=$config --out="$work/plain" --threads=1 --resume --rounds="$round"
  expected=$(state_hash "$work/plain")
  [ -n "$found" ] || fail "no state hash"
  [ "$found" = "$expected" ] || fail "round $round: state hash $found, undisturbed $expected"
  tell "round $round: state hash $found, as undisturbed"
}
coordinator_job() { squeue --noheader --name=nashville-coordinator --states=RUNNING --format=%A; }
has_no_jobs() { [ -z "$(squeue --noheader --states=RUNNING,PENDING --format=%A)" ]; }

tell "the coordinator is told to stop"
touch "$job/stop"
scancel --signal=TERM --batch "$(coordinator_job)"
wait_until 60 "the end of coordinator and workers" has_no_jobs
[ ! -e "$job/done" ] || fail "a run that was stopped counts as done"
compare
last_round=$("$inspect" summary "$job/run" --json | grep -oP '"round": \K\d+')
NASH_FLAGS="--rounds=$((last_round + 100)) --report_every=1"
expect_exit 0 configs/cluster/slurm/submit coordinator "$job" $config --nodelist=n1 --time=50
expect_exit 0 configs/cluster/slurm/submit workers "$job" 1-2 --time=50
wait_until 120 "the end of the run" test -e "$job/done"
compare
wait_until 60 "the end of all jobs" has_no_jobs
grep -h "exit code" "$job"/logs/*
tell "passed"
