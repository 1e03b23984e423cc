#!/bin/bash
# The image with the versions of containerd that pulls are tried with.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/containerd
inputs=$(hash_of "$NODE_SUITE" "$CONTAINERD_SUITES" "$here/Dockerfile")
image_is "$CONTAINERD_IMAGE" "$inputs" && exit 0
image_exists "debian:$NODE_SUITE-slim" || step "base-$NODE_SUITE" "base image debian:$NODE_SUITE-slim" debian_base "$NODE_SUITE"
step containerd "image of containerd's versions" build_image --build-arg "SUITE=$NODE_SUITE" --build-arg "SUITES=${CONTAINERD_SUITES//,/ }" \
  --label "$inputs_label=$inputs" -t "$CONTAINERD_IMAGE" "$here"
