#!/usr/bin/env bash
# What inspect_checkpoint shows beside summaries: ranges, trees, regrets, differences.
source tests/tools/expect.sh

look() { python3 tests/tools/look.py "$@" 2>"$err_file" || fail "look.py $*"; }

leduc_config "$work/leduc.yaml" 100 9600
leduc_config "$work/other.yaml" 100 9600 2
holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 2
cp configs/games/kuhn_3p.game "$work"
cat >"$work/kuhn_3p.yaml" <<'YAML'
name: kuhn_3p
game: kuhn_3p.game
abstraction: {preflop: lossless}
algorithm: {quantum: 0.001, regret_floor: -5}
round: {batches: 100, deals: 24}
iterations: 4800
YAML
flop_config "$work/flop.yaml" 16384
export XDG_CACHE_HOME=$work/cache
for run in leduc other preflop kuhn_3p flop; do
  expect_exit 0 "$train" --config="$work/$run.yaml" --out="$work/$run" --threads=1
  expect_exit 0 "$inspect" policy "$work/$run"
  mv "$out_file" "$work/$run.csv"
done

# to_json FILE ARGUMENTS...: what the subcommand prints with --json.
to_json() {
  local file=$1
  shift
  expect_exit 0 "$inspect" "$@" --json
  mv "$out_file" "$file"
}

trees_agree_with_every_deal_played() {
  local run
  for run in leduc kuhn_3p; do
    to_json "$work/tree.json" tree "$work/$run" --min_reach=0
    look tree $run "$work/$run.csv" "$work/tree.json"
  done
  expect_exit 0 "$inspect" tree "$work/leduc" --depth=0 --betting=crc/
  [ "$(grep -c %: "$out_file")" -eq 0 ] && [ "$(wc -l <"$out_file")" -eq 2 ] || fail "--depth=0"
  expect_exit 0 "$inspect" tree "$work/flop" --deals=500
  grep -q "over 500 deals" "$out_file" || fail "says not over how many deals"
}

differences_agree_with_every_deal_played() {
  to_json "$work/diff.json" diff "$work/leduc" "$work/other" --top=30
  look diff leduc "$work/leduc.csv" "$work/other.csv" "$work/diff.json"
  to_json "$work/diff.json" diff "$work/leduc" "$work/leduc"
  python3 - "$work/diff.json" 2>"$err_file" <<'PY' || fail "a run differs from itself"
import json, sys
told = json.load(open(sys.argv[1]))
assert told["same_state"] and not told["largest"], told
assert all(s["total_variation"] == 0 and s["decisions_a_hand"] > 0 for s in told["streets"]), told
PY
  expect_exit 0 "$inspect" diff "$work/leduc" "$work/other"
  grep -q "where they differ most" "$out_file" || fail "names nothing"
  expect_exit 5 "$inspect" diff "$work/leduc" "$work/kuhn_3p"
  expect_message "of another game" "$work/kuhn_3p"
  expect_one_line
  expect_exit 2 "$inspect" diff "$work/leduc"
}

ranges_agree_with_the_lines_of_policy() {
  local flags
  for flags in "--betting=cr" "--betting=cr --seat=1" "--betting=crc/r --board=Qs" \
    "--betting=crc/r --board=Kh --seat=0"; do
    to_json "$work/range.json" range "$work/leduc" $flags
    look range leduc "$work/leduc.csv" "$work/range.json"
  done
  for flags in "--betting=cr" "--betting=crf --seat=1" "--betting=crf --seat=0"; do
    to_json "$work/range.json" range "$work/kuhn_3p" $flags
    look range kuhn_3p "$work/kuhn_3p.csv" "$work/range.json"
  done
  expect_exit 2 "$inspect" range "$work/leduc" --seat=2
  expect_message "--seat=2" "0 to 1"
  expect_exit 2 "$inspect" range "$work/leduc" --format=xml
}

regrets_are_counted() {
  local run
  for run in leduc:0.001 kuhn_3p:0.001 flop:0.1; do
    to_json "$work/regrets.json" regrets "$work/${run%:*}"
    look regrets "${run#*:}" "$work/${run%:*}.csv" "$work/regrets.json"
  done
  expect_exit 0 "$inspect" regrets "$work/flop"
  grep -q "never visited" "$out_file" || fail "no table"
}

