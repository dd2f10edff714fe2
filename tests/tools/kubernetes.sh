# A Kubernetes cluster on this machine, for tests: sourced instead of expect.sh, not run. What a
# test calls: start_control_plane, start_node, copy_program, import_image, publish_names, wait_until.
#
# The test goes on in network, process and mount namespaces of its own, where ports, addresses and
# folders of the system belong to it alone; when it ends, however, everything in them is gone.
# Programs are looked for in the folder NASH_KUBERNETES, then in PATH.
export PATH=${NASH_KUBERNETES:+$NASH_KUBERNETES:}$PATH:/usr/sbin:/sbin

skip() {
  echo "SKIPPED: $*"
  exit 0
}
missing_programs() {
  local program
  for program in "$@"; do command -v "$program" >/dev/null || printf '%s ' "$program"; done
}

if [ -z "${KUBERNETES_CLUSTER:-}" ]; then
  [ "$(id -u)" -eq 0 ] || skip "a cluster needs root"
  missing=$(missing_programs etcd kube-apiserver kube-controller-manager kubectl openssl)
  [ -z "$missing" ] || skip "not found in PATH or in NASH_KUBERNETES: $missing"
  # Sockets have short names, so not below TEST_TMPDIR.
  KUBERNETES_CLUSTER=$(mktemp -d /tmp/kubernetes.XXXXXX)
  export KUBERNETES_CLUSTER
  clean_up() {
    [ -z "${inside:-}" ] || kill -KILL "$inside"
    wait
    # Control groups of pods outlive their processes.
    find /sys/fs/cgroup -depth -type d -path "*/${KUBERNETES_CLUSTER##*/}*" -exec rmdir {} +
    rm -rf "$KUBERNETES_CLUSTER"
  } 2>/dev/null
  trap clean_up EXIT
  trap 'exit 143' INT TERM
  unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" &
  inside=$!
  code=0
  wait "$inside" || code=$?
  inside=
  exit "$code"
fi

source tests/tools/expect.sh
readonly cluster=$KUBERNETES_CLUSTER
readonly node_ip=10.77.0.1 service_ips=10.78.0.0/24 dns_domain=cluster.local
export KUBECONFIG=$cluster/kubeconfig
mkdir -p "$cluster"/{pki,log,etcd,kubelet,containerd,cni,image}

tell() { echo "$(date +%T) $*"; }

# wait_until SECONDS WHAT COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || {
      tell_state >"$out_file" 2>"$err_file"
      fail "waited in vain for: $what"
    }
    sleep 1
  done
}

tell_state() {
  kubectl get pods --output=wide
  kubectl get events --sort-by=.lastTimestamp | tail -n 8
  kubectl logs --selector=app=nashville --all-containers --prefix --tail=3
}

# serve PROGRAM FLAGS...: in the background, with a log.
serve() {
  "$@" >"$cluster/log/$(basename "$1")" 2>&1 &
  disown
}

# certificate NAME SUBJECT [NAMES]
certificate() {
  local key=$cluster/pki/$1.key request=$cluster/pki/$1.csr
  openssl req -newkey rsa:2048 -nodes -keyout "$key" -out "$request" -subj "$2"
  openssl x509 -req -in "$request" -out "$cluster/pki/$1.crt" -days 2 -CAcreateserial \
    -CA "$cluster/pki/ca.crt" -CAkey "$cluster/pki/ca.key" \
    ${3:+-extfile <(echo "subjectAltName=$3")}
} 2>>"$cluster/log/openssl"

