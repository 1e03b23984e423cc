#!/bin/bash
# The image with the clients that pushes, pulls and signatures are tried with.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/clients
inputs=$(hash_of "$S3_SUITE" "$here/Dockerfile")
image_is "$CLIENTS_IMAGE" "$inputs" && exit 0
image_exists "debian:$S3_SUITE-slim" || step "base-$S3_SUITE" "base image debian:$S3_SUITE-slim" debian_base "$S3_SUITE"
step clients "image of registry clients" build_image --build-arg "SUITE=$S3_SUITE" --label "$inputs_label=$inputs" -t "$CLIENTS_IMAGE" "$here"
