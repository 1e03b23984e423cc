#!/bin/bash
# Makes this machine ready for tests and demo: tools, Docker engine, node image, S3 image, containerd's versions, registry clients, policy simulation, base images, product images.
# Done work is found again, so a second run takes a second or two.
# usage: setup.sh [tools|engine|node|s3|containerd|clients|iam|dotnet|product]...     without names: all
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if (($# == 0)); then set -- tools engine node s3 containerd clients iam dotnet product; fi
wanted() { [[ " $wanted " == *" $1 "* ]]; }
wanted=$*

# One set-up at a time: the demo and several test projects may ask at once.
exec 9>"$cache/lock"
flock -n 9 || { say "waiting for another set-up on this machine"; flock 9; }

if wanted tools; then "$testbed/tools.sh"; fi
"$testbed/engine.sh" start

# One after the other: they have the same base.
build_of_one_base() {
  if wanted s3; then "$testbed/s3/build.sh"; fi
  if wanted clients; then "$testbed/clients/build.sh"; fi
}

# Kubernetes takes both cores for minutes, the S3 image and the clients' mostly wait for the network: side by side.
jobs=()
if wanted s3 || wanted clients; then
  build_of_one_base &
  jobs+=($!)
fi
if wanted iam; then
  "$testbed/iam/install.sh" >/dev/null &
  jobs+=($!)
fi
if wanted node; then
  "$testbed/node/build.sh" &
  jobs+=($!)
fi
code=0
for job in "${jobs[@]}"; do wait "$job" || code=$?; done
((code == 0)) || fail "$code" "the set-up failed, see above"

# The node image's base is found again.
if wanted containerd; then "$testbed/containerd/build.sh"; fi
if wanted dotnet || wanted product; then "$testbed/dotnet/build.sh"; fi
if wanted product; then "$testbed/product.sh"; fi
