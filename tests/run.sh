#!/bin/bash
# Runs every test project, two at a time, and ends with the line "N passed, N failed". Fails when a test failed, or when none ran.
# usage: run.sh [PROJECT...]     such as Registry.Tests; without names: all
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup/lib.sh
. tests/setup/lib.sh

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# The longest first: it runs beside all the others.
suites=("$@")
if ((${#suites[@]} == 0)); then
  for project in tests/*Tests; do
    name=${project#tests/}
    if [ "$name" = EndToEnd.Tests ]; then suites=("$name" "${suites[@]}"); else suites+=("$name"); fi
  done
fi

# The set-up mostly waits or compiles Kubernetes: our own compilation fits beside it.
tests/setup/setup.sh &
setup=$!
step build "compiling" dotnet build --disable-build-servers --nologo LocalRegistry.slnx
wait "$setup" || fail $? "the set-up failed, see above"

run_suite() { # NAME: its output goes to a file, its results to another; both outlive it
  local assembly=artifacts/bin/$1/debug/LocalRegistry.$1.dll code=0 reporter=default
  # Where a test takes half a minute it is good to see which one runs.
  if [ "$1" = EndToEnd.Tests ]; then reporter=verbose; fi
  timeout --kill-after 30 40m dotnet "$assembly" -noColor -reporter "$reporter" -result-trx "$results/$1.trx" >"$results/$1.log" 2>&1 </dev/null || code=$?
  echo "$code" >"$results/$1.code"
}

counter() { # FILE NAME
  sed -nE "s/.*<Counters .*\b$2=\"([0-9]+)\".*/\1/p" "$1"
}

passed=0 failed=0
report() { # NAME: shows what a suite printed and adds up what it counted
  local name=$1 code trx=$results/$1.trx
  code=$(cat "$results/$name.code")
  say "$name ended with $code"
  cat "$results/$name.log"
  if [ -s "$trx" ]; then
    passed=$((passed + $(counter "$trx" passed)))
    failed=$((failed + $(counter "$trx" failed)))
    # A suite may also fail as a whole, while its fixture starts or after its last test.
    if ((code != 0)) && (($(counter "$trx" failed) == 0)); then failed=$((failed + 1)); fi
  else
    echo "$name left no results"
    failed=$((failed + 1))
  fi
}

declare -A running=()
reap() { # waits for the next suite to end
  local name pid beat=$((SECONDS + 30))
  while true; do
    for name in "${!running[@]}"; do
      pid=${running[$name]}
      if ! kill -0 "$pid" 2>/dev/null; then
        wait "$pid" || true
        unset "running[$name]"
        report "$name"
        return
      fi
      if ((SECONDS >= beat)); then say "$name is running: $(tail -n 1 "$results/$name.log" | cut -c1-120)"; fi
    done
    if ((SECONDS >= beat)); then beat=$((SECONDS + 30)); fi
    sleep 0.2
  done
}

for suite in "${suites[@]}"; do
  if ((${#running[@]} == 2)); then reap; fi
  say "$suite starts"
  run_suite "$suite" &
  running[$suite]=$!
done
while ((${#running[@]})); do reap; done

# Once more what failed, so that the end of the output says it without the pages before it.
if ((failed > 0)); then
  for log in "$results"/*.log; do grep --no-filename -A 4 -E '\[(FAIL|Test .* Failure.*)\]' "$log" | cut -c1-400 || true; done
fi
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
