#!/bin/bash
# Installs the policy simulation with its engine into the cache, once for each state of its files, and prints where. Nothing of it is shipped.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/iam
files=("$here"/{package.json,package-lock.json,.npmrc} "$here"/*.mjs)
home=$cache/iam-$(hash_of "${files[@]}")

install_simulation() {
  local unfinished
  unfinished=$(mktemp -d "$cache/iam.XXXXXX")
  cp "${files[@]}" "$unfinished"
  npm ci --prefix "$unfinished"
  mv --no-target-directory "$unfinished" "$home"
}

[ -d "$home" ] || step iam "policy simulation for tests" install_simulation
printf '%s\n' "$home"
