#!/usr/bin/env bash
# A disk without room for bucket files: said before the work where it can be known, and where it fills
# up later nothing that was clustered is lost.
#
# On a disk of its own in a mount namespace of its own, which goes when the test ends, however.
if [ -z "${in_namespace:-}" ]; then
  if ! unshare -rm mount -t tmpfs nashville_test "$TEST_TMPDIR" 2>/dev/null; then
    echo "SKIPPED: a tmpfs cannot be mounted here, neither as this user nor in a namespace"
    exit 0
  fi
  export in_namespace=1
  exec unshare -rm "$0"
fi
source tests/tools/expect.sh

cp tests/abstraction/short.game "$work"
readonly disk=$work/disk page=4096
mkdir "$disk"
mount -t tmpfs -o size=64m nashville_test "$disk"
build() {
  tools/build_buckets --game="$work/short.game" --streets=turn:ochs:1000 --threads=2 "$@"
}

# leave_free BYTES: of $disk, by a file that takes the rest.
leave_free() {
  rm -f "$disk/filler"
  head -c "$(($(df --output=avail -B 1 "$disk" | tail -n 1) - $1))" /dev/zero >"$disk/filler"
}

expect_exit 0 build --out="$work/roomy"
bytes=$(stat -c %s "$work"/roomy/turn*)

leave_free $((bytes - page))
expect_exit 6 build --out="$disk/buckets"
expect_message "$disk/buckets: the bucket files take" "make room, or name another folder"
! grep -q iterations "$err_file" || fail "expected a refusal before the work"
[ -z "$(ls "$disk/buckets")" ] || fail "expected an empty folder"

# Enough for the file and not for the journal beside it: the disk is full at the end.
leave_free $(((bytes + page - 1) / page * page))
expect_exit 6 build --out="$disk/buckets"
expect_message "100 of 100 iterations" "build_buckets: $disk/buckets/turn" "free space"
[ "$(ls "$disk/buckets" | grep -v "\.part$")" = "" ] || fail "expected no half file"
ls "$disk"/buckets/turn*.part >/dev/null || fail "expected the journal"

# With room again it goes on from there, to the same bytes.
rm "$disk/filler"
expect_exit 0 build --out="$disk/buckets"
! grep -q seeds "$err_file" || fail "expected no new seeds"
diff -r "$work/roomy" "$disk/buckets" >"$out_file" || fail "other bytes"
