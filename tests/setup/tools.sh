#!/bin/bash
# Installs the programs that the test bed and the tests call, from Debian's packages. Where this is no Debian or no root runs it,
# says what is missing instead (exit code 2).
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A command or file that must be there, and the Debian package that brings it.
needed=(
  curl:curl
  debootstrap:debootstrap
  gcc:gcc                                 # links the registry's native code
  /usr/include/zlib.h:zlib1g-dev
  git:git
  nsenter:util-linux
  kubectl:kubernetes-client
  skopeo:skopeo
  podman:podman
  buildah:buildah
  promtool:prometheus                     # tests the alerts
  docker-registry:docker-registry         # Docker's registry 2.8, the peer that ours is measured against
  /usr/sbin/nginx:nginx-light             # sends files as fast as this machine can: what ours is measured against too
  node:nodejs                             # IAM's policy simulation for tests
  npm:npm
  /bin/busybox:busybox-static             # the whole content of the test images
  /usr/lib/go-1.19/bin/go:golang-1.19-go  # Helm's template engine in tests/helm-render; Kubernetes in node/kubernetes.sh
  /usr/share/gocode/src/github.com/Masterminds/sprig:golang-github-masterminds-sprig-dev
  /usr/share/gocode/src/sigs.k8s.io/yaml:golang-k8s-sigs-yaml-dev
  /usr/share/gocode/src/github.com/xeipuuv/gojsonschema:golang-github-xeipuuv-gojsonschema-dev
)
# Only a machine without an engine gets one, and only one that builds Kubernetes needs Go's reflect2.
command -v docker >/dev/null && docker info >/dev/null 2>&1 || needed+=(dockerd:docker.io iptables:iptables)

missing=()
for entry in "${needed[@]}"; do
  what=${entry%%:*}
  case $what in
    /*) [ -e "$what" ] || missing+=("${entry#*:}") ;;
    *) command -v "$what" >/dev/null || missing+=("${entry#*:}") ;;
  esac
done
((${#missing[@]})) || exit 0
is_debian_root || fail 2 "install these first (names of Debian's packages): ${missing[*]}"
step tools "installing ${missing[*]}" install_packages "${missing[@]}"
