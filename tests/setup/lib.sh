# shellcheck shell=bash
# What the test bed's scripts share: the cache, progress lines, packages, image builds. Sourced, never run.
set -euo pipefail

testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/setup/versions.env
. "$testbed/versions.env"

# Everything that took time to make stays here for the next run.
cache=${LOCALREGISTRY_CACHE:-$HOME/.cache/localregistry}
mkdir -p "$cache/logs"

# Scripts call scripts: the clock starts with the first.
export TESTBED_STARTED=${TESTBED_STARTED:-$(date +%s)}

say() { printf '[%4ds] %s\n' "$(($(date +%s) - TESTBED_STARTED))" "$*" >&2; }

fail() { # EXIT_CODE MESSAGE...
  local code=$1
  shift
  say "error: $*"
  exit "$code"
}

# Runs a command with its output in a log file; says what runs, every 20 s how far it is, and shows the log's end when it fails.
step() { # NAME DESCRIPTION COMMAND...
  local log=$cache/logs/$1.log description=$2 began=$SECONDS next=$((SECONDS + 20)) code=0 command
  shift 2
  say "$description ..."
  "$@" >"$log" 2>&1 </dev/null &
  command=$!
  while kill -0 "$command" 2>/dev/null; do
    sleep 0.1
    if ((SECONDS >= next)); then
      say "$description: $((SECONDS - began)) s, $(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
      next=$((SECONDS + 20))
    fi
  done
  wait "$command" || code=$?
  if ((code != 0)); then
    tail -n 40 "$log" >&2
    fail "$code" "$description failed after $((SECONDS - began)) s; the whole log is $log"
  fi
  say "$description: done in $((SECONDS - began)) s"
}

is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && grep -qs '^ID=debian' /etc/os-release; }

# Installs Debian packages without starting any service that they bring.
install_packages() { # PACKAGE...
  local policy=/usr/sbin/policy-rc.d ours=0 code=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    ours=1
  fi
  export DEBIAN_FRONTEND=noninteractive
  # The lock is waited for: another install may run on the same machine.
  { apt-get -q -o DPkg::Lock::Timeout=600 update &&
    apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$@"; } || code=$?
  if ((ours)); then rm -f "$policy"; fi
  return "$code"
}

# A hash over files and strings, to know whether what was made of them is still good.
hash_of() { # FILE-OR-STRING...
  local input
  for input in "$@"; do
    if [ -f "$input" ]; then sha256sum <"$input"; else printf '%s\n' "$input"; fi
  done | sha256sum | cut -c1-16
}

inputs_label=dev.localregistry.testbed.inputs

# Whether an image was made by us of exactly these inputs.
image_is() { # IMAGE HASH
  [ "$(docker image inspect --format "{{index .Config.Labels \"$inputs_label\"}}" "$1" 2>/dev/null)" = "$2" ]
}

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

# BuildKit builds, with --network host: a sandbox may have no route from the engine's bridge to the outside.
# A new client builds through the buildx plug-in; Debian's client of the engine's own age has BuildKit built in.
build_image() { # docker build's arguments
  local client=docker
  if ! docker buildx version >/dev/null 2>&1 && [ -x /usr/bin/docker ] && ! /usr/bin/docker buildx version >/dev/null 2>&1; then
    client=/usr/bin/docker
  fi
  DOCKER_BUILDKIT=1 "$client" build --progress plain --network host "$@"
}

# Debian's base image of a suite: pulled, or made by debootstrap where no registry can be reached.
debian_base() { # SUITE
  local image=debian:$1-slim root
  if image_exists "$image" || docker pull -q "$image"; then return; fi
  root=$(mktemp -d "$cache/debootstrap.XXXXXX")
  debootstrap --variant=minbase "$1" "$root"
  tar -C "$root" -c . | docker import - "$image"
  rm -rf "$root"
}
