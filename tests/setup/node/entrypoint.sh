#!/bin/bash
# One Kubernetes node in a container, behind the contract of K3s's image:
#   server [...]  a control plane and a node; writes /etc/rancher/k3s/k3s.yaml, logs "Node controller sync successful" when the node is Ready
#   agent  [...]  a node that joins K3S_URL with K3S_TOKEN
# Of K3s's options --kube-apiserver-arg=... is passed on, the others are taken and ignored. Made for tests: whoever knows the token gets the cluster's CA key.
# Functions are called by name through wait_until and run; the paths have no blanks.
# shellcheck disable=SC2317,SC2086
set -euo pipefail

role=${1:-server}
apiserver_options=()
for option in "$@"; do
  case $option in --kube-apiserver-arg=*) apiserver_options+=("--${option#*=}") ;; esac
done
case "${apiserver_options[*]}" in
  *--service-account-issuer=*) ;;
  *) apiserver_options+=(--service-account-issuer=https://kubernetes.default.svc.cluster.local) ;;
esac
pki=/var/lib/rancher/k3s/pki
logs=/var/log/k3s
static_pods=/var/lib/rancher/k3s/agent/pod-manifests
node=$(hostname | tr '[:upper:]' '[:lower:]')
ip=$(hostname -I | awk '{print $1}')
# The path of this container's cgroup: the kubelet may only lay pods below it.
cgroup=$(awk -F: '$2 == "memory" {print $3}' /proc/self/cgroup)

log() { echo "time=$(date -u +%FT%TZ) level=info msg=\"$*\""; }

run() { # NAME COMMAND...: a component of the node; when one ends, the node ends
  local name=$1
  shift
  ("$@" >"$logs/$name.log" 2>&1 || echo "$name exited with $?" >>"$logs/exits.log") &
}

wait_until() { # SECONDS COMMAND...
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      log "gave up waiting: $*"
      exit 1
    fi
    sleep 0.2
  done
}

certificate() { # NAME SUBJECT [SUBJECT_ALTERNATIVE_NAMES]
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$pki/$1.key" -subj "$2" -out "$pki/$1.csr" 2>/dev/null
  openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -set_serial "0x$(openssl rand -hex 8)" -days 3650 -out "$pki/$1.crt" \
    -extfile <(printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n%s' "${3:+subjectAltName=$3}") 2>/dev/null
}

kubeconfig() { # FILE USER SERVER
  cat >"$1" <<Y
apiVersion: v1
kind: Config
clusters:
- name: default
  cluster:
    server: $3
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: default
  user:
    client-certificate-data: $(base64 -w0 "$pki/$2.crt")
    client-key-data: $(base64 -w0 "$pki/$2.key")
contexts:
- name: default
  context:
    cluster: default
    user: default
current-context: default
Y
}

prepare() {
  mkdir -p "$pki" "$logs" "$static_pods" /etc/rancher/k3s /etc/containerd/certs.d /etc/cni/net.d
  mount --make-rshared /
  [ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
  echo 1 >/proc/sys/net/ipv4/ip_forward
  # With cgroup v1 a container may see only its own subtree: lay the path that the kubelet takes as its root inside it.
  local hierarchy
  for hierarchy in /sys/fs/cgroup/*/; do
    case $hierarchy in */unified/) ;; *) mkdir -p "$hierarchy$cgroup" 2>/dev/null || true ;; esac
  done
  # A new cpuset group is empty and takes no process before it is filled, level by level.
  local level=/sys/fs/cgroup/cpuset part file
  for part in ${cgroup//\// }; do
    for file in cpuset.cpus cpuset.mems; do
      [ -n "$(cat "$level/$part/$file" 2>/dev/null)" ] || cat "$level/$file" >"$level/$part/$file"
    done
    level=$level/$part
  done
}

start_control_plane() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -keyout "$pki/ca.key" -out "$pki/ca.crt" -subj /CN=k3s-ca \
    -addext keyUsage=critical,keyCertSign,digitalSignature 2>/dev/null
  if [ -n "${K3S_TOKEN:-}" ]; then
    mkdir -p "/run/join/$K3S_TOKEN"
    cp "$pki/ca.crt" "$pki/ca.key" "/run/join/$K3S_TOKEN/"
    run join busybox httpd -f -p 6440 -h /run/join
  fi
  run etcd etcd --data-dir /var/lib/etcd/data --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
  certificate apiserver /CN=kube-apiserver \
    "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,DNS:$node,IP:127.0.0.1,IP:$ip,IP:10.43.0.1"
  certificate admin /O=system:masters/CN=admin
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2>/dev/null
  run kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --secure-port=6443 --advertise-address="$ip" --allow-privileged \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --client-ca-file=$pki/ca.crt \
    --tls-cert-file=$pki/apiserver.crt --tls-private-key-file=$pki/apiserver.key \
    --kubelet-client-certificate=$pki/admin.crt --kubelet-client-key=$pki/admin.key \
    --service-account-key-file=$pki/sa.pub --service-account-signing-key-file=$pki/sa.key \
    --service-cluster-ip-range=10.43.0.0/16 "${apiserver_options[@]}"
  local part
  for part in controller-manager scheduler; do
    certificate $part /CN=system:kube-$part
    kubeconfig $pki/$part.conf $part https://127.0.0.1:6443
  done
  kubeconfig $pki/admin.conf admin https://127.0.0.1:6443
  # They end when the API server does not answer at their start.
  wait_until 120 kubectl --kubeconfig=$pki/admin.conf get --raw /readyz
  run kube-controller-manager kube-controller-manager --kubeconfig=$pki/controller-manager.conf --leader-elect=false \
    --root-ca-file=$pki/ca.crt --service-account-private-key-file=$pki/sa.key --use-service-account-credentials \
    --cluster-cidr=10.42.0.0/16 --allocate-node-cidrs --node-cidr-mask-size=24 \
    --cluster-signing-cert-file=$pki/ca.crt --cluster-signing-key-file=$pki/ca.key
  run kube-scheduler kube-scheduler --kubeconfig=$pki/scheduler.conf --leader-elect=false
  server=https://127.0.0.1:6443
}

join_control_plane() {
  server=$K3S_URL
  local host=${K3S_URL#https://}
  host=${host%%:*}
  wait_until 120 curl -sf "http://$host:6440/$K3S_TOKEN/ca.key" -o "$pki/ca.key"
  wait_until 120 curl -sf "http://$host:6440/$K3S_TOKEN/ca.crt" -o "$pki/ca.crt"
}

start_node() {
  certificate kubelet "/O=system:nodes/CN=system:node:$node" "DNS:$node,IP:$ip"
  certificate proxy /CN=system:kube-proxy
  kubeconfig $pki/kubelet.conf kubelet "$server"
  kubeconfig $pki/proxy.conf proxy "$server"
  # Status every second: a test waits for what it says. Images are never collected: they could not be pulled again.
  cat >$pki/kubelet.yaml <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
clusterDomain: cluster.local
evictionHard: {imagefs.available: "1%", nodefs.available: "1%"}
failSwapOn: false
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 1s
registryPullQPS: 0
resolvConf: /etc/resolv.conf
serializeImagePulls: false
staticPodPath: $static_pods
tlsCertFile: $pki/kubelet.crt
tlsPrivateKeyFile: $pki/kubelet.key
Y
  wait_until 120 kubectl --kubeconfig=$pki/kubelet.conf get --raw /readyz
  run kubelet kubelet --config=$pki/kubelet.yaml --kubeconfig=$pki/kubelet.conf --hostname-override="$node" --node-ip="$ip" \
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock
  run kube-proxy kube-proxy --kubeconfig=$pki/proxy.conf --hostname-override="$node" --proxy-mode=iptables \
    --cluster-cidr=10.42.0.0/16 --conntrack-max-per-core=0
}

of_node() { kubectl --kubeconfig=$pki/kubelet.conf get node "$node" -o "jsonpath=$1"; }
has_range() { [ -n "$(of_node '{.spec.podCIDR}')" ]; }
is_ready() { [ "$(of_node '{.status.conditions[?(@.type=="Ready")].status}')" = True ]; }

# A bridge for this node's pods, and routes to the ranges of the other nodes.
start_network() {
  wait_until 120 has_range
  cat >/etc/cni/net.d/10-bridge.conflist <<Y
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(of_node '{.spec.podCIDR}')"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
Y
  run routes follow_routes
}

follow_routes() {
  while sleep 2; do
    kubectl --kubeconfig=$pki/kubelet.conf get nodes \
      -o 'jsonpath={range .items[*]}{.spec.podCIDR} {.status.addresses[0].address}{"\n"}{end}' |
      while read -r range address; do
        if [ -n "$address" ] && [ "$address" != "$ip" ]; then ip route replace "$range" via "$address"; fi
      done || true
  done
}

prepare
run containerd containerd
if [ "$role" = server ]; then start_control_plane; else join_control_plane; fi
wait_until 30 ctr version
ctr -n k8s.io images import /usr/local/share/pause.tar
start_node
start_network
wait_until 120 is_ready
if [ "$role" = server ]; then kubeconfig /etc/rancher/k3s/k3s.yaml admin https://127.0.0.1:6443; fi
log "Node controller sync successful"

wait -n || true
log "a component ended: $(cat "$logs/exits.log" 2>/dev/null)"
tail -n 5 "$logs"/*.log
exit 1
