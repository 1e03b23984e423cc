#!/bin/bash
# generate.sh [--check]: writes charts/install.yaml from the chart, for those who install without helm. --check only says whether it is
# what the chart gives now.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
file=$here/install.yaml
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
  cat <<'HEAD'
# The operator and the LocalRegistry resource, made from charts/local-registry by charts/generate.sh; change the chart instead.
#
#   kubectl apply --server-side -f install.yaml
HEAD
  # Always the same renderer, so that the file is the same to the byte wherever it is made. Helm is nobody's manager here.
  LOCALREGISTRY_RENDERER=go "$here/../tests/helm-render/render.sh" local-registry "$here/local-registry" \
    --namespace local-registry --set namespace.create=true |
    sed -e '/^ *helm\.sh\/chart: /d' -e 's/^\( *app\.kubernetes\.io\/managed-by\): Helm$/\1: kubectl/'
} > "$new"
if [ "${1:-}" = --check ]; then
  diff -u "$file" "$new" >&2 || { echo "charts/install.yaml is not what the chart gives: run charts/generate.sh" >&2; exit 1; }
else
  cp "$new" "$file"
fi
