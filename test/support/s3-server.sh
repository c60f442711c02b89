#!/bin/bash
# One monitor, one in-memory OSD and one RADOS gateway of Ceph on 127.0.0.1, in the foreground until standard input
# ends, which it does when the caller dies, however it dies. Prints "ready" on standard output when the gateway answers.
# Usage: s3-server.sh FOLDER GATEWAY_PORT MONITOR_PORT MONITOR_PORT_OF_OLD ACCESS_KEY SECRET_KEY
set -eu
folder=$1 gateway_port=$2 monitor_port=$3 old_monitor_port=$4 access_key=$5 secret_key=$6
monitors="[v2:127.0.0.1:$monitor_port,v1:127.0.0.1:$old_monitor_port]"
daemons=()

mkdir -p "$folder"/{mon,osd,run,log,rgw}
exec 3>&1 4>&2 >>"$folder/log/setup" 2>&1

stop() {
  [ $? -eq 0 ] || cat "$folder/log/setup" >&4
  # Nothing in memory is worth an orderly end, and the OSD takes long over one.
  [ ${#daemons[@]} -eq 0 ] || kill -KILL "${daemons[@]}" || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' TERM INT HUP

cat >"$folder/ceph.conf" <<CONFIGURATION
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = $monitors
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 2000
osd_objectstore = memstore
memstore_device_bytes = 2147483648
run_dir = $folder/run
admin_socket = $folder/run/\$cluster-\$name.\$pid.asok
log_file = $folder/log/\$name.log
pid_file = $folder/run/\$name.pid
ms_bind_ipv6 = false
mon_data_avail_crit = 1
mon_data_avail_warn = 2
[mon.a]
mon_data = $folder/mon
[osd.0]
osd_data = $folder/osd
[client.rgw]
keyring = $folder/keyring
# Without it the gateway waits for ever for a monitor that asks for no authentication.
ms_mon_client_mode = crc
rgw_frontends = beast endpoint=127.0.0.1:$gateway_port
rgw_data = $folder/rgw
rgw_enable_usage_log = false
rgw_dns_name = localhost
CONFIGURATION
configuration=(-c "$folder/ceph.conf")

prepare() {
  fsid=$(ceph-conf "${configuration[@]}" --lookup fsid)
  monmaptool --create --fsid "$fsid" --addv a "$monitors" "$folder/monmap"
  ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$folder/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  ceph-authtool "$folder/keyring" --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
  ceph-mon "${configuration[@]}" --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring"
}

run() {
  "$@" "${configuration[@]}" -f </dev/null >>"$folder/log/output" 2>&1 &
  daemons+=($!)
}

add_osd() {
  osd=$(cat /proc/sys/kernel/random/uuid)
  ceph "${configuration[@]}" osd new "$osd"
  ceph-osd "${configuration[@]}" -i 0 --mkfs --osd-uuid "$osd"
  run ceph-osd -i 0
}

await_gateway() {
  for _ in $(seq 1 240); do
    curl -s -o /dev/null "http://127.0.0.1:$gateway_port" && return
    sleep 0.25
  done
  echo "The gateway did not answer within a minute." && return 1
}

prepare
run ceph-mon -i a
add_osd
run radosgw -n client.rgw
await_gateway
radosgw-admin "${configuration[@]}" -n client.rgw user create --uid=owner --display-name=owner \
  --access-key="$access_key" --secret-key="$secret_key"

echo ready >&3
cat >/dev/null
