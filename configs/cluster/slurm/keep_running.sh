# For the job files: sourced, not run.
#
# keep_running PROGRAM...: runs it until it ends with 0, again after what may pass, and ends the job
# with its exit code after what will not (docs/cluster.md, "Exit codes"). Where the job defines
# is_outdated, the program is stopped when that says so, and keep_running returns.
#
# SIGTERM is passed on once. Slurm sends it to the whole job when it is cancelled, and to this shell
# alone ahead of the time limit; a second one would end the program at once, unsaved. After the
# latter the job is put back into the queue, unless JOB/stop is there.
set -uo pipefail

child=
told_to_stop=false

job_state() { squeue --noheader --jobs="$SLURM_JOB_ID" --format=%T 2>/dev/null; }

# The programs reset the handler when it has been called (SA_RESETHAND), so the kernel knows whether
# the signal has come: bit 14 of the signals that are caught.
pass_on_term() {
  local caught
  sleep 1
  caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$child/status" 2>/dev/null)
  if [ -n "$caught" ] && (((16#$caught >> 14) & 1)); then kill -TERM "$child" 2>/dev/null; fi
}

on_term() {
  $told_to_stop && return
  told_to_stop=true
  [ "$(job_state)" = RUNNING ] && [ ! -e "$NASH_JOB/stop" ] && requeue=true
  [ -z "$child" ] || pass_on_term
}
requeue=false
trap on_term TERM

end_job() {
  if $requeue; then
    echo "the time limit is near: back into the queue"
    scontrol requeue "$SLURM_JOB_ID"
  fi
  exit "$1"
}

# pause SECONDS: ends the job when it is told to stop meanwhile.
pause() {
  sleep "$1" &
  wait $!
  $told_to_stop && end_job 0
  return 0
}

# Waits for the child, and stops it when it is outdated. Sets $code.
wait_for_child() {
  local watch=
  if declare -F is_outdated >/dev/null; then
    (
      trap 'exit 0' TERM
      until is_outdated; do sleep 2; done
      kill -TERM "$child"
    ) &
    watch=$!
  fi
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child"
  code=$?
  child=
  [ -z "$watch" ] || kill -TERM "$watch" 2>/dev/null
}

keep_running() {
  local pause_s=1 code started
  while true; do
    echo "$(date -u +%FT%TZ) $(hostname): $1"
    started=$SECONDS
    "$@" &
    child=$!
    wait_for_child
    $told_to_stop && end_job "$code"
    case $code in
      0) return ;;
      2 | 3 | 4 | 5 | 6 | 7 | 9)
        echo "$(date -u +%FT%TZ) $(hostname): exit code $code, which another try will not change"
        end_job "$code"
        ;;
    esac
    # 1, 8 and signals: again, at growing intervals while it does not run for long.
    ((SECONDS - started < 60)) || pause_s=1
    echo "$(date -u +%FT%TZ) $(hostname): exit code $code: again in $pause_s s"
    pause "$pause_s"
    pause_s=$((pause_s < 60 ? 2 * pause_s : 60))
  done
}
