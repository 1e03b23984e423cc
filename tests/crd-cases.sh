#!/bin/bash
# crd-cases.sh: tries the LocalRegistry definition on the API server that kubectl speaks to (Kubernetes 1.25 or newer, for the
# cross-field rules): what it takes, what it refuses and with which words. Uses a namespace of its own and takes away what it made.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
namespace=crd-cases-$$
failed=0 passed=0
had=$(kubectl get crd localregistries.localregistry.dev --ignore-not-found -o name)
cleanup() {
  kubectl delete localregistry --all --namespace "$namespace" --ignore-not-found >/dev/null 2>&1 || true
  kubectl delete namespace "$namespace" --ignore-not-found --wait=false >/dev/null 2>&1 || true
  [ -n "$had" ] || kubectl delete -f "$here/../crds" >/dev/null
}
trap cleanup EXIT
kubectl apply --server-side --force-conflicts -f "$here/../crds" >/dev/null
kubectl wait --for=condition=Established crd/localregistries.localregistry.dev --timeout=60s >/dev/null
# A server for definitions alone has no namespaces, and needs none.
if kubectl api-resources --api-group= 2>/dev/null | grep -q '^namespaces '; then kubectl create namespace "$namespace" >/dev/null; fi

sample() { # PATCH: the sample in this namespace with a merge patch laid over it
  sed "s/^  namespace: local-registry/  namespace: $namespace/" "$here/../localregistry.yaml" |
    kubectl patch --local --type merge --patch "$1" -o json -f -
}
judge() { # yes|no TEXT OUTPUT ANSWER WHAT
  if [ "$1" = "$4" ] && grep -qF -- "$2" <<<"$3"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  wanted: %s, with: %s\n  got: %s, %s\n' "$5" "$1" "$2" "$4" "$3"
  fi
}
create() { # yes|no TEXT PATCH
  local output answer=no
  if output=$(sample "$3" | kubectl create --dry-run=server -o json -f - 2>&1); then answer=yes; fi
  judge "$1" "$2" "$output" "$answer" "create $3"
}
change() { # yes|no TEXT PATCH: of the sample as it stands
  local output answer=no
  if output=$(kubectl patch localregistry registry --namespace "$namespace" --dry-run=server --type merge --patch "$3" -o json 2>&1); then answer=yes; fi
  judge "$1" "$2" "$output" "$answer" "change $3"
}
for _ in $(seq 30); do kubectl get localregistries --namespace "$namespace" >/dev/null 2>&1 && break; sleep 1; done

