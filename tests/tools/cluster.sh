# For tests of clusters of real processes: sourced after expect.sh, not run.
readonly worker=tools/worker keygen=tools/keygen
# Paths of sockets must be short.
readonly sockets=$(mktemp -d /tmp/nashville.XXXXXX)
readonly ipc=ipc://$sockets/run
declare -A pid_of=()

end_all() {
  ((${#pid_of[@]} == 0)) || kill -KILL "${pid_of[@]}" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$sockets"
}
trap end_all EXIT

# begin NAME PROGRAM...: in the background; what it says goes to $work/NAME.err, anew.
begin() {
  local name=$1
  shift
  : >"$work/$name.err"  # now: nobody must hear what an earlier one has said
  "$@" >"$work/$name.out" 2>"$work/$name.err" &
  pid_of[$name]=$!
}

# coordinator NAME FLAGS...: trains $config in $work/NAME, listening at $ipc.
coordinator() {
  local name=$1
  shift
  begin "$name" "$train" --config="$config" --out="$work/$name" --listen="$ipc" --threads=1 \
    --report_every=0.05 "$@"
}

# workers COUNT FLAGS...: named worker-1 and so on, the second with two threads.
workers() {
  local count=$1 i
  shift
  for ((i = 1; i <= count; ++i)); do
    begin "worker-$i" "$worker" --coordinator="$ipc" --threads=$((i % 2 == 0 ? 2 : 1)) "$@"
  done
}

# stop SIGNAL NAME...
stop() {
  local signal=$1 name
  shift
  for name in "$@"; do kill "-$signal" "${pid_of[$name]}" || fail "$name has ended already"; done
}

# expect_end CODE NAME...: each ends with CODE, within a minute of usual programs.
expect_end() {
  local expected=$1 name found tries
  shift
  for name in "$@"; do
    for ((tries = 0; tries < 600 * patience; ++tries)); do
      kill -0 "${pid_of[$name]}" 2>/dev/null || break
      sleep 0.1
    done
    cp "$work/$name.err" "$err_file"
    ((tries < 600 * patience)) || fail "$name does not end"
    found=0
    wait "${pid_of[$name]}" 2>/dev/null || found=$?
    unset "pid_of[$name]"
    [ "$found" -eq "$expected" ] || fail "expected $name to end with $expected, found $found"
  done
}

# hear NAME TEXT...: waits until NAME has said each of them.
hear() {
  local name=$1 text
  shift
  for text in "$@"; do wait_for "$text" "$work/$name.err" "${pid_of[$name]}"; done
}

# log_position NAME: grows with each round that is stored: the log's newest file, and its size.
log_position() {
  local segment
  segment=$(ls -d "$work/$1"/rounds/* 2>/dev/null | tail -n 1)
  [ -z "$segment" ] || printf '%s %012d' "$segment" "$(stat -c %s "$segment")"
}

# trains_on NAME: waits until its log was seen to grow three times.
trains_on() {
  local seen now tries growths=0
  seen=$(log_position "$1")
  for ((tries = 0; tries < 3000; ++tries)); do
    now=$(log_position "$1")
    if [[ $now > $seen ]]; then
      ((++growths < 3)) || return 0
      seen=$now
    fi
    kill -0 "${pid_of[$1]}" 2>/dev/null || break
    sleep 0.01
  done
  cp "$work/$1.err" "$err_file"
  fail "$1 does not train"
}

# expect_same NAME: its newest checkpoint has the bytes that one process alone comes to.
expect_same() {
  local round plain
  round=$(basename "$(newest "$work/$1")")
  plain=$work/plain-$(basename "$config")-$round
  [ -e "$plain" ] || expect_exit 0 "$train" --config="$config" --out="$plain" --threads=2 \
    --rounds="$((10#${round#round-}))" --bucket_cache="$work/cache"
  diff -r "$(newest "$plain")" "$(newest "$work/$1")" >"$out_file" ||
    fail "$1 came to other bytes than one process without a cluster"
}

# leduc_rounds FILE [ROUNDS]: of four units each; for ever without ROUNDS.
leduc_rounds() {
  [ -e "$(dirname "$1")/leduc_2p.game" ] || cp configs/games/leduc_2p.game "$(dirname "$1")"
  cat >"$1" <<YAML
name: leduc
game: leduc_2p.game
abstraction: {preflop: lossless, flop: lossless}
algorithm: {variant: linear, discount: {every: 2400}, quantum: 0.001}
round: {units: 4, batches: 5, deals: 120}
iterations: $((2400 * ${2:-100000000}))
YAML
}

# lag_rounds FILE [ROUNDS]: the same with lag 1; lines meet every fifth round.
lag_rounds() {
  leduc_rounds "$@"
  sed -i 's/^round: .*/round: {units: 4, batches: 5, deals: 120, lag: 1, meet_every: 5}/' "$1"
}

# public_rounds FILE [ROUNDS]: the same by boards; every unit changes nearly every row.
public_rounds() {
  leduc_rounds "$@"
  sed -i 's/^algorithm: .*/algorithm: {sampler: public, boards: cycle, variant: linear, discount: {every: 480}}/
          s/^round: .*/round: {units: 4, batches: 5, deals: 24}/
          s/^iterations: .*/iterations: '$((480 * ${2:-100000000}))'/' "$1"
}

# holdem_rounds FILE ROUNDS: no-limit hold'em up to the flop, of which there are buckets.
holdem_rounds() {
  cat >"$(dirname "$1")/flop.game" <<'GAME'
GAMEDEF
nolimit
numPlayers = 2
numRounds = 2
stack = 2000 2000
blind = 100 50
firstPlayer = 2 1
numSuits = 4
numRanks = 13
numHoleCards = 2
numBoardCards = 0 3
END GAMEDEF
GAME
  cat >"$1" <<YAML
name: flop
game: flop.game
menu: {preflop: {sizes: [[pot], [allin]]}, flop: {sizes: [[pot], [allin]]}}
abstraction: {preflop: lossless, flop: {kind: ehs, buckets: 50}}
algorithm: {variant: linear, discount: {every: 8192}, quantum: 0.1}
round: {units: 4, batches: 4, deals: 512}
iterations: $((8192 * $2))
YAML
}

# many_sections FILE ROUNDS: the same game with more bets and buckets, by boards, eight units each;
# 0.37 million rows, so that sections can be added up while others come.
many_sections() {
  holdem_rounds "$@"
  local sizes='{sizes: [[0.5pot, pot, 2pot], [0.5pot, pot], [pot, allin], [allin]]}'
  sed -i "s/^menu: .*/menu: {preflop: $sizes, flop: $sizes}/
          s/^algorithm: .*/algorithm: {sampler: public, boards: cycle, variant: linear, discount: {every: 128}}/
          s/buckets: 50/buckets: 1200/
          s/^round: .*/round: {units: 8, batches: 1, deals: 8}/
          s/^iterations: .*/iterations: $((64 * $2))/" "$1"
}
