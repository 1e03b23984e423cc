#!/bin/bash
# The image of the S3 server.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$testbed/s3
inputs=$(hash_of "$S3_SUITE" "$here"/{Dockerfile,radosgw.sh,transit-stub.py})
image_is "$S3_IMAGE" "$inputs" && exit 0
step "base-$S3_SUITE" "base image debian:$S3_SUITE-slim" debian_base "$S3_SUITE"
step s3 "S3 image" build_image --build-arg "SUITE=$S3_SUITE" --label "$inputs_label=$inputs" -t "$S3_IMAGE" "$here"