# The sample, and what is filled in.
create yes '"access": "ReadOnly"' '{}'
create yes '"network": "Host"' '{}'
create yes '"interval": "10m"' '{}'
create yes '"key": "credentials"' '{"spec":{"credentials":{"secretRef":{"name":"aws"}}}}'
# Unknown keys of config.yml reach the operator at every depth, for it to refuse them by name.
create yes '"azure"' '{"spec":{"config":{"storage":{"azure":{"accountname":"a"}}}}}'
create yes '"auth"' '{"spec":{"config":{"auth":{"htpasswd":{"realm":"r","path":"p"}}}}}'
create yes '"prometheus"' '{"spec":{"config":{"http":{"debug":{"prometheus":{"enabled":true}}}}}}'
create yes '"accelerate"' '{"spec":{"config":{"storage":{"s3":{"accelerate":true}}}}}'
create yes '"uploadpurging"' '{"spec":{"config":{"storage":{"maintenance":{"uploadpurging":{"enabled":false}}}}}}'
create no 'unknown field "spec.config2"' '{"spec":{"config2":{}}}'
create no 'unknown field "spec.node.disk"' '{"spec":{"node":{"disk":{"size":"20Gi"}}}}'
# Names.
create yes '"name": "r"' '{"metadata":{"name":"r"}}'
create no 'metadata.name: Too long' '{"metadata":{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}'
create no 'metadata.name' '{"metadata":{"name":"a.b"}}'
create no 'metadata.name' '{"metadata":{"name":"1a"}}'
# config.yml's values.
create no 'spec.config.version: Unsupported value' '{"spec":{"config":{"version":0.2}}}'
create no 'spec.config.version: Required value' '{"spec":{"config":{"version":null}}}'
create no 'spec.config.storage.s3: Required value' '{"spec":{"config":{"storage":{"s3":null}}}}'
create no 'spec.config.storage.s3.bucket: Required value' '{"spec":{"config":{"storage":{"s3":{"bucket":null}}}}}'
create no 'spec.config.storage.s3.bucket' '{"spec":{"config":{"storage":{"s3":{"bucket":"Upper"}}}}}'
create no 'accesskey and secretkey are refused' '{"spec":{"config":{"storage":{"s3":{"accesskey":"AKIA","secretkey":"s"}}}}}'
create no 'keyid has no effect without encrypt: true' '{"spec":{"config":{"storage":{"s3":{"encrypt":false,"keyid":"alias/x"}}}}}'
create no 'keyid has no effect without encrypt: true' '{"spec":{"config":{"storage":{"s3":{"encrypt":null,"keyid":"alias/x"}}}}}'
create yes '"alias/x"' '{"spec":{"config":{"storage":{"s3":{"keyid":"alias/x"}}}}}'
create yes '"chunksize": 33554432' '{"spec":{"config":{"storage":{"s3":{"chunksize":33554432}}}}}'
create yes '"chunksize": "33554432"' '{"spec":{"config":{"storage":{"s3":{"chunksize":"33554432"}}}}}'
create no 'spec.config.storage.s3.chunksize' '{"spec":{"config":{"storage":{"s3":{"chunksize":5242879}}}}}'
create no 'spec.config.storage.s3.chunksize' '{"spec":{"config":{"storage":{"s3":{"chunksize":"10M"}}}}}'
create no 'supported values: "inmemory"' '{"spec":{"config":{"storage":{"cache":{"blobdescriptor":"redis"}}}}}'
create no 'spec.config.log.level: Unsupported value' '{"spec":{"config":{"log":{"level":"loud"}}}}'
create no 'spec.config.loglevel: Unsupported value' '{"spec":{"config":{"loglevel":"loud"}}}'
create no 'spec.config.storage.s3.chunksize' '{"spec":{"config":{"storage":{"s3":{"chunksize":33554433}}}}}'
create yes '"concurrencylimit": 0' '{"spec":{"config":{"storage":{"delete":{"enabled":true},"tag":{"concurrencylimit":0}}}}}'
create no 'spec.config.storage.tag.concurrencylimit' '{"spec":{"config":{"storage":{"tag":{"concurrencylimit":-1}}}}}'
create no 'spec.config.storage.delete.enabled' '{"spec":{"config":{"storage":{"delete":{"enabled":"perhaps"}}}}}'
for url in https://s3.example.com:9000 http://10.0.0.1/ minio:9000 HTTPS://s3.example.com; do
  create yes "\"$url\"" '{"spec":{"config":{"storage":{"s3":{"regionendpoint":"'$url'"}}}}}'
done
for url in https://s3.example.com/path ftp://s3.example.com s3.example.com/path; do
  create no 'spec.config.storage.s3.regionendpoint' '{"spec":{"config":{"storage":{"s3":{"regionendpoint":"'$url'"}}}}}'
done
create yes '"multipartcopythresholdsize": 5368709120' '{"spec":{"config":{"storage":{"s3":{"multipartcopythresholdsize":5368709120}}}}}'
create no 'spec.config.storage.s3.multipartcopychunksize' '{"spec":{"config":{"storage":{"s3":{"multipartcopychunksize":1}}}}}'
create no 'spec.config.storage.s3.multipartcopymaxconcurrency' '{"spec":{"config":{"storage":{"s3":{"multipartcopymaxconcurrency":0}}}}}'
create no 'spec.config.storage.s3.objectacl: Unsupported value' '{"spec":{"config":{"storage":{"s3":{"objectacl":"open"}}}}}'
create no 'spec.config.storage.s3.redirectendpoint' '{"spec":{"config":{"storage":{"s3":{"redirectendpoint":"https://user@s3.example.com"}}}}}'
create yes '"loglevel": "off"' '{"spec":{"config":{"storage":{"s3":{"loglevel":"off"}}}}}'
create no 'spec.config.storage.s3.loglevel' '{"spec":{"config":{"storage":{"s3":{"loglevel":"debug"}}}}}'
create no 'spec.config.storage.s3.storageclass: Unsupported value' '{"spec":{"config":{"storage":{"s3":{"storageclass":"COLD"}}}}}'
create yes '"https://registry.example.com/a"' '{"spec":{"config":{"http":{"host":"https://registry.example.com/a"}}}}'
create no 'spec.config.http.host' '{"spec":{"config":{"http":{"host":"registry.example.com"}}}}'
for address in :5000 127.0.0.1:5000 localhost:5000 '[::1]:5000'; do create yes "\"$address\"" '{"spec":{"config":{"http":{"addr":"'$address'"}}}}'; done
for address in 5000 '' registry:5000 /run/registry.sock; do
  create no 'spec.config.http.addr' '{"spec":{"config":{"http":{"addr":"'$address'"}}}}'
  create no 'spec.config.http.debug.addr' '{"spec":{"config":{"http":{"debug":{"addr":"'$address'"}}}}}'
