#!/bin/bash
# Starts a Docker engine where none answers; its images stay in the cache.
# usage: engine.sh [start|stop]     stop ends only the engine that start began
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

state=$cache/docker

answers() { docker info >/dev/null 2>&1; }

start() {
  answers && return
  command -v dockerd >/dev/null || fail 2 "no Docker engine answers and no dockerd is installed: install Docker, or run this as root on Debian"
  [ "$(id -u)" = 0 ] || fail 2 "no Docker engine answers: start one, add this user to its group, or run this as root"
  mkdir -p "$state"
  local arguments=()
  # Without CAP_SYS_RESOURCE (bit 24), as in some sandboxes, the plain runc can't start privileged containers.
  if (((0x$(awk '/CapBnd/ {print $2}' /proc/self/status) >> 24 & 1) == 0)); then
    install -m 755 "$testbed/node/runc-sandboxed" /usr/local/bin/runc-sandboxed
    arguments=(--add-runtime sandboxed=/usr/local/bin/runc-sandboxed --default-runtime sandboxed)
  fi
  say "starting a Docker engine with its state in $state"
  # Detached, and holding none of our files: it outlives this script and its lock.
  setsid nohup dockerd --data-root "$state/data" --exec-root "$state/exec" --pidfile "$state/pid" "${arguments[@]}" \
    >"$state/log" 2>&1 </dev/null 9>&- &
  local tries=0
  until answers; do
    if ((++tries > 120)); then
      tail -n 20 "$state/log" >&2
      fail 1 "the Docker engine did not come up in 60 s; its log is $state/log"
    fi
    sleep 0.5
  done
  say "the Docker engine answers"
}

stop() {
  [ -s "$state/pid" ] || return 0
  local pid
  pid=$(cat "$state/pid")
  # The number may have gone to another process since.
  if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ]; then kill "$pid"; fi
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  *) fail 2 "usage: $0 [start|stop]" ;;
esac
