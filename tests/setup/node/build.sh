#!/bin/bash
# The node image: K3s itself where it can be pulled, else Kubernetes of Debian's source package behind the same contract.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/node
inputs=$(hash_of "$K3S_IMAGE" "$KUBERNETES_VERSION" "$NODE_SUITE" "$here"/{Dockerfile,containerd.toml,entrypoint.sh,pause-image.sh,runc-sandboxed})
image_is "$NODE_IMAGE" "$inputs" && exit 0

if docker pull -q "$K3S_IMAGE" >/dev/null 2>&1; then
  say "the nodes run $K3S_IMAGE"
  build_image -q -t "$NODE_IMAGE" --label "$inputs_label=$inputs" - <<<"FROM $K3S_IMAGE" >/dev/null
  exit 0
fi
say "$K3S_IMAGE can't be pulled: the nodes run Debian's Kubernetes $KUBERNETES_VERSION"

"$here/kubernetes.sh"
step "base-$NODE_SUITE" "base image debian:$NODE_SUITE-slim" debian_base "$NODE_SUITE"
context=$(mktemp -d "$cache/node.XXXXXX")
trap 'rm -rf "$context"' EXIT
cp "$here"/{Dockerfile,containerd.toml,entrypoint.sh,pause-image.sh,runc-sandboxed} "$context/"
mkdir "$context/bin"
# Links, not copies: 380 MB of binaries.
cp -l "$cache"/kubernetes/bin/kube* "$context/bin/"
step node "node image" build_image --build-arg "SUITE=$NODE_SUITE" --label "$inputs_label=$inputs" -t "$NODE_IMAGE" "$context"
