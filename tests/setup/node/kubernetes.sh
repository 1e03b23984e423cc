#!/bin/bash
# Builds the control plane and node binaries of Kubernetes from Debian's own source package: 3 to 9 minutes on 2 cores, once.
# KUBERNETES_BIN and KUBERNETES_BUILD move the result and the working folder out of the cache.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

out=${KUBERNETES_BIN:-$cache/kubernetes/bin}
work=${KUBERNETES_BUILD:-$cache/kubernetes/build}
components=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)

built() {
  local component
  for component in "${components[@]}"; do [ -x "$out/$component" ] || return 1; done
  [ "$("$out/kubelet" --version)" = "Kubernetes $KUBERNETES_VERSION" ]
}
built && exit 0
is_debian_root || fail 2 "building the node image needs Debian and root; where $K3S_IMAGE can be pulled it is not needed"

root=$work/src/k8s.io/kubernetes
reflect2=github.com/modern-go/reflect2

# Debian's machines seldom list source packages: a list of our own, made of the machine's, leaves the machine's alone.
fetch_source() {
  local lists=$work/apt options file
  mkdir -p "$lists/sources.list.d" "$lists/lists/partial" "$root"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -f "$file" ]; then sed -n "s/^deb \(.*$NODE_SUITE.*\)/deb-src \1/p" "$file"; fi
  done >"$lists/sources.list"
  for file in /etc/apt/sources.list.d/*.sources; do
    if grep -qs "^Suites:.*$NODE_SUITE" "$file"; then
      sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/sources.list.d/${file##*/}"
    fi
  done
  options=(-q -o "Dir::Etc::SourceList=$lists/sources.list" -o "Dir::Etc::SourceParts=$lists/sources.list.d"
    -o "Dir::State::Lists=$lists/lists" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  cd "$work"
  apt-get "${options[@]}" source --download-only kubernetes
  tar -xzf kubernetes_*.orig.tar.gz -C "$root" --strip-components=1
  # The vendored reflect2 1.0.1 crashes the API server on the first custom resource when built by Go 1.18 or later.
  rm -rf "${root:?}/vendor/$reflect2"
  cp -r "/usr/share/gocode/src/$reflect2" "$root/vendor/$reflect2"
}

# The generated OpenAPI definitions are in no source tarball.
generate_openapi() {
  local vendor=k8s.io/kubernetes/vendor inputs
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  inputs=$(grep -rl --include='*.go' '+k8s:openapi-gen=' staging/src pkg cmd |
    grep -vE '_test.go|/testdata/|sample-|/generated/|code-generator/' | xargs -n1 dirname | sort -u |
    sed -e "s#^staging/src/#$vendor/#" -e 's#^\(pkg\|cmd\)/#k8s.io/kubernetes/\1/#' | paste -sd,)
  "$work/openapi-gen" -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations.txt"
}

compile() {
  local base=k8s.io/kubernetes/vendor/k8s.io component major minor flags
  IFS=. read -r major minor _ <<<"${KUBERNETES_VERSION#v}"
  flags="-s -w -X $base/component-base/version.gitVersion=$KUBERNETES_VERSION -X $base/client-go/pkg/version.gitVersion=$KUBERNETES_VERSION"
  flags+=" -X $base/component-base/version.gitMajor=$major -X $base/component-base/version.gitMinor=$minor"
  cd "$root"
  # GOPATH mode: the source's vendor folder carries every dependency.
  export PATH=/usr/lib/go-1.19/bin:$PATH GO111MODULE=off GOPATH=$work GOCACHE=$work/cache CGO_ENABLED=0 GOFLAGS=
  generate_openapi
  mkdir -p "$out"
  for component in "${components[@]}"; do
    go build -ldflags "$flags" -o "$out/$component" "./cmd/$component"
    echo "built $component"
  done
}

make_kubernetes() {
  [ -d "/usr/share/gocode/src/$reflect2" ] || install_packages golang-1.19-go golang-github-modern-go-reflect2-dev
  [ -f "$root/vendor/$reflect2/go_above_118.go" ] || fetch_source
  compile
}
step kubernetes "Kubernetes $KUBERNETES_VERSION from Debian's source (3 to 9 min, once)" make_kubernetes