done
create yes '"build": 7' '{"spec":{"config":{"log":{"fields":{"build":7}}}}}'
create yes '"interval": "1m30.5s"' '{"spec":{"config":{"health":{"storagedriver":{"interval":"1m30.5s"}}}}}'
create yes '"interval": 10000000000' '{"spec":{"config":{"health":{"storagedriver":{"interval":10000000000}}}}}'
create no 'spec.config.health.storagedriver.interval' '{"spec":{"config":{"health":{"storagedriver":{"interval":"10 seconds"}}}}}'
create no 'spec.config.health.storagedriver.interval' '{"spec":{"config":{"health":{"storagedriver":{"interval":10}}}}}'
create no 'spec.config.http.headers.X-A' '{"spec":{"config":{"http":{"headers":{"X-A":"b"}}}}}'
create yes '"platforms": "list"' '{"spec":{"config":{"validation":{"manifests":{"indexes":{"platforms":"list","platformlist":[{"architecture":"amd64","os":"linux"}]}}}}}}'
create no 'platformlist[0].os: Required value' '{"spec":{"config":{"validation":{"manifests":{"indexes":{"platforms":"list","platformlist":[{"architecture":"amd64"}]}}}}}}'
create no 'spec.config.validation.manifests.indexes.platforms: Unsupported value' '{"spec":{"config":{"validation":{"manifests":{"indexes":{"platforms":"some"}}}}}}'
create yes '"statuscode": 204' '{"spec":{"config":{"health":{"http":[{"uri":"https://example.com/","statuscode":204,"headers":{"Accept":["*/*"]}}]}}}}'
create no 'spec.config.health.http[0].uri' '{"spec":{"config":{"health":{"http":[{"uri":"example.com"}]}}}}'
create no 'spec.config.health.http[0].statuscode' '{"spec":{"config":{"health":{"http":[{"uri":"https://example.com/","statuscode":99}]}}}}'
create no 'spec.config.health.tcp[0].addr' '{"spec":{"config":{"health":{"tcp":[{"addr":"example.com"}]}}}}'
create no 'spec.config.health.file[0].file' '{"spec":{"config":{"health":{"file":[{"file":"down"}]}}}}'
create no 'health.file[0].file: Required value' '{"spec":{"config":{"health":{"file":[{"interval":"10s"}]}}}}'
create no 'spec.config.http.debug.prometheus.path' '{"spec":{"config":{"http":{"debug":{"prometheus":{"path":"metrics"}}}}}}'
create no 'spec.config.http.maxuploadsize' '{"spec":{"config":{"http":{"maxuploadsize":0}}}}'
create yes '"age": "336h"' '{"spec":{"config":{"storage":{"maintenance":{"uploadpurging":{"age":"336h","dryrun":true}}}}}}'
create no 'spec.config.storage.maintenance.uploadpurging.age' '{"spec":{"config":{"storage":{"maintenance":{"uploadpurging":{"age":"a week"}}}}}}'
# The rest of the spec.
create no 'spec.access: Unsupported value' '{"spec":{"access":"WriteOnly"}}'
create no 'spec.credentials.secretRef.name: Required value' '{"spec":{"credentials":{"secretRef":{"name":null,"key":"k"}}}}'
create yes '"key": "credentials"' '{"spec":{"credentials":{"secretRef":{"name":"aws","optional":true}}}}'
create yes '"audience": "sts.amazonaws.com"' '{"spec":{"credentials":{"secretRef":null,"webIdentity":{"roleArn":"arn:aws:iam::111122223333:role/registry"}}}}'
create no 'name secretRef or webIdentity, not both' '{"spec":{"credentials":{"secretRef":{"name":"aws"},"webIdentity":{"roleArn":"arn:aws:iam::111122223333:role/registry"}}}}'
create no 'spec.credentials.webIdentity.roleArn' '{"spec":{"credentials":{"secretRef":null,"webIdentity":{"roleArn":"registry"}}}}'
create no 'spec.credentials.webIdentity.stsEndpoint' '{"spec":{"credentials":{"secretRef":null,"webIdentity":{"roleArn":"arn:aws:iam::1:role/r","stsEndpoint":"sts"}}}}'
create no 'interval must be from 1m to 24h' '{"spec":{"validation":{"interval":"59s"}}}'
create yes '"interval": "1h30m"' '{"spec":{"validation":{"interval":"1h30m"}}}'
create no 'spec.validation.interval' '{"spec":{"validation":{"interval":"soon"}}}'
create no 'spec.validation.mode: Unsupported value' '{"spec":{"validation":{"mode":"Off"}}}'
create yes '"tlsPolicy": "Off"' '{"spec":{"validation":{"checks":{"tlsPolicy":"Off"}}}}'
create no 'spec.validation.checks.encryption: Unsupported value' '{"spec":{"validation":{"checks":{"encryption":"Maybe"}}}}'
create no 'unknown field "spec.validation.checks.tls"' '{"spec":{"validation":{"checks":{"tls":"Off"}}}}'
create yes '"algorithm": "aws:kms:dsse"' '{"spec":{"validation":{"encryption":{"algorithm":"aws:kms:dsse","bucketKey":true}}}}'
create no 'spec.validation.expectedBucketOwner' '{"spec":{"validation":{"expectedBucketOwner":"1234"}}}'
create no 'must differ' '{"spec":{"node":{"port":6000,"debugPort":6000}}}'
create no 'must differ' '{"spec":{"node":{"port":5001}}}'
create no 'must differ' '{"spec":{"node":{"debugPort":5000}}}'
create no 'must differ' '{"spec":{"config":{"http":null},"node":{"debugPort":5000}}}'
create no 'must differ' '{"spec":{"config":{"http":{"addr":"127.0.0.1:5001"}}}}'
create no 'must differ' '{"spec":{"config":{"http":{"debug":{"addr":":5000"}}}}}'
create no 'must differ' '{"spec":{"config":{"http":{"debug":{"addr":":6000"}}},"node":{"port":6000}}}'
create yes '"port": 5001' '{"spec":{"config":{"http":{"debug":{"addr":":5002"}}},"node":{"port":5001}}}'
create yes '"debugPort": 5000' '{"spec":{"config":{"http":{"addr":":5001"}},"node":{"debugPort":5000}}}'
create yes '"port": 5002' '{"spec":{"config":{"http":{"addr":":5001"}},"node":{"port":5002}}}'
create no 'node in body must be of type object' '{"spec":{"node":5}}'
create no 'spec.node.port' '{"spec":{"node":{"port":65536}}}'
create no 'spec.node.network: Unsupported value' '{"spec":{"node":{"network":"None"}}}'
create yes '"operator": "Exists"' '{"spec":{"node":{"tolerations":[{"operator":"Exists"}]}}}'
create no 'operator: Exists takes no value' '{"spec":{"node":{"tolerations":[{"key":"a","operator":"Exists","value":"b"}]}}}'
create no 'without a key, operator must be Exists' '{"spec":{"node":{"tolerations":[{"value":"b"}]}}}'
create no 'tolerationSeconds needs effect: NoExecute' '{"spec":{"node":{"tolerations":[{"operator":"Exists","tolerationSeconds":5}]}}}'
create yes '"memory": "128Mi"' '{"spec":{"node":{"resources":{"requests":{"cpu":1,"memory":"128Mi"}}}}}'
create no 'spec.node.resources.limits.memory' '{"spec":{"node":{"resources":{"limits":{"memory":"much"}}}}}'

