#!/bin/bash
# One monitor, one in-memory OSD and radosgw on port 7480, and 7443 for TLS: an S3 with signatures, bucket policies, IAM roles, STS and server-side encryption.
#   admin user        AKIAADMIN / adminsecret
#   IAM account root  AKIAROOT  / rootsecret   (CreateUser, CreateAccessKey, CreateRole work here)
# SSE-S3 takes its keys from transit-stub.py, SSE-KMS has one key: testkey-1.
set -euo pipefail

dir=/var/lib/rgw-test
port=7480
tls_port=7443
fsid=11111111-2222-3333-4444-555555555555
osd=99999999-2222-3333-4444-555555555555
monitor=16789
transit=8230

rm -rf $dir
mkdir -p $dir/mon $dir/osd $dir/rgw
(umask 077 && echo token >$dir/transit-token)
cat >$dir/ceph.conf <<C
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$monitor
run dir = $dir
admin socket = $dir/\$name.asok
log file = $dir/\$name.log
pid file =
keyring = $dir/keyring
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
paxos propose interval = 0.05
paxos min wait = 0.01
mon data avail warn = 1
mon data avail crit = 1
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind port min = 16800
ms bind port max = 16899
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
ms crc data = false
ms client mode = crc
ms cluster mode = crc
ms service mode = crc

[mon.a]
mon data = $dir/mon

[osd.0]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = ${MEMORY_BYTES:-8589934592}
memstore page size = 65536
osd op num shards = 2
osd class load list = *
osd class default list = *

[client.rgw.main]
debug rgw = ${DEBUG_RGW:-0}
rgw data = $dir/rgw
# Without tcp_nodelay each small call costs 44 ms.
rgw frontends = beast endpoint=0.0.0.0:$port ssl_endpoint=0.0.0.0:$tls_port ssl_certificate=$dir/tls.pem tcp_nodelay=1
# It fetches the keys of OIDC issuers, and the issuers of tests are its own public buckets.
rgw verify ssl = false
rgw enable apis = s3, iam, sts, admin
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
rgw crypt sse s3 backend = vault
rgw crypt sse s3 vault auth = token
rgw crypt sse s3 vault token file = $dir/transit-token
rgw crypt sse s3 vault addr = http://127.0.0.1:$transit
rgw crypt sse s3 vault prefix = /v1/transit
rgw crypt sse s3 vault secret engine = transit
rgw sts key = 0123456789abcdef
rgw s3 auth use sts = true
rgw run sync thread = false
rgw gc obj min wait = 2
rgw gc processor period = 5
rgw gc processor max time = 5
rgw thread pool size = 64
C

quietly() { # a set-up command: its output only matters when it fails
  timeout 60 "$@" >>$dir/setup.log 2>&1 || {
    echo "failed: $*"
    cat $dir/setup.log
    exit 1
  }
}
admin() { quietly radosgw-admin -c $dir/ceph.conf -n client.rgw.main "$@"; }

quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$(hostname)" \
  -addext "subjectAltName=DNS:$(hostname),DNS:localhost,IP:127.0.0.1" -keyout $dir/tls.key -out $dir/tls.crt
cat $dir/tls.key $dir/tls.crt >$dir/tls.pem
quietly monmaptool --create --fsid $fsid --addv a "[v2:127.0.0.1:$monitor]" $dir/monmap
quietly ceph-authtool --create-keyring $dir/keyring --gen-key -n mon. --cap mon 'allow *'
quietly ceph-authtool $dir/keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
quietly ceph-authtool $dir/keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd'
quietly ceph-authtool $dir/keyring --gen-key -n client.rgw.main --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
quietly ceph-mon -c $dir/ceph.conf -i a --mkfs --monmap $dir/monmap --keyring $dir/keyring
ceph-mon -f -c $dir/ceph.conf -i a >$dir/mon.out 2>&1 &
quietly ceph -c $dir/ceph.conf osd new $osd
quietly ceph-osd -c $dir/ceph.conf -i 0 --mkfs --osd-uuid $osd
ceph-osd -f -c $dir/ceph.conf -i 0 >$dir/osd.out 2>&1 &
until timeout 20 ceph -c $dir/ceph.conf osd stat 2>/dev/null | grep -q '1 up'; do sleep 0.1; done
admin user create --uid admin --display-name admin --access-key AKIAADMIN --secret-key adminsecret \
  --caps 'roles=*;users=*;buckets=*;user-policy=*;oidc-provider=*;accounts=*'
admin account create --account-name test --account-id RGW00000000000000001
admin user create --uid root --display-name root --account-id RGW00000000000000001 --account-root --access-key AKIAROOT --secret-key rootsecret
transit-stub.py $transit >$dir/transit.out 2>&1 &
radosgw -f -c $dir/ceph.conf -n client.rgw.main >$dir/rgw.out 2>&1 &
until curl -s -o /dev/null http://127.0.0.1:$port/; do sleep 0.1; done
echo "radosgw ready on port $port"

wait -n || true
echo "a daemon ended"
tail -n 5 $dir/*.out
exit 1
