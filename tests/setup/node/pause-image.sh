#!/bin/bash
# Writes the sandbox image of every pod, made of busybox, as an archive that containerd imports: nothing has to be pulled.
# usage: pause-image.sh FILE
set -euo pipefail
layout=$(mktemp -d)
trap 'rm -rf "$layout"' EXIT
mkdir -p "$layout/blobs/sha256" "$layout/root/bin"

put() { # FILE: becomes a blob; prints its digest and size
  local digest size
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$layout/blobs/sha256/$digest"
  echo "sha256:$digest $size"
}

cp /bin/busybox "$layout/root/bin/"
tar -C "$layout/root" -cf "$layout/layer" .
rm -r "$layout/root"
read -r layer layer_size <<<"$(put "$layout/layer")"
printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/bin/busybox","sleep","2147483647"]},"rootfs":{"type":"layers","diff_ids":["%s"]}}' \
  "$(dpkg --print-architecture)" "$layer" >"$layout/config"
read -r config config_size <<<"$(put "$layout/config")"
oci=application/vnd.oci.image
printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[{"mediaType":"%s","digest":"%s","size":%d}]}' \
  $oci.manifest.v1+json $oci.config.v1+json "$config" "$config_size" $oci.layer.v1.tar "$layer" "$layer_size" >"$layout/manifest"
read -r manifest manifest_size <<<"$(put "$layout/manifest")"
printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,"annotations":{"io.containerd.image.name":"registry.k8s.io/pause:local"}}]}' \
  $oci.manifest.v1+json "$manifest" "$manifest_size" >"$layout/index.json"
tar -C "$layout" -cf "$1" oci-layout index.json blobs