# The cache on the nodes' disks.
create yes '"serveStale": true' '{}'
create yes '"verifyInterval": "24h"' '{}'
create yes '"size": "20Gi"' '{"spec":{"node":{"cache":{"free":"10G","hostPath":"/var/cache/localregistry","serveStale":false,"verifyInterval":"0s"}}}}'
create yes '"size": 21474836480' '{"spec":{"node":{"cache":{"size":21474836480,"free":0,"verifyInterval":"8760h"}}}}'
create no 'spec.node.cache.size: Required value' '{"spec":{"node":{"cache":{"size":null}}}}'
for size in '"much"' '"-20Gi"' '"1.5Gi"' '"20GB"' '"500m"' '"1e9"' 104857599 -1; do create no 'spec.node.cache.size' '{"spec":{"node":{"cache":{"size":'"$size"'}}}}'; done
for size in '"half"' '"-1"' -1; do create no 'spec.node.cache.free' '{"spec":{"node":{"cache":{"free":'"$size"'}}}}'; done
for path in cache / /mnt/ /mnt/../etc /mnt/./cache '/mnt:b' ''; do create no 'spec.node.cache.hostPath' '{"spec":{"node":{"cache":{"hostPath":"'"$path"'"}}}}'; done
for path in /etc /etc/containerd /usr/local /run/cache /tmp /var/run /var/tmp/a /var/lib/kubelet /var/lib/containerd/a /var/lib/rancher; do
  create no 'hostPath must be a folder for data' '{"spec":{"node":{"cache":{"hostPath":"'"$path"'"}}}}'
