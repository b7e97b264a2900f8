#!/usr/bin/env bash
# A Kubernetes cluster in Docker to try mount-monitor in.
#
#   scripts/kind.sh check | create | load | deploy | redeploy | status | logs | test | delete
#
# KIND_CLUSTER (mount-monitor) and KIND_NAMESPACE (mount-monitor-test) are the names; DIST has what `make build` made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cluster=${KIND_CLUSTER:-mount-monitor}
namespace=${KIND_NAMESPACE:-mount-monitor-test}
dist=${DIST:-dist}
image=mount-monitor:kind
deployment=mount-monitor-test

need() {
    command -v "$1" >/dev/null && return 0
    {
        echo "kind: $1 is not installed. $2"
        echo "kind: the other checks don't need it: make test"
    } >&2
    exit 1
}
need kind "See https://kind.sigs.k8s.io/docs/user/quick-start/#installation"
need kubectl "See https://kubernetes.io/docs/tasks/tools/"
need docker "kind runs its nodes in Docker containers."

kube() { kubectl --context "kind-$cluster" -n "$namespace" "$@"; }
pod_uid() { kube get pods -l "app.kubernetes.io/name=$deployment" -o 'jsonpath={.items[?(@.status.phase=="Running")].metadata.uid}'; }

create() {
    if kind get clusters | grep -qx "$cluster"; then
        echo "the cluster $cluster is there already"
    else
        kind create cluster --name "$cluster" --config deploy/kind/cluster.yaml --wait 120s
    fi
}

# The image holds the stored bytes, as a release's does.
load() {
    local version work
    version=$("$dist/mount-monitor-linux-$(arch_name)" --version)
    version=${version##* }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' RETURN
    BINDERY_STORE=$work/store "$dist/bindery" put "$dist/mount-monitor-linux-$(arch_name)" \
        --name mount-monitor --version "$version"
    BINDERY_STORE=$work/store "$dist/bindery" context "mount-monitor@$version" -f Dockerfile.release -o "$work/context"
    DOCKER_BUILDKIT=1 docker build -t "$image" "$work/context"
    kind load docker-image --name "$cluster" "$image"
}

arch_name() {
    case "$(uname -m)" in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) uname -m ;;
    esac
}

deploy() {
    kubectl --context "kind-$cluster" create namespace "$namespace" --dry-run=client -o yaml |
        kubectl --context "kind-$cluster" apply -f -
    kube apply -f deploy/kubernetes/rbac.yaml -f deploy/kind/pod.yaml
    kube rollout restart "deployment/$deployment"
    kube rollout status "deployment/$deployment" --timeout=120s
}

run_test() {
    local before after attempt
    before=$(pod_uid)
    [ -n "$before" ] || { echo "kind: no pod runs; make kind-deploy first" >&2 && exit 1; }
    echo "breaking the mount of pod $before"
    kube exec "deployment/$deployment" -c breaker -- rm /mnt/media/.health-check
    for ((attempt = 0; attempt < 90; attempt++)); do
        after=$(pod_uid)
        if [ -n "$after" ] && [[ $after != *$before* ]]; then break; fi
        sleep 1
    done
    [[ $after != *$before* ]] || { echo "kind: the pod was not replaced within 90 s" >&2 && kube logs "deployment/$deployment" -c mount-monitor && exit 1; }
    kube get events --field-selector reason=WatchdogRestart -o 'jsonpath={.items[*].message}' | grep 'triggering pod restart'
    kube rollout status "deployment/$deployment" --timeout=120s
    echo "the watchdog replaced the pod"
}

case "${1:-}" in
    check) ;;
    create | load | deploy) "$1" ;;
    redeploy) load && deploy ;;
    status) kube get pods,events -o wide ;;
    logs) kube logs "deployment/$deployment" -c mount-monitor --follow ;;
    test) run_test ;;
    delete) kind delete cluster --name "$cluster" ;;
    *) sed -n '2,/^set/{ /^#/s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
