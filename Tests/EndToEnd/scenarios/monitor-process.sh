#!/usr/bin/env bash
# Signals, logs, reloading, statuses: the sidecar as a process.
# Waits: for checks and signals
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require curl jq python3

mkdir -p a b
touch a/.health-check b/.health-check
mounts() { printf '{"name": "%s", "path": "%s"}' "$1" "$here/$1"; }

step "statuses of the command line"
run "$monitor" --version
expect_status 2 "$monitor" --no-such-flag
expect_status 1 "$monitor" -c none.json
expect_contains "$errors" "configuration error: none.json: config file not found"
echo '{"mounts": [{"path": ""}], "httpPort": 70000, "chekInterval": "1s"}' >bad.json
expect_status 1 "$monitor" -c bad.json --check-config
expect_equal "$(wc -l <.stderr)" 3 "the problems that are reported at once"
expect_contains "$errors" "did you mean checkInterval?"
write_config '{"mounts": ['"$(mounts a)"']}'
run "$monitor" --check-config
expect_contains "$output" "config.json: valid"
chmod 666 config.json
run "$monitor" -c config.json --check-config
expect_contains "$errors" "world-writable"
chmod 644 config.json

step "levels and streams"
monitor_flags=(--log-level debug)
start_monitor
monitor_flags=()
await "the mount is healthy" is_status a healthy
status_code /healthz/ready >/dev/null
probe_is_logged() { jq -e -s 'any(.msg == "probe request" and .level == "DEBUG" and .status == 200)' monitor.out >/dev/null; }
await "the probe is logged" probe_is_logged
rm a/.health-check
# In the log, since the mount is degraded for a second only.
degraded() { grep -q '"status":"degraded"' monitor.err; }
await "the mount is degraded" degraded
jq -e -s 'all(.level == "DEBUG" or .level == "INFO")' monitor.out >/dev/null || fail "warnings on standard output"
jq -e -s 'length > 0 and all(.level == "WARN" or .level == "ERROR")' monitor.err >/dev/null || fail "standard error"
jq -e -s 'any(.msg == "health check failed" and .name == "a" and .success == false and .status == "degraded"
    and .failure_count == 1 and (.error | contains("no such file")) and (.duration | test("^[0-9.]+(µs|ms)$")))' monitor.err \
    >/dev/null || fail "the fields of a failed check: $(cat monitor.err)"
touch a/.health-check

step "what holds is logged at the start"
jq -e -s 'any(.msg == "starting mount monitor" and .check_interval == "1s" and .read_timeout == "200ms" and .failure_threshold == 2)
    and any(.msg == "mount registered" and .name == "a" and .check_type == "canary")
    and any(.msg == "configuration loaded" and (.source | endswith("config.json")))' monitor.out >/dev/null ||
    fail "the effective configuration: $(cat monitor.out)"

step "--probe asks the one that runs"
await "the mount is healthy" is_status a healthy
await "a probe says so" "$monitor" --probe ready -c config.json >output.json
output=$(cat output.json)
expect_contains "$output" '"status":"healthy"'
await "a probe says so" "$monitor" --probe live --http-port "$port"
mv a/.health-check a/gone
await "the mount is unhealthy" is_status a unhealthy
expect_status 1 "$monitor" --probe ready -c config.json
expect_status 1 "$monitor" --probe live --http-port "$port"
mv a/gone a/.health-check
await "the mount is healthy" is_status a healthy
expect_status 1 "$monitor" --probe live --http-port "$(free_port)"
expect_contains "$errors" "connection refused"
expect_status 2 "$monitor" --probe dead
# Its last sixteen bits are the port of the one that runs.
expect_status 1 "$monitor" --probe live --http-port "$((port + 65536))"

