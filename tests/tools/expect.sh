# For tests of the programs as users run them: sourced, not run. Every expectation that fails ends
# the test and says what was expected, what was found, and what the program printed.
set -uo pipefail

readonly train=tools/train_blueprint inspect=tools/inspect_checkpoint evaluate=tools/evaluate
readonly work=$(mktemp -d "$TEST_TMPDIR/work.XXXXXX")
readonly out_file=$work/stdout err_file=$work/stderr

# Programs with a sanitizer's checks take many times as long, and may.
patience=1
grep -qsE '__asan_init|__tsan_init' "$train" "$inspect" "$evaluate" && patience=10
readonly patience

# beginning_and_end FILE
beginning_and_end() {
  [ -e "$1" ] || return
  head -c 4000 "$1"
  (($(stat -c %s "$1") <= 8000)) || printf '\n[...]\n'
  tail -c +4001 "$1" | tail -c 4000
}

fail() {
  echo "FAILED (lines, innermost first: ${BASH_LINENO[*]}): $*" >&2
  echo "--- stdout of the last program:" >&2
  beginning_and_end "$out_file" >&2
  echo "--- stderr of the last program:" >&2
  beginning_and_end "$err_file" >&2
  exit 1
}

# expect_exit CODE PROGRAM...: runs it; its output is in $out_file and $err_file.
expect_exit() {
  local expected=$1 found=0
  shift
  "$@" >"$out_file" 2>"$err_file" || found=$?
  [ "$found" -eq "$expected" ] || fail "expected exit code $expected, found $found: $*"
}

# expect_message TEXT...: the last program's stderr holds each of them.
expect_message() {
  local text
  for text in "$@"; do
    grep -qF -- "$text" "$err_file" || fail "expected stderr to tell of: $text"
  done
}

# expect_one_line: an error is one line, without a stack trace.
expect_one_line() {
  [ "$(wc -l <"$err_file")" -eq 1 ] || fail "expected one line on stderr"
}

# has_open FILE PID: whether the process writes there. What the file held before is gone then.
has_open() {
  local descriptor
  for descriptor in "/proc/$2/fd/"*; do [ "$descriptor" -ef "$1" ] && return; done
  return 1
}

# wait_for TEXT FILE PID: until a line of what the process writes there holds it. Ten seconds are for
# busy machines.
wait_for() {
  local tries
  for ((tries = 0; tries < 1000 * patience; ++tries)); do
    has_open "$2" "$3" && grep -qF -- "$1" "$2" && return
    [ -e "/proc/$3/exe" ] || break # it has ended
    sleep 0.01
  done
  grep -qF -- "$1" "$2" || { cp "$2" "$err_file"; fail "waited in vain for: $1"; }
}

# leduc_config FILE BATCHES ITERATIONS [SEED]: rounds are of BATCHES * 32 iterations.
leduc_config() {
  [ -e "$(dirname "$1")/leduc_2p.game" ] || cp configs/games/leduc_2p.game "$(dirname "$1")"
  cat >"$1" <<YAML
name: leduc
game: leduc_2p.game
abstraction: {preflop: lossless, flop: lossless}
algorithm: {variant: linear, discount: {every: $(($2 * 32))}, quantum: 0.001}
round: {batches: $2, deals: 32}
seed: ${4:-1}
iterations: $3
YAML
}

newest() { ls -d "$1"/checkpoints/round-* | tail -n 1; }

# flip_byte FILE OFFSET
flip_byte() {
  python3 - "$1" "$2" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2]))
    byte = file.read(1)[0]
    file.seek(int(sys.argv[2]))
    file.write(bytes([byte ^ 0x10]))
PY
}

# holdem_config FILE SIZES BATCHES DEALS ROUNDS: the first street of hold'em, so that no bucket
# files are needed.
holdem_config() {
  cat >"$(dirname "$1")/preflop.game" <<'GAME'
GAMEDEF
nolimit
numPlayers = 2
numRounds = 1
stack = 20000 20000
blind = 100 50
firstPlayer = 2
numSuits = 4
numRanks = 13
numHoleCards = 2
numBoardCards = 0
END GAMEDEF
GAME
  cat >"$1" <<YAML
name: preflop
game: preflop.game
menu: {preflop: {sizes: [$2]}}
abstraction: {preflop: lossless}
algorithm: {quantum: 1}
round: {batches: $3, deals: $4}
iterations: $(($3 * $4 * $5))
YAML
}

# flop_config FILE ITERATIONS: two streets with buckets on the second. Needs tests/device/flop.game.
flop_config() {
  cp tests/device/flop.game "$(dirname "$1")"
  cat >"$1" <<YAML
name: flop
game: flop.game
abstraction: {preflop: lossless, flop: {kind: ehs, buckets: 20}}
algorithm: {quantum: 0.1}
round: {batches: 8, deals: 1024}
iterations: $2
YAML
}
