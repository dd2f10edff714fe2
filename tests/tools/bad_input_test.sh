#!/usr/bin/env bash
# What is wrong is said in one line with the place and the remedy, each kind with its exit code, and
# nothing is harmed.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 6400
holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 1

# refuse CODE FLAGS... -- TEXT...: by train_blueprint, in one line that holds the texts.
refuse() {
  local code=$1 flags=()
  shift
  while [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  shift
  expect_exit "$code" "$train" "${flags[@]}"
  expect_message "$@"
  expect_one_line
}

# refuse_line FILE EXPRESSION TEXT...: with a line of the file changed by sed, the line is named.
refuse_line() {
  local file=$1 expression=$2
  shift 2
  cp "$work/$file" "$work/kept"
  sed -i "$expression" "$work/$file"
  ! cmp -s "$work/$file" "$work/kept" || fail "$expression changes nothing"
  local config=${file%.game}
  case $file in
    preflop.*) config=preflop.yaml ;;
    *) config=leduc.yaml ;;
  esac
  refuse 2 --config="$work/$config" --out="$work/none" -- "$@"
  mv "$work/kept" "$work/$file"
}

command_lines() {
  expect_exit 2 "$train" --no_such_flag=1
  expect_message "no_such_flag"
  expect_exit 2 "$train" --threads=many --config="$work/leduc.yaml"
  expect_message "threads" "many"
  refuse 2 --out="$work/none" -- "--config"
  refuse 2 --config="$work/leduc.yaml" --threads=-1 -- "--threads=-1"
  refuse 2 --config="$work/leduc.yaml" --report_every=-1 -- "--report_every"
  # No limit is what leaving them out means, and a run of nothing is none.
  local limit
  for limit in rounds iterations time_budget; do
    refuse 2 --config="$work/leduc.yaml" --out="$work/none" --$limit=0 -- "--$limit=0" "leave"
  done
  refuse 2 --config="$work/leduc.yaml" --threads=1025 -- "--threads=1025" "1024"
  expect_exit 2 "$evaluate" nashconv --threads=1025 "$work"
  expect_message "--threads=1025"
  expect_exit 2 "$evaluate" nashconv --deals=5 "$work"
  expect_message "--deals" "no effect"
  refuse 2 --config="$work/leduc.yaml" and more -- "\"and\""
  expect_exit 0 "$train" --help
  grep -q -- "--checkpoint_every" "$out_file" || fail "--help lists no flags"
  expect_exit 2 "$inspect" no_such_subcommand "$work"
  expect_message "no_such_subcommand" "summary"
  expect_exit 2 "$inspect" summary
  expect_exit 2 "$evaluate" no_such_subcommand
  expect_exit 2 "$evaluate" nashconv --policy=worst "$work"
  expect_message "worst" "average"
}

missing_files() {
  refuse 3 --config="$work/none.yaml" -- "none.yaml"
  sed -i s/leduc_2p/none/ "$work/leduc.yaml"
  refuse 2 --config="$work/leduc.yaml" --out="$work/none" -- leduc.yaml:2 none.game
  sed -i s/none/leduc_2p/ "$work/leduc.yaml"
  expect_exit 3 "$inspect" summary "$work/none"
  expect_exit 3 "$evaluate" nashconv "$work/none"
  mkdir "$work/empty"
  expect_exit 3 "$inspect" verify "$work/empty"
  expect_message "no checkpoint"
}

