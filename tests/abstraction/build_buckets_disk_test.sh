#!/usr/bin/env bash
# A disk without room for bucket files: said before the work where it can be known, and where it fills
# up later nothing that was clustered is lost.
source tests/tools/own_disks.sh
source tests/tools/expect.sh

cp tests/abstraction/short.game "$work"
readonly disk=$work/disk page=4096
small_disk "$disk" 64m
build() {
  tools/build_buckets --game="$work/short.game" --streets=turn:ochs:1000 --threads=2 "$@"
}

expect_exit 0 build --out="$work/roomy"
bytes=$(stat -c %s "$work"/roomy/turn*)

leave_free "$disk" $((bytes - page))
expect_exit 6 build --out="$disk/buckets"
expect_message "$disk/buckets: the bucket files take" "make room, or choose another folder (--out)"
! grep -q iterations "$err_file" || fail "expected a refusal before the work"
[ -z "$(ls "$disk/buckets")" ] || fail "expected an empty folder"

# Enough for the file and not for the journal beside it: the disk is full at the end.
leave_free "$disk" $(((bytes + page - 1) / page * page))
expect_exit 6 build --out="$disk/buckets"
expect_message "100 of 100 iterations" "build_buckets: $disk/buckets/turn" "free space"
[ "$(ls "$disk/buckets" | grep -v "\.part$")" = "" ] || fail "expected no half file"
ls "$disk"/buckets/turn*.part >/dev/null || fail "expected the journal"

# With room again it goes on from there, to the same bytes.
rm "$disk/filler"
expect_exit 0 build --out="$disk/buckets"
! grep -q seeds "$err_file" || fail "expected no new seeds"
diff -r "$work/roomy" "$disk/buckets" >"$out_file" || fail "other bytes"