done
for path in /var/lib /var/lib/localregistry /mnt/disk1 /usrdata /var/cache; do create yes '"hostPath": "'"$path"'"' '{"spec":{"node":{"cache":{"hostPath":"'"$path"'"}}}}'; done
create no 'verifyInterval must be from 1h to 8760h' '{"spec":{"node":{"cache":{"verifyInterval":"59m"}}}}'
create no 'verifyInterval must be from 1h to 8760h' '{"spec":{"node":{"cache":{"verifyInterval":"9000h"}}}}'
create no 'spec.node.cache.verifyInterval' '{"spec":{"node":{"cache":{"verifyInterval":"daily"}}}}'
create no 'unknown field "spec.node.cache.path"' '{"spec":{"node":{"cache":{"path":"/mnt"}}}}'

# Mirrors and what the nodes may pull.
create yes '"fallback": true' '{"spec":{"mirrors":[{"host":"docker.io"}]}}'
create yes '"existing": "Merge"' '{"spec":{"mirrors":[{"host":"registry.example.com:5000"}]}}'
create yes '"fallback": true' '{"spec":{"mirrors":[{"host":"localhost"}]}}'
create yes '"prefix": "mirror/docker.io"' '{"spec":{"mirrors":[{"host":"*","prefix":"mirror/docker.io","existing":"Replace"},{"host":"r:5000","fallback":false}]}}'
create no 'spec.mirrors[0].host: Required value' '{"spec":{"mirrors":[{"prefix":"a"}]}}'
for host in registry https://docker.io docker.io/library Docker.io docker.io. -a.example.com '**' '*.example.com' r:0 r:500000 ''; do
  create no 'spec.mirrors[0].host' '{"spec":{"mirrors":[{"host":"'"$host"'"}]}}'
done
for prefix in / mirror/ /mirror Mirror 'a//b' 'a/*' '..'; do
  create no 'spec.mirrors[0].prefix' '{"spec":{"mirrors":[{"host":"docker.io","prefix":"'"$prefix"'"}]}}'
done
create no 'fallback must be true for host *' '{"spec":{"mirrors":[{"host":"*","fallback":false}]}}'
create no 'spec.mirrors[0].existing: Unsupported value' '{"spec":{"mirrors":[{"host":"docker.io","existing":"merge"}]}}'
create no 'spec.mirrors[1]: Duplicate value' '{"spec":{"mirrors":[{"host":"docker.io"},{"host":"docker.io","prefix":"a"}]}}'
create no 'unknown field "spec.mirrors[0].url"' '{"spec":{"mirrors":[{"host":"docker.io","url":"a"}]}}'
create no 'spec.mirrors: Too many' '{"spec":{"mirrors":['"$(seq -s, 33 | sed 's/[0-9][0-9]*/{"host":"r&.example.com"}/g')"']}}'
create yes '"r32.example.com"' '{"spec":{"mirrors":['"$(seq -s, 32 | sed 's/[0-9][0-9]*/{"host":"r&.example.com"}/g')"']}}'
create yes '"team/*"' '{"spec":{"repositories":["team/app","team/*","a_b/c__d/e-f.g"]}}'
for repository in '*' Team 'team/' '/team' 'team/*/app' 'team*' ''; do
  create no 'spec.repositories[0]' '{"spec":{"repositories":["'"$repository"'"]}}'
