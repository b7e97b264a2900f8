#!/usr/bin/env bash
# A Kubernetes cluster in Docker to try mount-monitor in.
#
#   scripts/kind.sh check | create | load | deploy | undeploy | redeploy | status | logs | test | delete | help
#
# KIND_CLUSTER (mount-monitor) and KIND_NAMESPACE (mount-monitor-test) are the names; DIST has what `make build` made.
# `test` starts from nothing: it makes the cluster where there is none, and removes it again unless KEEP_CLUSTER=1. It ends
# with 0 (passed), 1 (the pod was not replaced), 2 (no Event), 3 (it could not be set up) or 4 (the cluster could not be
# removed).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cluster=${KIND_CLUSTER:-${KIND_CLUSTER_NAME:-mount-monitor}}
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
help() {
    cat <<'HELP'
Try mount-monitor in a cluster on this machine:

  make kind-create kind-load kind-deploy    a cluster, the image of this tree, the test's pod
  curl localhost:30080/healthz/status       ask it
  make kind-logs                            what it says
  make kind-redeploy                        after a change of the code
  make kind-test                            all of it by itself, with a broken mount (KEEP_CLUSTER=1 keeps the cluster)
  make kind-undeploy, make kind-delete      the pod goes, the cluster goes

Break the mount by hand, and mend it:

  kubectl -n mount-monitor-test exec deploy/mount-monitor-test -c breaker -- rm /mnt/media/.health-check
  kubectl -n mount-monitor-test exec deploy/mount-monitor-test -c breaker -- touch /mnt/media/.health-check

KIND_CLUSTER and KIND_NAMESPACE change the names.
HELP
}
if [ "${1:-}" = help ]; then help && exit 0; fi

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

undeploy() { kubectl --context "kind-$cluster" delete namespace "$namespace" --ignore-not-found; }

# Breaks the pod's mount and waits for the watchdog. Called where errexit is off, so each step says what its failure means.
break_mount() {
    local before after attempt
    before=$(pod_uid)
    [ -n "$before" ] || { echo "kind: no pod runs" >&2 && return 3; }
    echo "breaking the mount of pod $before"
    kube exec "deployment/$deployment" -c breaker -- rm /mnt/media/.health-check || return 3
    after=$before
    for ((attempt = 0; attempt < 120; attempt++)); do
        after=$(pod_uid) || after=$before
        if [ -n "$after" ] && [[ $after != *$before* ]]; then break; fi
        sleep 1
    done
    if [ -z "$after" ] || [[ $after == *$before* ]]; then
        echo "kind: the pod was not replaced within two minutes" >&2
        kube logs "deployment/$deployment" -c mount-monitor || true
        return 1
    fi
    kube get events --field-selector reason=WatchdogRestart -o 'jsonpath={.items[*].message}' |
        grep 'triggering pod restart' || { echo "kind: there is no WatchdogRestart Event" >&2 && return 2; }
    kube rollout status "deployment/$deployment" --timeout=120s || return 1
    echo "the watchdog replaced the pod"
}

run_test() {
    local status=0 made=0
    kind get clusters 2>/dev/null | grep -qx "$cluster" || made=1
    # Each as a process of its own: a function's failures would be passed over here.
    { scripts/kind.sh create && scripts/kind.sh load && scripts/kind.sh deploy; } || status=3
    [ "$status" -ne 0 ] || break_mount || status=$?
    if [ "$made" -eq 1 ] && [ "${KEEP_CLUSTER:-0}" != 1 ]; then
        kind delete cluster --name "$cluster" || { [ "$status" -ne 0 ] || status=4; }
    fi
    return "$status"
}

case "${1:-}" in
    check) ;;
    create | load | deploy | undeploy) "$1" ;;
    redeploy) load && deploy ;;
    status) kube get pods,events -o wide ;;
    logs) kube logs "deployment/$deployment" -c mount-monitor --follow ;;
    test) run_test ;;
    delete) kind delete cluster --name "$cluster" ;;
    *) sed -n '2,/^set/{ /^#/s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
