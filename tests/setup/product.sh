#!/bin/bash
# Builds the product's images from the Dockerfiles at the top of the repository. Layers and NuGet's packages are cached by the engine.
set -euo pipefail
# shellcheck source=tests/setup/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(cd "$testbed/../.." && pwd)
step operator "image $OPERATOR_IMAGE" build_image -f "$top/Dockerfile.operator" -t "$OPERATOR_IMAGE" "$top"
step registry "image $REGISTRY_IMAGE" build_image -f "$top/Dockerfile.registry" -t "$REGISTRY_IMAGE" "$top"
