#!/usr/bin/env bash
# The report of a run: the object in the page is read back and compared with what subcommands print.
source tests/tools/expect.sh

# The JSON object that the page's script draws.
data_of() {
  python3 - "$1" <<'PY'
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
assert len(page) < 1_000_000, len(page)
# Nothing is asked for from elsewhere: no address that a browser would load.
assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page), "an outside address"
found = re.findall(r"^const DATA = (.*);$", page, re.M)
assert len(found) == 1 and page.count("</script>") == 2, (len(found), page.count("</script>"))
print(found[0])
PY
}

a_run_ends_with_its_report() {
  leduc_config "$work/leduc.yaml" 100 64000
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --threads=1 --report_every=0
  data_of "$work/leduc/report.html" >"$work/data.json" || fail "no data in report.html"
  expect_exit 0 "$inspect" policy "$work/leduc" --street=preflop
  mv "$out_file" "$work/policy.csv"
  expect_exit 0 "$inspect" summary "$work/leduc" --json
  python3 - "$work" "$out_file" 2>"$err_file" <<'PY' || fail "data"
import csv, json, sys
work, summary = sys.argv[1:]
data, summary = json.load(open(work + "/data.json")), json.load(open(summary))
for key in ("state_hash", "touches", "infosets", "infosets_reached", "table_bytes"):
    assert data[key] == summary[key], key
assert data["run"]["iterations"] == summary["iterations"]
lines = [json.loads(line) for line in open(work + "/leduc/metrics.jsonl")]
curves = {curve["name"]: curve["values"] for curve in data["curves"]["curves"]}
assert data["curves"]["lines"] == len(lines) and data["curves"]["bad_lines"] == 0
for values in curves.values():
    assert len(values) == len(data["curves"]["run_seconds"])
assert curves["iterations"][-1] == lines[-1]["iterations"] == summary["iterations"]
assert "regrets_at_floor_share[1]" in curves, sorted(curves)
rows = {}
for row in csv.DictReader(open(work + "/policy.csv")):
    rows[row["betting"], row["hand"], row["action"]] = float(row["probability"])
assert [grid["betting"] for grid in data["grids"]] == ["root", "c", "r"], data["grids"]
for grid in data["grids"]:
    assert [hand[0] for hand in grid["hands"]] == ["A", "K", "Q"], grid
    for hand, reach, probabilities in grid["hands"]:
        for action, p in zip(grid["actions"], probabilities):
            assert abs(p - rows[grid["betting"], hand, action]) < 1e-4, (grid, hand)
        assert grid["betting"] != "root" or reach == 1, grid
PY
}

long_metrics_make_short_curves() {
  cp -r "$work/leduc" "$work/long"
  python3 - "$work/long/metrics.jsonl" <<'PY'
import json, sys
with open(sys.argv[1], "w") as out:
    for i in range(20001):
        out.write(json.dumps({"run_seconds": 10 * i, "iterations": 7 * i,
                              "regrets_at_ceiling_share": [0.1, 0, 0, 1]}) + "\n")
        if i == 5000: out.write('[1]\n{"run_seconds": "x"}\n\xff\n')
    out.write('{"run_seconds": 20')
PY
  expect_exit 0 "$inspect" report "$work/long" "$work/long.html" --json
  python3 -c 'import json, os, sys; t = json.load(open(sys.argv[1]))
assert t["bytes"] == os.path.getsize(t["file"]) and t["checkpoint"].startswith(sys.argv[2])' \
    "$out_file" "$work/long/checkpoints/" 2>"$err_file" || fail "told another file"
  data_of "$work/long.html" >"$work/data.json" || fail "no data in long.html"
  python3 - "$work/data.json" 2>"$err_file" <<'PY' || fail "long"
import json, sys
data = json.load(open(sys.argv[1]))
seconds = data["curves"]["run_seconds"]
iterations = {c["name"]: c["values"] for c in data["curves"]["curves"]}["iterations"]
assert 300 <= len(seconds) <= 601 and seconds[-1] == 200000, len(seconds)
steps = {round(b - a) for a, b in zip(seconds, seconds[1:-1])}
assert len(steps) == 1, steps
for s, i in zip(seconds, iterations):
    assert abs(i - 0.7 * s) <= 1e-5 * i, (s, i)
assert data["curves"]["bad_lines"] == 4, data["curves"]["bad_lines"]
text = "\n".join(data["warnings"])
assert "4 of 20005 lines" in text and "regrets_at_ceiling_share[0]: 0.1" in text, text
PY
}

litmus_is_shown_where_it_was_kept() {
  echo '{"checks": [{"name": "</script><b>", "verdict": "pass"}], "deals": 5}' >"$work/long/litmus.json"
  expect_exit 0 "$inspect" report "$work/long"
  data_of "$work/long/report.html" | grep -q 'u003c/script>' || fail "litmus is not in the page"
  # More levels than a stack holds.
  python3 -c 'print("{\"checks\": [" + 49000 * "[" + 49000 * "]" + "]}")' >"$work/long/litmus.json"
  expect_exit 0 "$inspect" report "$work/long"
  echo '[' >"$work/long/litmus.json"
  expect_exit 0 "$inspect" report "$work/long"
  data_of "$work/long/report.html" | grep -q 'litmus.json: not what' || fail "no warning of litmus.json"
}

what_cannot_be_reported() {
  local checkpoint
  checkpoint=$(echo "$work"/leduc/checkpoints/round-*)
  expect_exit 2 "$inspect" report "$checkpoint"
  expect_message "name the file to write"
  expect_exit 0 "$inspect" report "$checkpoint" "$work/one.html"
  data_of "$work/one.html" | grep -q '"run_seconds":\[\]' || fail "a checkpoint alone has no curves"
  expect_exit 3 "$inspect" report "$work/nowhere"
  expect_exit 3 "$inspect" report "$work/leduc" "$work/nowhere/report.html"
  mkdir "$work/cut" && cp -r "$work/leduc/." "$work/cut" && truncate -s 100 "$work"/cut/checkpoints/*/chunk-*
  expect_exit 4 "$inspect" report "$work/cut" "$work/cut.html"
  [ ! -e "$work/cut.html" ] || fail "half a report was written"
}

a_run_ends_with_its_report
long_metrics_make_short_curves
litmus_is_shown_where_it_was_kept
what_cannot_be_reported
