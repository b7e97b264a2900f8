#!/usr/bin/env bash
# The manifests are valid by Kubernetes' own schema, kustomize takes them, and the image with a shell can be built.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require python3
python_tools kubernetes-validate

step "Kubernetes' schema"
for file in "$E2E_ROOT"/deploy/kubernetes/{config,rbac,deployment}.yaml "$E2E_ROOT/deploy/kind/pod.yaml"; do
    run python3 -m kubernetes_validate --strict "$file"
done
sed 's/containerPort: 8080/containerPort: "eighty"/' "$E2E_ROOT/deploy/kubernetes/deployment.yaml" >broken.yaml
expect_status 1 python3 -m kubernetes_validate --strict broken.yaml

if command -v kubectl >/dev/null; then
    step "kustomize"
    run kubectl kustomize "$E2E_ROOT/deploy/kubernetes"
    expect_contains "$output" "image: ghcr.io/example/mount-monitor:v1.0.0"
fi

step "the image with a shell"
require_docker
require busybox
mkdir -p base/bin image
cp "$(command -v busybox)" base/bin/busybox
ln -s busybox base/bin/sh
ln -s busybox base/bin/ls
tar -C base -c . | docker import - bindery-e2e/busybox >/dev/null
at_exit "docker rmi -f bindery-e2e/busybox >/dev/null"
cp "$E2E_ROOT/Dockerfile.debug" image/Dockerfile
cp "$monitor" image/
docker build -q --build-arg BUSYBOX_IMAGE=bindery-e2e/busybox -t bindery-e2e/debug image
at_exit "docker rmi -f bindery-e2e/debug >/dev/null"
run docker run --rm --network none bindery-e2e/debug --version
run docker run --rm --network none --entrypoint /bin/sh bindery-e2e/debug -c 'ls -l /mount-monitor'
expect_contains "$output" -rwxr-xr-x

step "make kind-… says what is missing"
if ! command -v kind >/dev/null; then
    expect_status 1 "$E2E_ROOT/scripts/kind.sh" create
    expect_contains "$errors" "kind is not installed"
fi