step "an unknown key is a warning, and an error where it is to be strict"
write_config '{"mounts": ['"$(mounts a)"'], "chekInterval": "1s"}'
expect_status 1 "$monitor" -c config.json --check-config
expect_contains "$errors" "did you mean checkInterval?"
expect_status 1 "$monitor" -c config.json --strict-config
# The one that runs has read it by itself.
metrics_have() { [[ $'\n'$(curl -s "http://127.0.0.1:$port/metrics")$'\n' == *$'\n'"$1"$'\n'* ]]; }
warned() { metrics_have 'mount_monitor_configuration_warnings 1'; }
await "the changed file was read" warned
expect_contains "$(curl -s "http://127.0.0.1:$port/healthz/status")" "did you mean checkInterval?"
expect_lacks "$(curl -s "http://127.0.0.1:$port/healthz/live")" chekInterval
jq -e -s 'any(.msg == "configuration warning" and .key == "chekInterval")' monitor.err >/dev/null || fail "no line: $(cat monitor.err)"
echo '{' >config.json
stays() { metrics_have 'mount_monitor_configuration_last_reload_successful 0'; }
await "a bad file is told of" stays
expect_equal "$(status_code /healthz/ready)" 200 "ready, with the old configuration"

step "SIGHUP reads the configuration again"
has_b() { [ "$(mount_status b)" = healthy ]; }
write_config '{"mounts": ['"$(mounts a)"', '"$(mounts b)"']}'
kill -HUP "$monitor_pid"
await "the new mount is watched" has_b
echo '{"mounts": []}' >config.json
kill -HUP "$monitor_pid"
not_reloaded() { grep -q 'not reloaded' monitor.err; }
await "a configuration that is wrong is refused" not_reloaded
jq -e -s 'map(select(.msg | startswith("configuration not reloaded"))) | length > 0 and all(.source | endswith("config.json"))' \
    monitor.err >/dev/null || fail "it doesn't name the file: $(cat monitor.err)"
has_b || fail "the old configuration did not stay"
old=$port
port=
write_config '{"mounts": ['"$(mounts b)"']}'
kill -HUP "$monitor_pid"
await "it answers on the new port" answers
old_is_silent() { ! curl -s -o /dev/null "http://127.0.0.1:$old/version"; }
await "nobody answers on the old port" old_is_silent
expect_equal "$(mount_status b)" healthy "a mount that stays keeps its state"

step "with reload off, a changed file waits for SIGHUP"
reloads() { grep -c '"configuration reloaded"' monitor.out || true; }
before=$(reloads)
write_config '{"mounts": ['"$(mounts b)"'], "reload": false}'
kill -HUP "$monitor_pid"
is_reloaded() { [ "$(reloads)" -gt "$before" ]; }
await "the file was read" is_reloaded
write_config '{"mounts": ['"$(mounts a)"', '"$(mounts b)"'], "reload": false}'
sleep 3
expect_equal "$(mount_status a)" "" "the mount of the changed file"
kill -HUP "$monitor_pid"
await "the new mount is watched" is_status a healthy

step "a port that is taken"
second_out=0
"$monitor" -c config.json >/dev/null 2>second.err || second_out=$?
expect_equal "$second_out" 1 "the status of a second one on the same port"
expect_contains "$(cat second.err)" "bind: address already in use"

expect_contains "$(cat second.err)" '"msg":"http server error"'

step "SIGTERM, SIGINT"
stop_monitor
expect_equal "$(jq -r .msg monitor.out | tail -n 3)" "received shutdown signal
monitor shutting down
shutdown complete" "the last lines"
start_monitor
# The file said at the start that it is not to be followed.
write_config '{"mounts": ['"$(mounts b)"'], "reload": false}'
sleep 3
expect_equal "$(mount_status a)" healthy "the mount that the changed file does not name"
kill -INT "$monitor_pid"
await "it ended" has_ended "$monitor_pid"
wait "$monitor_pid"

step "metrics can be read by Prometheus' own parser"
start_monitor
await "the mount is healthy" is_status b healthy
python_tools prometheus-client
curl -s "http://127.0.0.1:$port/metrics" >metrics.txt
python3 - <<'PYTHON'
from prometheus_client.parser import text_string_to_metric_families
families = {family.name: family for family in text_string_to_metric_families(open("metrics.txt").read())}
assert len(families) == 13, families.keys()
assert families["mount_monitor_check_duration_seconds"].type == "histogram"
assert families["mount_monitor_check_failures"].type == "counter"
PYTHON

step "memory"
kib=$(resident_kib)
echo "resident: $kib KiB"
[ "$kib" -lt 15360 ] || fail "it has $kib KiB resident; under 15 MB was promised"
stop_monitor
