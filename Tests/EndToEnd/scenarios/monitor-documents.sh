#!/usr/bin/env bash
# Documentation, JSON Schema, manifests and program agree: examples, keys, flags, metrics.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require curl jq python3
python_tools jsonschema pyyaml

run python3 "$monitor_peers/check_documents.py" "$E2E_ROOT" "$monitor"

step "metrics"
mkdir -p mount && touch mount/.health-check
write_config '{"mounts": [{"name": "films", "path": "'"$here/mount"'"}]}'
start_monitor
await "the mount is healthy" is_status films healthy
served=$(curl -s "http://127.0.0.1:$port/metrics" | awk '/^# TYPE/ { print $3 }' | sort)
# shellcheck disable=SC2016 # backquotes of the page
documented=$(sed -nE 's/^\| `(mount_monitor_[a-z_]+)`.*/\1/p' "$E2E_ROOT/docs/mount-monitor.md" | sort)
expect_equal "$documented" "$served" "the documented metrics"
stop_monitor

step "links between the pages lead somewhere"
for page in docs/mount-monitor.md docs/mount-monitor-troubleshooting.md deploy/README.md; do
    while read -r target; do
        [ -z "$target" ] || [ -e "$E2E_ROOT/$(dirname "$page")/$target" ] || fail "$page links to $target, which is not there"
    done < <(grep -oE '\]\([^)]+' "$E2E_ROOT/$page" | cut -c3- | grep -v '^https:' | sed 's/#.*//')
done
