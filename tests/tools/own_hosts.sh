# For tests whose programs run on hosts of their own: sourced first of all, not run. Hosts are network
# namespaces, which go when the test ends, however.
if [ -z "${in_namespace:-}" ]; then
  export in_namespace=no
  if unshare -rmn true 2>/dev/null; then
    in_namespace=yes exec unshare -rmn "$0"
  fi
fi
source tests/tools/expect.sh
source tests/tools/cluster.sh
[ "$in_namespace" = no ] || ip link set lo up

# may_have_hosts WHAT: whether hosts and links can be made; says that WHAT is skipped where not.
may_have_hosts() {
  if [ "$in_namespace" = no ]; then
    echo "SKIPPED: $1: this user may make no network namespaces"
  elif ! ip link add probe type veth peer name far 2>"$err_file"; then
    echo "SKIPPED: $1: no pairs of virtual links: $(head -n 1 "$err_file")"
  else
    ip link delete probe
    return 0
  fi
  return 1
}

# new_host N: host N; its end of a pair of links is called far, ours link-N. Neither is up.
new_host() {
  begin "host-$1" unshare -n sleep 1000
  local pid=${pid_of[host-$1]} tries
  for ((tries = 0; tries < 100; ++tries)); do
    [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ] && break
    sleep 0.02
  done
  ip link add "link-$1" type veth peer name far netns "$pid" || fail "host $1 cannot be made"
}

# on N COMMAND...: on host N.
on() {
  local n=$1
  shift
  nsenter -t "${pid_of[host-$n]}" -n "$@"
}
