# Disks that a test may fill: sourced first by tests that mount one.
#
# The test goes on in a mount namespace of its own, so that every disk goes when it ends, however.
if [ -z "${in_namespace:-}" ]; then
  if ! unshare -rm mount -t tmpfs nashville_test "$TEST_TMPDIR" 2>/dev/null; then
    echo "SKIPPED: a tmpfs cannot be mounted here, neither as this user nor in a namespace"
    exit 0
  fi
  export in_namespace=1
  exec unshare -rm "$0"
fi

# small_disk FOLDER SIZE: an empty disk, mounted there.
small_disk() {
  mkdir "$1"
  mount -t tmpfs -o "size=$2" nashville_test "$1"
}

# leave_free FOLDER BYTES: of that disk, by a file that takes the rest.
leave_free() {
  rm -f "$1/filler"
  head -c "$(($(df --output=avail -B 1 "$1" | tail -n 1) - $2))" /dev/zero >"$1/filler"
}
