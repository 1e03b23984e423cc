#!/bin/bash
# Runs the OCI distribution-spec's conformance suite against the registry of this tree, in every mode that the registry serves, and ends with
# the line "N passed, N failed". Fails when a test failed, or when none ran.
# usage: conformance.sh DIRECTORY    a checkout of github.com/opencontainers/distribution-spec, whose suite is built with go
#        SUITE=FILE conformance.sh   a suite that is built already
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
results=$root/artifacts/conformance
rm -rf "$results"
mkdir -p "$results"

suite=${SUITE:-}
if [ -z "$suite" ]; then
  directory=${1:?"usage: conformance.sh DIRECTORY, a checkout of the distribution-spec"}
  suite=$results/suite
  (cd "$directory/conformance" && go build -buildvcs=true -o "$suite" .)
fi
suite=$(realpath "$suite")
dotnet build --disable-build-servers --nologo -v q "$root/registry/Registry.csproj" >"$results/build.log" || { cat "$results/build.log"; exit 1; }

server="" port=""
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; server=""; fi; }
trap stop EXIT

serve() { # NAME STORAGE [MORE]: a registry on a free port of the loopback interface
  stop
  for port in $(shuf -i 20000-32000 -n 20); do
    printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {%s}\nhttp: {addr: "127.0.0.1:%s"}\n%s\n' "$2" "$port" "${3:-}" >"$results/$1.yml"
    dotnet "$root/artifacts/bin/Registry/debug/registry.dll" serve "$results/$1.yml" >"$results/$1.registry.log" 2>&1 &
    server=$!
    while kill -0 "$server" 2>/dev/null; do
      if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"; then return; fi
      sleep 0.2
    done
  done
  echo "the registry does not start: $(tail -n 1 "$results/$1.registry.log")" >&2
  exit 1
}

passed=0 failed=0
run() { # NAME [VARIABLE=VALUE...]
  local name=$1 line counts
  shift
  env OCI_RESULTS_DIR="$results/$name" OCI_REGISTRY="127.0.0.1:$port" OCI_TLS=disabled OCI_REPO1=conformance/one OCI_REPO2=conformance/two "$@" \
    "$suite" >"$results/$name.log" 2>&1 || true
  count() { sed -n '/^OCI Conformance Result/,$p' "$results/$name.log" | sed -nE "s/^  $1\.+: *([0-9]+)$/\1/p"; }
  counts=$(count Pass)
  if ((${counts:-0} == 0)); then
    echo "$name: the suite gave no result: $(tail -n 1 "$results/$name.log")"
    failed=$((failed + 1))
    return
  fi
  local bad=$(($(count FAIL) + $(count Error)))
  printf '%-22s %5d passed, %d failed, %d skipped, %d disabled\n' "$name" "$counts" "$bad" "$(count Skip)" "$(count Disabled)"
  passed=$((passed + counts)) failed=$((failed + bad))
  if ((bad > 0)); then grep -A 3 -E ': (FAIL|Error)$' "$results/$name.log" || true; fi
}

links=$results/storage/docker/registry/v2/repositories/conformance/one
join() { sort | paste -sd ' '; } # the suite takes a blank too many for an empty name
list() { # FOLDER of the repository: the digests whose links lie below it
  find "$links/$1" -name link | sed -nE 's|.*/(sha[0-9]+)/([0-9a-f]+)/link$|\1:\2|p' | join
}

serve memory 'inmemory: {}, delete: {enabled: true}'
run 1.0 OCI_VERSION=1.0
run 1.1 OCI_VERSION=1.1
run dev OCI_VERSION=dev
serve sparse 'inmemory: {}, delete: {enabled: true}' 'validation: {disabled: true}'
run dev-sparse OCI_VERSION=dev OCI_DATA_SPARSE=true
serve no-deletion 'inmemory: {}'
run dev-without-deletion OCI_VERSION=dev

# Pulls alone, of what a run that deletes nothing has left.
keep=(OCI_API_TAGS_DELETE=false OCI_API_MANIFESTS_DELETE=false OCI_API_BLOBS_DELETE=false)
serve filled "filesystem: {rootdirectory: $results/storage}"
run dev-filling OCI_VERSION=dev "${keep[@]}"
serve read-only "filesystem: {rootdirectory: $results/storage}, maintenance: {readonly: {enabled: true}}"
subjects=$(find "$links/_referrers" -mindepth 2 -maxdepth 2 | sed -nE 's|.*/(sha[0-9]+)/([0-9a-f]+)$|\1:\2|p' | join)
# Of manifests that the suite has not pushed itself it looks for the digest's header in no response, and misses it.
run dev-pull-only OCI_VERSION=dev OCI_API_PUSH=false OCI_API_MANIFESTS_DIGEST_HEADER=false "${keep[@]}" \
  OCI_RO_DATA_TAGS="$(find "$links/_manifests/tags" -mindepth 1 -maxdepth 1 -printf '%f\n' | join)" \
  OCI_RO_DATA_MANIFESTS="$(list _manifests/revisions)" OCI_RO_DATA_BLOBS="$(list _layers)" OCI_RO_DATA_REFERRERS="$subjects"

stop
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