start_control_plane() {
  local pki=$cluster/pki
  ip link set lo up
  # An address of its own: a bridge without one takes a port's, and changes it as pods come and go.
  ip link add nash0 address 02:00:00:00:00:01 type bridge
  ip address add "$node_ip/24" dev nash0
  ip link set nash0 up
  ip route add $service_ips dev nash0
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$pki/ca.key" -out "$pki/ca.crt" -days 2 \
    -subj /CN=nashville-test 2>>"$cluster/log/openssl"
  certificate apiserver /CN=kube-apiserver "IP:$node_ip,IP:${service_ips%.*}.1,DNS:kubernetes"
  certificate admin /O=system:masters/CN=admin
  openssl genrsa -out "$pki/accounts.key" 2048 2>>"$cluster/log/openssl"
  cat >"$KUBECONFIG" <<YAML
apiVersion: v1
kind: Config
clusters:
  - {name: test, cluster: {server: "https://$node_ip:6443", certificate-authority: $pki/ca.crt}}
users: [{name: admin, user: {client-certificate: $pki/admin.crt, client-key: $pki/admin.key}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
YAML
  serve etcd --data-dir="$cluster/etcd" --unsafe-no-fsync
  serve kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address=$node_ip \
    --service-cluster-ip-range=$service_ips --authorization-mode=RBAC \
    --client-ca-file="$pki/ca.crt" --cert-dir="$cluster/apiserver" \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" \
    --kubelet-preferred-address-types=InternalIP --service-account-issuer=https://kubernetes \
    --service-account-key-file="$pki/accounts.key" \
    --service-account-signing-key-file="$pki/accounts.key"
  wait_until 120 "the API server" kubectl get --raw=/readyz
  serve kube-controller-manager --kubeconfig="$KUBECONFIG" --leader-elect=false \
    --cert-dir="$cluster/controllers" --root-ca-file="$pki/ca.crt" \
    --service-account-private-key-file="$pki/accounts.key"
  wait_until 60 "the default service account" kubectl get serviceaccount default
}

# Folders of the system that the node's programs write to, whatever their flags say.
hide_system() {
  local name value
  for name in run var/lib var/log; do
    mkdir -p "$cluster/hidden/$name"
    mount --bind "$cluster/hidden/$name" "/$name"
  done
  # What kubelet wants of the kernel: said here, so that it is not changed for the whole machine.
  for name in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    value=${name#*=} name=${name%=*}
    echo "$value" >"$cluster/hidden/${name//\//.}"
    mount --bind "$cluster/hidden/${name//\//.}" "/proc/sys/$name"
  done
}

# import_image NAME [ENTRY]...: the files of $cluster/image as an image that runs ENTRY.
import_image() {
  local name=$1 folder=$cluster/import digest entry
  shift
  mkdir -p "$folder"
  tar --create --file="$folder/layer.tar" --directory="$cluster/image" --owner=0 --group=0 .
  digest=$(sha256sum "$folder/layer.tar" | cut -d ' ' -f 1)
  entry=$(printf '"%s",' "$@")
  cat >"$folder/config.json" <<JSON
{"architecture": "amd64", "os": "linux",
 "config": {"User": "1000:1000", "Env": ["PATH=/bin"], "Cmd": [${entry%,}]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}}
JSON
  echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$name\"], \"Layers\": [\"layer.tar\"]}]" \
    >"$folder/manifest.json"
  tar --create --file="$cluster/image.tar" --directory="$folder" manifest.json config.json layer.tar
  expect_exit 0 ctr --address="$cluster/containerd.sock" --namespace=k8s.io images import \
    "$cluster/image.tar"
  rm -rf "$folder" "$cluster/image.tar"
}

# copy_program FILE FOLDER: into $cluster/image, with the libraries that it needs.
copy_program() {
  local library
  install -D -t "$cluster/image/$2" "$1"
  while read -r library; do
    [ -e "$cluster/image/$library" ] || install -D "$library" "$cluster/image/$library"
  done < <(ldd "$1" | grep -oP '(=> |^\t)\K/\S+')
}

start_containerd() {
  cat >"$cluster/containerd.toml" <<TOML
version = 2
root = "$cluster/containerd/root"
state = "$cluster/containerd/state"
[grpc]
address = "$cluster/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "pause:test"
# Where root may not make a process less likely to be killed.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$cluster/cni"
TOML
  cat >"$cluster/cni/pods.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "pods", "plugins": [{
  "type": "bridge", "bridge": "nash0", "isGateway": true, "isDefaultGateway": true,
  "hairpinMode": true,
  "ipam": {"type": "host-local", "ranges": [[{"subnet": "${node_ip%.*}.0/24",
    "gateway": "$node_ip"}]]}}]}
JSON
  serve containerd --config="$cluster/containerd.toml"
  wait_until 60 "containerd" ctr --address="$cluster/containerd.sock" version
}

start_kubelet() {
  cat >"$cluster/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, x509: {clientCAFile: $cluster/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /${cluster##*/}
clusterDNS: [$node_ip]
clusterDomain: $dns_domain
resolvConf: ""
failSwapOn: false
# Room on the machine's disk is nobody's business here.
evictionHard:
  {memory.available: 1Mi, nodefs.available: 0%, imagefs.available: 0%, nodefs.inodesFree: 0%}
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 5s
volumePluginDir: $cluster/kubelet/plugins
YAML
  local folder flags=()
  for folder in /sys/fs/cgroup/*/; do
    [ ! -e "$folder/cgroup.procs" ] || mkdir -p "$folder/${cluster##*/}"
  done
  [ ! -e /sys/fs/cgroup/cgroup.procs ] || mkdir -p "/sys/fs/cgroup/${cluster##*/}"
  # Dropped in 1.27.
  [[ $(kubelet --help) != *"--container-runtime string"* ]] || flags=(--container-runtime=remote)
  serve kubelet --kubeconfig="$KUBECONFIG" --config="$cluster/kubelet.yaml" "${flags[@]}" \
    --container-runtime-endpoint="unix://$cluster/containerd.sock" --root-dir="$cluster/kubelet" \
    --cert-dir="$cluster/kubelet/pki" --hostname-override=node --node-ip=$node_ip
}

# The cluster's name server. It knows what publish_names has told it.
start_names() {
  touch "$cluster/hosts"
  serve dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address=$node_ip \
    --bind-interfaces --local="/$dns_domain/" --addn-hosts="$cluster/hosts" --log-facility=- \
    --user=root --pid-file="$cluster/dnsmasq.pid"
}
publish_names() {
  kubectl get services --output=jsonpath="{range .items[?(@.spec.clusterIP!='None')]}\
{.spec.clusterIP} {.metadata.name}.default.svc.$dns_domain{'\n'}{end}" >"$cluster/hosts"
  kill -HUP "$(cat "$cluster/dnsmasq.pid")"
}

start_node() {
  hide_system
  start_containerd
  start_names
  serve kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false
  serve kube-proxy --kubeconfig="$KUBECONFIG" --hostname-override=node --proxy-mode=iptables \
    --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 \
    --conntrack-tcp-timeout-close-wait=0
  start_kubelet
  wait_until 120 "the node" kubectl wait --for=condition=Ready node/node --timeout=1s
}
