#!/bin/bash
# render.sh RELEASE CHART [options]: what `helm template` prints, with or without helm on the machine.
#
# Without helm, the program beside this script renders with Helm's own engine. It is built once from Debian's Go packages, which are
# installed if this is root on Debian, and kept in ${LOCALREGISTRY_CACHE:-~/.cache/localregistry}/bin under the hash of its source.
# LOCALREGISTRY_RENDERER=go leaves a helm on the machine alone, for output that is the same to the byte everywhere.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "${LOCALREGISTRY_RENDERER:-}" != go ] && command -v helm >/dev/null; then
  exec helm template "$@"
fi

packages=(golang-1.19-go golang-github-masterminds-sprig-dev golang-k8s-sigs-yaml-dev golang-github-xeipuuv-gojsonschema-dev)
gopath=/usr/share/gocode
sources_there() {
  [ -d "$gopath/src/github.com/Masterminds/sprig" ] && [ -d "$gopath/src/sigs.k8s.io/yaml" ] && [ -d "$gopath/src/github.com/xeipuuv/gojsonschema" ]
}
find_go() {
  local go
  for go in /usr/lib/go-1.19/bin/go "$(command -v go || true)"; do
    if [ -x "$go" ]; then echo "$go"; return; fi
  done
  return 1
}

hash=$(cat "$here"/*.go | sha256sum | cut -c1-16)
cache=${LOCALREGISTRY_CACHE:-$HOME/.cache/localregistry}
program=$cache/bin/helm-render-$hash
if [ ! -x "$program" ]; then
  mkdir -p "$cache/bin"
  # Tests call this side by side: one builds, the others wait.
  exec 9>"$cache/bin/helm-render.lock"
  flock 9
  if [ ! -x "$program" ]; then
    if ! { sources_there && find_go >/dev/null; }; then
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "render.sh: installing ${packages[*]}" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >&2
      else
        echo "render.sh: rendering the chart needs helm, or on Debian: apt-get install ${packages[*]}" >&2
        exit 2
      fi
    fi
    echo "render.sh: building the renderer, once" >&2
    (cd "$here" && GOPATH=$gopath GO111MODULE=off GOFLAGS= CGO_ENABLED=0 GOCACHE="$cache/go-build" "$(find_go)" build -trimpath -o "$program.new" .) >&2
    mv "$program.new" "$program"
  fi
  exec 9>&-
fi
exec "$program" "$@"