done
create no 'spec.repositories[1]: Duplicate value' '{"spec":{"repositories":["team","team"]}}'
create no 'spec.repositories' '{"spec":{"repositories":[]}}'
create no 'spec.repositories: Too many' '{"spec":{"repositories":['"$(seq -s, 257 | sed 's/[0-9][0-9]*/"r&"/g')"']}}'
create yes '"restoreTimeout": "5m"' '{}'
create yes '"restoreTimeout": "0s"' '{"spec":{"node":{"runtime":{"restoreTimeout":"0s"}}}}'
create yes '"restoreTimeout": "1h"' '{"spec":{"node":{"runtime":{"restoreTimeout":"1h"}}}}'
create no 'restoreTimeout must be from 0s to 1h' '{"spec":{"node":{"runtime":{"restoreTimeout":"61m"}}}}'
create no 'spec.node.runtime.restoreTimeout' '{"spec":{"node":{"runtime":{"restoreTimeout":"-5m"}}}}'
for platform in Containerd EKS K3s RKE2 K0s Talos CRIO; do create yes '"'$platform'"' '{"spec":{"node":{"runtime":{"platform":"'$platform'"}}}}'; done
create no 'spec.node.runtime.platform: Unsupported value' '{"spec":{"node":{"runtime":{"platform":"Docker"}}}}'
create yes '/opt/containerd/.conf/config.toml' '{"spec":{"node":{"runtime":{"directory":"/opt/certs.d","configurationFile":"/opt/containerd/.conf/config.toml"}}}}'
for path in etc/certs.d / /etc/ /etc/../root /etc/./certs.d '/a:b' ''; do
  create no 'spec.node.runtime.directory' '{"spec":{"node":{"runtime":{"directory":"'"$path"'"}}}}'
  create no 'spec.node.runtime.configurationFile' '{"spec":{"node":{"runtime":{"configurationFile":"'"$path"'"}}}}'
done
create no 'configurationFile has no effect with CRI-O' '{"spec":{"node":{"runtime":{"platform":"CRIO","configurationFile":"/etc/crio/crio.conf"}}}}'

# What cannot be changed later.
sample '{}' | kubectl create -f - >/dev/null
change no 'bucket is immutable' '{"spec":{"config":{"storage":{"s3":{"bucket":"another"}}}}}'
change no 'rootdirectory is immutable' '{"spec":{"config":{"storage":{"s3":{"rootdirectory":"/else"}}}}}'
change no 'rootdirectory is immutable' '{"spec":{"config":{"storage":{"s3":{"rootdirectory":null}}}}}'
change yes '"region": "eu-west-1"' '{"spec":{"config":{"storage":{"s3":{"region":"eu-west-1"}}}}}'
change yes '"access": "ReadWrite"' '{"spec":{"access":"ReadWrite"}}'
# The status is a part of its own: a change of the spec does not reach it, and its conditions merge by type.
kubectl patch localregistry registry --namespace "$namespace" --subresource status --type merge --patch '{"status":{"identity":"arn:aws:sts::1:assumed-role/r/s",
  "nodes":{"desired":2,"updated":2,"ready":1,"mirrored":1},"conditions":[
  {"type":"Ready","status":"False","reason":"NodesNotReady","message":"1 of 2","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1},
  {"type":"MirrorConfigured","status":"Unknown","reason":"Proving","message":"1 of 2","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1},
  {"type":"BucketEncrypted","status":"True","reason":"Encrypted","message":"","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1}]}}' >/dev/null
output=$(kubectl get localregistries --namespace "$namespace" --output wide)
judge yes 'NodesNotReady' "$output" yes 'columns: reason'
judge yes 'False' "$output" yes 'columns: ready'
judge yes 'NAME       READY   BUCKET            ENCRYPTED   MIRRORED   NODES   SERVING   AGE' "$output" yes 'columns'
judge yes 'registry   False   docker-registry   True        Unknown    2       1 ' "$output" yes 'columns: values'
judge yes 1 "$(kubectl get localregistry registry --namespace "$namespace" -o jsonpath='{.status.nodes.mirrored}')" yes 'status: nodes mirrored'
judge yes 'Duplicate value' "$(kubectl patch localregistry registry --namespace "$namespace" --subresource status --type merge --patch \
  '{"status":{"conditions":[{"type":"A","status":"True","reason":"R","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"A","status":"True","reason":"R","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}' 2>&1 || true)" yes 'conditions are keyed by type'
# kubectl explain teaches every key, down to the leaves.
judge yes 'Default: 10s.' "$(kubectl explain localregistry.spec.config.health.storagedriver.interval 2>&1 || true)" yes 'explain'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