# The counts are the field's: 6 hands of a pair, 4 suited, 12 offsuit.
range_notation() {
  local range expected found
  while read -r range expected; do
    expect_exit 0 "$inspect" policy "$work/preflop" --range="$range"
    # Every hand has one line for calling, with its weight.
    found=$(awk -F, 'NR > 1 && $5 == "c" {sum += $3} END {print sum + 0}' "$out_file")
    [ "$found" = "$expected" ] || fail "--range=$range: $found hands, expected $expected"
  done <<'RANGES'
22+ 78
QQ-99 24
99-QQ 24
AA 6
AKs 4
AKo 12
KA 16
A5s+ 36
A9s-A5s 20
KTo+ 36
AhKd 1
KdAh 1
any 1326
any,AA:0 1320
22+:0.5,AA 42
AKs:0.25,AhKh:1 1.75
22+,A5s+,KTo+,AhKd 151
RANGES
  local bad
  for bad in "" "AKx" "22+-33" "QQ-AKs" "AKs:2" "AKs:" "AsAs" "Ah" "A" "AKs,,QQ" $'\xff\n'; do
    expect_exit 2 "$inspect" policy "$work/preflop" --range="$bad"
    expect_message "--range" "as 22+"
    expect_one_line
  done
  expect_exit 2 "$inspect" policy "$work/leduc" --range=2
  expect_message "not in this deck"
  expect_exit 2 "$inspect" policy "$work/preflop" --range=AA --hand=AhAd
  expect_exit 2 "$inspect" policy "$work/preflop" --same_bucket
}

# A range that `range` prints is one that --range takes: weighted so, the mean is that of reach.
ranges_go_round() {
  local flags="--betting=rc/c --board=Th9h2c"
  expect_exit 0 "$inspect" range "$work/flop" $flags --format=range
  local range
  range=$(cat "$out_file")
  to_json "$work/by_reach.json" policy "$work/flop" $flags
  to_json "$work/by_range.json" policy "$work/flop" $flags --range="$range"
  to_json "$work/bucket.json" policy "$work/flop" $flags --hand=AhKd --same_bucket
  python3 - "$work" "$work/flop.csv" 2>"$err_file" <<'PY' || fail "ranges of a bucketed street"
import csv, json, sys
work = sys.argv[1]
reach, ranged, bucket = (json.load(open(f"{work}/{n}.json"))
                         for n in ("by_reach", "by_range", "bucket"))
assert len(reach["hands"]) == 49 * 48 // 2, len(reach["hands"])
assert all(abs(a - b) < 1e-5 for a, b in zip(reach["mean"], ranged["mean"])), (reach["mean"], ranged["mean"])
# A bucket's hands are those that share its number, and all are played as its lines say.
number = next(h["bucket"] for h in reach["hands"] if h["hand"] == "AhKd")
mates = [h["hand"] for h in reach["hands"] if h["bucket"] == number]
assert [h["hand"] for h in bucket["hands"]] == mates and len(mates) > 5, (number, mates)
lines = [r for r in csv.DictReader(open(sys.argv[2]))
         if r["betting"] == reach["betting"] and r["hand"] == str(number)]
for hand in bucket["hands"]:
    for line, probability in zip(lines, hand["probabilities"]):
        assert abs(float(line["probability"]) - probability) < 1e-8, (line, hand)
PY
}

# A JSON object for each infoset says what the lines of the CSV say.
whole_policies_as_json() {
  expect_exit 0 "$inspect" policy "$work/leduc" --format=jsonl
  python3 - "$out_file" "$work/leduc.csv" 2>"$err_file" <<'PY' || fail "--format=jsonl"
import csv, json, sys
flat = []
for line in open(sys.argv[1]):
    row = json.loads(line)
    flat += [(row["betting"], row["hand"], a["name"], a["probability"], a["regret"],
              a["strategy_sum"]) for a in row["actions"]]
lines = [(r["betting"], r["hand"], r["action"], float(r["probability"]), float(r["regret"]),
          float(r["strategy_sum"])) for r in csv.DictReader(open(sys.argv[2]))]
assert len(flat) == len(lines) == 14 * (3 + 5 * 9), len(flat)
for a, b in zip(flat, lines):
    assert a[:3] == b[:3] and abs(a[3] - b[3]) < 1e-8 and a[4:] == b[4:], (a, b)
PY
}

