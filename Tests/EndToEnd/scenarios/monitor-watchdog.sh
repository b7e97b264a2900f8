#!/usr/bin/env bash
# The watchdog from inside the release image: a TLS handshake with the cluster's CA file only, an access review, and the
# pod's deletion when a mount stays unhealthy, also after an outage.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3 openssl
require_docker
monitor_image

pod=/api/v1/namespaces/media/pods/plex-0
mkdir -p account mount
chmod 755 "$here" account mount
bash "$monitor_peers/certificates.sh" account IP:127.0.0.1,DNS:kubernetes.default.svc >certificates.log 2>&1
echo token-1 >account/token
echo media >account/namespace
touch account/requests.jsonl mount/.health-check
# answers DELETION: what the API server says to the pod's deletion.
api_answers() {
    jq -n --arg pod "$pod" --argjson deletion "$1" '{
        "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
            {status: 201, body: ({status: {allowed: true}} | tojson)},
        ("GET " + $pod): {status: 200, body: ({metadata: {uid: "u1"}} | tojson)},
        "POST /api/v1/namespaces/media/events": {status: 201},
        ("DELETE " + $pod): $deletion}' >account/answers.json
}
api_answers '{"status": 200, "body": "{\"kind\": \"Pod\"}"}'
python3 "$monitor_peers/api_server.py" account 127.0.0.1 >api.port &
api_pid=$!
at_exit "kill $api_pid"
has_port() { [ -s api.port ]; }
await "the API server is up" has_port

write_config '{"mounts": [{"name": "films", "path": "/mnt/films"}], "watchdog": {"enabled": true, "restartDelay": "500ms"}}'
run_container() {
    container=$(docker run -d --network host \
        -e KUBERNETES_SERVICE_HOST=127.0.0.1 -e KUBERNETES_SERVICE_PORT="$(cat api.port)" \
        -e POD_NAME=plex-0 -e POD_NAMESPACE=media \
        -v "$here/config.json:/config.json:ro" -v "$here/mount:/mnt/films:ro" \
        -v "$here/account:/var/run/secrets/kubernetes.io/serviceaccount:ro" "$image")
    at_exit "docker rm -f $container >/dev/null 2>&1"
    await "the container answers" answers
    await "the watchdog is armed" watchdog_is armed
}
watchdog_is() { [[ $(curl -s "http://127.0.0.1:$port/metrics") == *"watchdog_state{state=\"$1\"} 1"* ]]; }
requests() { jq -r '.method + " " + .path' account/requests.jsonl; }

step "the pod is deleted"
run_container
mv mount/.health-check mount/gone
await "it is triggered" watchdog_is triggered
deleted() { [[ $(requests) == *DELETE* ]]; }
await "the API server was asked" deleted
expect_equal "$(requests)" "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews
GET $pod
GET $pod
POST /api/v1/namespaces/media/events
DELETE $pod" "the requests"
expect_equal "$(jq -r .token account/requests.jsonl | sort -u)" token-1 "the token"
docker stop --time 300 "$container" >/dev/null
expect_equal "$(docker inspect --format '{{.State.ExitCode}}' "$container")" 0 "the exit status"

step "a mount that recovers in time saves the pod"
mv mount/gone mount/.health-check
: >account/requests.jsonl
write_config '{"mounts": [{"name": "films", "path": "/mnt/films"}], "watchdog": {"enabled": true, "restartDelay": "20m"}}'
run_container
mv mount/.health-check mount/gone
await "a restart is pending" watchdog_is pending_restart
mv mount/gone mount/.health-check
await "the watchdog is armed again" watchdog_is armed
expect_lacks "$(requests)" DELETE
docker rm -f "$container" >/dev/null

step "a deletion that fails is repeated, and works once it can"
: >account/requests.jsonl
api_answers '{"status": 500}'
write_config '{"mounts": [{"name": "films", "path": "/mnt/films"}], "watchdog": {"enabled": true}}'
run_container
mv mount/.health-check mount/gone
tried() { [ "$(requests | grep -c DELETE)" -gt 4 ]; }
await "it was tried more often than maxRetries says" tried
expect_equal "$(docker inspect --format '{{.State.Status}}' "$container")" running "the container"
api_answers '{"status": 200, "body": "{\"kind\": \"Pod\"}"}'
done_so() { [[ $(docker logs "$container" 2>&1) == *'pod deletion successful'* ]]; }
await "the pod is deleted" done_so
docker rm -f "$container" >/dev/null