definitions() {
  refuse_line leduc.yaml 's/^seed: 1/sead: 1/' leduc.yaml:6 sead "did you mean seed"
  refuse_line leduc.yaml 's/quantum: 0.001/quantum: tiny/' leduc.yaml:4 algorithm.quantum tiny
  refuse_line leduc.yaml 's/^seed: 1/seed: [1]/' leduc.yaml:6 seed
  refuse_line leduc.yaml 's/deals: 32/deals: -32/' leduc.yaml:5 round.deals -32
  refuse_line leduc.yaml 's/flop: lossless}/flop: lossless, turn: lossless}/' leduc.yaml:3 turn
  refuse_line leduc.yaml 's/, flop: lossless//' leduc.yaml:3 flop
  refuse_line leduc.yaml 's/flop: lossless}/flop: {kind: ehs, buckets: 5}}/' leduc.yaml:3 ehs
  refuse_line preflop.yaml 's/menu: {/menu: {flop: {sizes: [[pot]]}, /' preflop.yaml:3 menu flop
  refuse_line preflop.yaml 's/pot, allin/everything/' preflop.yaml:3 everything
  refuse_line preflop.yaml '/^menu/d' preflop.yaml menu
  refuse_line leduc.yaml 's/^iterations:.*/iterations: {/' leduc.yaml
}

games() {
  refuse_line preflop.game 's/^stack = .*/stack = 40 20000/' preflop.game:6 blind 40
  refuse_line preflop.game 's/^stack = .*/stack = 20000/' preflop.game:5 stack
  refuse_line preflop.game 's/^numRanks.*/numRanks = 14/' preflop.game:9 numRanks 14
  refuse_line preflop.game 's/^nolimit/potlimit/' preflop.game:2 potlimit
  refuse_line leduc_2p.game 's/^maxRaises/maxReraises/' leduc_2p.game:9 maxReraises
  refuse_line leduc_2p.game 's/^numRounds.*/numRounds = 5/' leduc_2p.game:5 numRounds 5
}

# flop_config FILE SIZES: 1,286,792 classes of hands after the flop, a row of each at every node.
flop_config() {
  holdem_config "$1" "$2" 100 32 1
  sed -i 's/numRounds = 1/numRounds = 2/; s/numBoardCards = 0/& 3/; s/firstPlayer = 2/& 1/' \
    "$work/preflop.game"
  sed -i -e 's/menu: {preflop: \(.*\)}$/menu: {preflop: \1, flop: \1}/' \
    -e 's/preflop: lossless/&, flop: lossless/' "$1"
}

tables_that_do_not_fit() {
  # Every hand of the river, with all it remembers.
  cp configs/games/limit_2p.game "$work"
  cat >"$work/river.yaml" <<'YAML'
name: river
game: limit_2p.game
abstraction: {preflop: lossless, flop: lossless, turn: lossless, river: lossless}
round: {batches: 10, deals: 32}
iterations: 1000
YAML
  refuse 6 --config="$work/river.yaml" --out="$work/river" -- \
    "256 GiB" "2428287420 buckets at each of 5670 nodes, 286382.5 GB"
  sed -i 's/river: lossless/river: {kind: lossless, recall: imperfect}/' "$work/river.yaml"
  refuse 6 --config="$work/river.yaml" --out="$work/river" -- "123156254 buckets at each of 5670"

  local available_kb
  available_kb=$(grep -oP 'MemAvailable: *\K\d+' /proc/meminfo)
  flop_config "$work/huge.yaml" "[min, 0.5pot, pot, allin]"
  if ((available_kb > 21000000)); then
    refuse 6 --config="$work/huge.yaml" --out="$work/huge" -- "256 GiB" "fewer"
  else
    echo "SKIPPED: tables past 256 GiB: with $available_kb kB available their trees do not fit"
    refuse 6 --config="$work/huge.yaml" --out="$work/huge" -- "fewer"
  fi
  # A table of 122 GB.
  flop_config "$work/huge.yaml" "[0.5pot, pot, allin]"
  if ((available_kb < 110000000)); then
    expect_exit 6 "$train" --config="$work/huge.yaml" --out="$work/huge"
    expect_message "needs 12" "are available" "fewer" "1286792 buckets at each of"
  else
    echo "SKIPPED: tables that pass the memory: this machine has room for 122 GB"
  fi
  ! [ -e "$work/huge/run.yaml" ] || fail "a run was begun that cannot be"
}

command_lines
missing_files
definitions
games
tables_that_do_not_fit
! [ -e "$work/none" ] || fail "a run that was refused has left a folder"
