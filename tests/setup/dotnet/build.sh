#!/bin/bash
# Gets the .NET base images that our Dockerfiles name: pulled, or stood in for by the machine's own SDK under the same names.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/dotnet
top=$(cd "$testbed/../.." && pwd)
certificates=/etc/ssl/certs/ca-certificates.crt
inputs=$(hash_of "$NODE_SUITE" "$here/Dockerfile" "$(dotnet --version)" "$certificates")

# The files of the SDK as an image, to copy from: they lie outside of any build context.
sdk=localregistry-testbed/dotnet-sdk:$(dotnet --version)
import_sdk() {
  local home
  home=$(dirname "$(readlink -f "$(command -v dotnet)")")
  tar -C "$home" --transform 's,^\.,dotnet,' -c . | docker import - "$sdk"
}

build_stand_in() { # IMAGE TARGET
  image_exists "$sdk" || import_sdk
  local context
  context=$(mktemp -d "$cache/dotnet.XXXXXX")
  cp "$here/Dockerfile" "$certificates" "$context/"
  build_image --target "$2" --build-arg "SUITE=$NODE_SUITE" --build-arg "SDK=$sdk" --label "$inputs_label=$inputs" -t "$1" "$context"
  rm -rf "$context"
}

names=$(sed -nE 's,^FROM +(--platform=[^ ]+ +)?(mcr\.microsoft\.com/dotnet/[^ ]+).*,\2,Ip' "$top"/Dockerfile.operator "$top"/Dockerfile.registry | sort -u)
for image in $names; do
  if image_is "$image" "$inputs"; then continue; fi
  # An image of that name without our label is the real one.
  if image_exists "$image" && image_is "$image" ''; then continue; fi
  if docker pull -q "$image" >/dev/null 2>&1; then
    say "pulled $image"
    continue
  fi
  case $image in
    */sdk:*) target=sdk ;;
    */aspnet:*chiseled*) target=aspnet-chiseled ;;
    */aspnet:*) target=aspnet ;;
    */runtime-deps:*chiseled*) target=runtime-deps-chiseled ;;
    */runtime-deps:*) target=runtime-deps ;;
    *) fail 2 "$image can't be pulled, and nothing stands in for it" ;;
  esac
  image_exists "debian:$NODE_SUITE-slim" || step "base-$NODE_SUITE" "base image debian:$NODE_SUITE-slim" debian_base "$NODE_SUITE"
  step "dotnet-$target" "stand-in for $image" build_stand_in "$image" "$target"
done