# cluster NAME ROUNDS FLAGS...: four units a round, by two workers in the process.
cluster() {
  local name=$1 rounds=$2
  shift 2
  expect_exit 0 "$train" --config="$work/cluster.yaml" --out="$work/$name" --local_workers=2 \
    --threads=1 --report_every=0.005 --rounds="$rounds" "$@"
}

sed 's/^round: .*/round: {units: 4, batches: 5, deals: 120}/; s/every: [0-9]*/every: 2400/' \
  "$work/leduc.yaml" >"$work/cluster.yaml"
cluster cluster 6
cluster cluster 10 --resume
cluster whole 12

# state_of FOLDER: names, bytes and times of all that is in it.
state_of() {
  (cd "$1" && find . -type f -printf '%p %s %T@ ' -exec sha256sum {} \; | sort)
}

# The log's bytes, read by docs/formats/round_log.md alone.
logs_are_summed_up() {
  to_json "$work/log.json" log "$work/cluster"
  python3 - "$work/cluster" "$work/log.json" 2>"$err_file" <<'PY' || fail "log"
import glob, json, os, struct, sys
run, told = sys.argv[1], json.load(open(sys.argv[2]))
rounds = parts = payload = touches = iterations = size = 0
for path in sorted(glob.glob(run + "/rounds/segment-*")):
    data = open(path, "rb").read()
    size += len(data)
    at = 64
    while at < len(data):
        number, length, part, kind = struct.unpack("<16xQIII4x", data[at:at + 40])
        at += 40
        if kind == 3:
            seen = struct.unpack("<QQQ", data[at:at + 24])
            rounds, parts = rounds + 1, parts + part
            touches, iterations = touches + seen[0], iterations + seen[1]
        else:
            payload += length
        at += length
assert rounds >= 4 and told["rounds"] == rounds and told["first_round"] + rounds == 10, told
assert told["parts"] == parts and told["round_bytes"] == payload and told["bytes"] == size, told
assert told["touches"] == touches and told["iterations"] == iterations == rounds * 2400, told
assert told["segments"] == len(glob.glob(run + "/rounds/segment-*")), told
lines = [json.loads(line) for line in open(run + "/metrics.jsonl")]
assert told["workers_most"] == max(line["workers"] for line in lines) == 2, told
assert told["coordinators"] == 2 and told["counters"]["units_done"] == 10 * 4, told
assert told["anomalies"] == [], told
PY
  expect_exit 0 "$inspect" log "$work/cluster"
  grep -q "anomalies  *none" "$out_file" || fail "finds anomalies where there are none"
  expect_exit 3 "$inspect" log "$work/leduc"
  expect_message "no round log"
  expect_one_line

  cp -r "$work/cluster" "$work/odd"
  local last
  last=$(ls -d "$work"/odd/rounds/* | tail -n 1)
  truncate -s -3 "$last"
  echo "no metrics" >>"$work/odd/metrics.jsonl"
  expect_exit 0 "$inspect" log "$work/odd"
  grep -q "anomaly .*$last: no whole record at byte .*unfinished" "$out_file" || fail "a cut end"
  grep -q "anomaly .*lines that are no metrics: 1" "$out_file" || fail "an odd line"
  rm -r "$work/odd"
}

# The newest checkpoint is damaged: what repair gives goes on to the bytes of a run that was not.
runs_are_repaired() {
  local name
  for name in cluster leduc; do
    cp -r "$work/$name" "$work/hurt"
    [ "$name" = cluster ] || expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/hurt" \
      --threads=1 --resume --rounds=4
    flip_byte "$(newest "$work/hurt")/chunk-00000" 300
    # The end of the log is cut as well: its last round goes, and is computed again.
    [ "$name" = leduc ] || truncate -s -3 "$(ls -d "$work"/hurt/rounds/* | tail -n 1)"
    state_of "$work/hurt" >"$work/before"
    expect_exit 0 "$inspect" repair "$work/hurt" "$work/new"
    grep -q "left behind: $(newest "$work/hurt")/chunk-00000: its checksum is" "$out_file" ||
      fail "says not what it left behind"
    state_of "$work/hurt" >"$work/after"
    diff "$work/before" "$work/after" >"$out_file" || fail "repair changed the run's folder"
    expect_exit 0 "$inspect" verify "$work/new"
    if [ "$name" = cluster ]; then
      to_json "$work/log.json" log "$work/new"
      grep -q '"anomalies": \[\]' "$work/log.json" || fail "the copied log has anomalies"
      cluster new 12 --resume
      diff -r "$(newest "$work/whole")" "$(newest "$work/new")" >"$out_file" || fail "other bytes"
    else
      expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/new" --threads=1 --resume \
        --rounds=4
      expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/plain" --threads=1 --rounds=4
      diff -r "$(newest "$work/plain")" "$(newest "$work/new")" >"$out_file" || fail "other bytes"
    fi
    expect_exit 9 "$inspect" repair "$work/hurt" "$work/new"
    expect_message "$work/new" "name another"
    rm -rf "$work/hurt" "$work/new"
  done
  # A coordinator that has taken rounds back and died before it removed them.
  cp -r "$work/cluster" "$work/hurt"
  local checkpoints=("$work"/hurt/checkpoints/*) back_to
  ((${#checkpoints[@]} >= 2)) || fail "only one checkpoint"
  back_to=$((10#$(basename "${checkpoints[0]}" | tr -dc 0-9)))
  echo "$(cat "$work/hurt/generation") $back_to 1" >"$work/hurt/taken_back"
  expect_exit 0 "$inspect" repair "$work/hurt" "$work/new"
  grep -q "left behind: ${checkpoints[-1]}: rounds after $back_to were taken back" "$out_file" ||
    fail "repair takes what was taken back"
  grep -q "log up to" "$out_file" && fail "the log's rounds were taken back as well"
  [ "$(ls "$work/new/checkpoints")" = "$(basename "${checkpoints[0]}")" ] || fail "another checkpoint"
  cluster new 12 --resume
  diff -r "$(newest "$work/whole")" "$(newest "$work/new")" >"$out_file" || fail "other bytes"
  rm -rf "$work/hurt" "$work/new"
  cp -r "$work/leduc" "$work/hurt"
  for name in "$work"/hurt/checkpoints/*; do flip_byte "$name/chunk-00000" 300; done
  expect_exit 4 "$inspect" repair "$work/hurt" "$work/new"
  expect_message "all checkpoints" "restore"
  expect_one_line
  [ ! -e "$work/new" ] && [ ! -e "$work/new.partial" ] || fail "left a folder behind"
  expect_exit 3 "$inspect" repair "$work/hurt" "$work/none/new"
  expect_exit 2 "$inspect" repair "$(newest "$work/leduc")" "$work/new"
  expect_message "takes the run's folder"
  expect_exit 2 "$inspect" repair "$work/leduc"
  rm -r "$work/hurt"
}

# What cannot be read is told in one line by each subcommand, and nothing is printed as if it were.
bad_input_is_one_line() {
  local command kind odd=$'\xff\xfe'
  local -a commands=("policy --board=" "policy" "range" "tree" "regrets" "diff $work/leduc"
    "export $work/x.npz --format=npz")
  # The same checkpoint with a byte of a chunk flipped, of another version, and cut.
  local whole
  whole=$(newest "$work/leduc")
  local round=${whole##*/}
  for kind in flipped other_version cut; do
    mkdir -p "$work/$kind"
    cp -r "$whole" "$work/$kind/$round"
  done
  flip_byte "$work/flipped/$round/chunk-00000" 300
  flip_byte "$work/other_version/$round/manifest" 8
  truncate -s 50 "$work/cut/$round/manifest"
  for command in "${commands[@]}"; do
    # shellcheck disable=SC2086
    set -- $command
    local name=$1
    shift
    expect_exit 4 "$inspect" "$name" "$work/flipped/$round" "$@"
    expect_message "chunk-00000" "checksum"
    expect_one_line
    expect_exit 5 "$inspect" "$name" "$work/other_version/$round" "$@"
    expect_message "version"
    expect_one_line
    expect_exit 4 "$inspect" "$name" "$work/cut/$round" "$@"
    expect_message "manifest"
    expect_one_line
    expect_exit 3 "$inspect" "$name" "$work/$odd" "$@"
    expect_one_line
  done
  [ ! -e "$work/x.npz" ] && [ ! -e "$work/x.npz.partial" ] || fail "a damaged run was exported"
  # A run whose folder has a name that is not UTF-8 is read; so are flags that are not.
  cp -r "$work/leduc" "$work/$odd"
  for command in summary verify definition policy range tree regrets; do
    expect_exit 0 "$inspect" $command "$work/$odd" --json
    iconv -f utf-8 -t utf-8 "$out_file" >/dev/null 2>"$err_file" && grep -q '^{' "$out_file" ||
      fail "$command --json of an odd name"
  done
  for command in "range --betting=$odd" "tree --betting=$odd" "policy --board=$odd --betting=cc/" \
    "policy --hand=$odd" "policy --format=$odd" "tree --deals=$odd" "range --format=$odd"; do
    set -- $command
    name=$1
    shift
    expect_exit 2 "$inspect" "$name" "$work/leduc" "$@"
    expect_one_line
    iconv -f utf-8 -t utf-8 "$err_file" >/dev/null 2>&1 ||
      fail "$command: the message is not UTF-8"
  done
  expect_exit 2 "$inspect" range "$work/leduc" --betting=crcr
  expect_message 'found "r" after "crc", expected /'
  expect_exit 2 "$inspect" tree "$work/leduc" --betting=cx
  expect_message 'found "x" after "c", expected one of c, r'
  expect_exit 2 "$inspect" tree "$work/leduc" --min_reach=2
  expect_exit 2 "$inspect" diff "$work/leduc" "$work/other" --deals=0
  expect_message "--deals=0"
  # Permissions do not hold root back; a test that runs as root drops what sets it above them.
  local -a as=()
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --bounding-set=-dac_override,-dac_read_search
      --inh-caps=-dac_override,-dac_read_search)
  fi
  chmod 000 "$(newest "$work/$odd")/chunk-00000"
  for command in policy range tree regrets "diff $work/leduc" "repair $work/new"; do
    set -- $command
    name=$1
    shift
    expect_exit 7 "${as[@]}" "$inspect" "$name" "$work/$odd" "$@"
    expect_message "chunk-00000" "Permission denied"
    expect_one_line
  done
  cp -r "$work/cluster" "$work/closed"
  chmod 000 "$work"/closed/rounds/*
  expect_exit 7 "${as[@]}" "$inspect" log "$work/closed"
  expect_one_line
  mkdir -m 555 "$work/closed/folder"
  expect_exit 7 "${as[@]}" "$inspect" repair "$work/leduc" "$work/closed/folder/new"
  expect_exit 7 "${as[@]}" "$inspect" export "$work/leduc" "$work/closed/folder/x" --format=npz
  expect_one_line
}

# A block of a bucket file is checked when a hand of its is asked about, and before anything is told
# of it: some hand of this board lies in the block of byte 100,000. Names of buckets need none.
damaged_buckets_are_told_of() {
  local file
  file=$(echo "$work"/cache/nashville/flop-*.buckets)
  flip_byte "$file" 100000
  expect_exit 0 "$inspect" policy "$work/flop" --board= --hand=AhKd
  expect_exit 0 "$inspect" regrets "$work/flop"
  expect_exit 0 "$inspect" policy "$work/flop"
  local command
  for command in "policy --betting=rc/ --board=Th9h2c" "range --betting=rc/ --board=Th9h2c" tree \
    "diff $work/flop"; do
    set -- $command
    local name=$1
    shift
    expect_exit 4 "$inspect" "$name" "$work/flop" "$@"
    expect_message "$file" "checksum"
    expect_one_line
    [ ! -s "$out_file" ] || fail "$command tells something"
  done
  flip_byte "$file" 100000
}

trees_agree_with_every_deal_played
differences_agree_with_every_deal_played
ranges_agree_with_the_lines_of_policy
regrets_are_counted
range_notation
ranges_go_round
whole_policies_as_json
logs_are_summed_up
runs_are_repaired
bad_input_is_one_line
damaged_buckets_are_told_of
