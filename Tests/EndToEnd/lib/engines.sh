# shellcheck shell=bash
# The container engines of the scenarios: a dockerd of our own on a private socket, and buildah with a private storage.

# storage_driver DIRECTORY: how an engine keeps layers there: overlay, which stacks them, or vfs, which copies all that is
# below for each, where the file system can't be below an overlay.
storage_driver() {
    local probe=$1/overlay-probe driver=vfs
    mkdir -p "$probe"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2>/dev/null; then
        umount "$probe/merged"
        driver=overlay
    fi
    rm -rf "$probe"
    echo "$driver"
}

# unmount_below DIRECTORY: what an engine left mounted there, so that the directory can be removed.
unmount_below() {
    local mounted
    while read -r mounted; do
        umount -l "$mounted" 2>/dev/null || true
    done < <(awk -v below="$1/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r)
}

# start_docker: starts a private dockerd as root, or takes the engine that answers; sets E2E_DOCKER_HOST.
#
# Never touches an engine's other images; the private one listens on a unix socket only.
start_docker() {
    [ -z "${E2E_DOCKER_HOST:-}" ] || return 0
    if [ "$(id -u)" -eq 0 ] && command -v dockerd >/dev/null; then
        # It ends where it can't stack layers.
        start_dockerd overlay2 || start_dockerd vfs && return 0
    fi
    export E2E_DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}
    if docker_answers; then return 0; fi
    unset E2E_DOCKER_HOST
    return 1
}

# start_dockerd DRIVER: starts a private dockerd that keeps layers so; sets E2E_DOCKER_HOST and E2E_DOCKERD_PID.
start_dockerd() {
    local root=$E2E_WORK/dockerd attempt
    mkdir -p "$root"
    dockerd --iptables=false --bridge=none --data-root "$root/data" --exec-root "$root/exec" -p "$root/pid" \
        -H "unix://$root/docker.sock" --storage-driver "$1" >"$root/log" 2>&1 &
    E2E_DOCKERD_PID=$!
    export E2E_DOCKER_HOST=unix://$root/docker.sock
    for ((attempt = 0; attempt < 3000; attempt++)); do
        if docker_answers; then return 0; fi
        kill -0 "$E2E_DOCKERD_PID" 2>/dev/null || break
        sleep 0.1
    done
    echo "dockerd did not start; the end of its log:" >&2
    tail -n 5 "$root/log" >&2
    stop_private_docker
    unset E2E_DOCKER_HOST
    return 1
}

# empty_private_docker: removes all containers, images and caches of the dockerd that start_docker started. Images of all
# scenarios together don't have room on a small disk.
empty_private_docker() {
    [ -n "${E2E_DOCKERD_PID:-}" ] || return 0
    local containers
    mapfile -t containers < <(docker ps --all --quiet)
    [ "${#containers[@]}" -eq 0 ] || docker rm --force --volumes "${containers[@]}" >/dev/null
    docker system prune --all --force --volumes >/dev/null
}

# Stops the dockerd that start_docker started, and waits for it and its containerd to be gone.
stop_private_docker() {
    [ -n "${E2E_DOCKERD_PID:-}" ] || return 0
    kill "$E2E_DOCKERD_PID" 2>/dev/null || true
    wait "$E2E_DOCKERD_PID" 2>/dev/null || true
    E2E_DOCKERD_PID=
    # Its data root and a network namespace.
    unmount_below "$E2E_WORK/dockerd"
}

docker_answers() {
    local client
    client=$(docker_client) && DOCKER_HOST=$E2E_DOCKER_HOST "$client" version >/dev/null 2>&1
}

# The docker client that can build with BuildKit: Debian's has it built in, newer ones need the buildx plug-in.
docker_client() {
    local client
    while read -r client; do
        if DOCKER_BUILDKIT=1 "$client" build --help 2>&1 | grep -q -- --platform; then
            echo "$client"
            return 0
        fi
    done < <(type -ap docker)
    return 1
}

# docker ARGUMENT…: the client, on the engine of the scenarios, building with BuildKit.
docker() {
    DOCKER_HOST=$E2E_DOCKER_HOST DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain "$(docker_client)" "$@"
}

# require_docker: skips the scenario where no engine can be had.
require_docker() {
    local by_me=${E2E_DOCKER_HOST:-}
    start_docker || skip "no Docker engine: as root with dockerd installed, or with one that answers"
    [ -n "$by_me" ] || at_exit stop_private_docker
    export DOCKER_HOST=$E2E_DOCKER_HOST
}

# require_buildah: skips where it isn't installed; its storage is the scenario's own.
require_buildah() {
    require buildah
    # shellcheck disable=SC2154 # the scenario's directory
    mkdir -p "$here/buildah"
    at_exit "unmount_below '$here/buildah'"
    cat >"$here/buildah/storage.conf" <<CONFIG
[storage]
driver = "$(storage_driver "$here/buildah")"
graphroot = "$here/buildah/graph"
runroot = "$here/buildah/run"
CONFIG
    export CONTAINERS_STORAGE_CONF=$here/buildah/storage.conf
    export BUILDAH_ISOLATION=chroot
    echo '{}' >"$here/buildah/auth.json"
    export REGISTRY_AUTH_FILE=$here/buildah/auth.json
    echo '{"default":[{"type":"insecureAcceptAnything"}]}' >"$here/buildah/policy.json"
    export BUILDAH_SIGNATURE_POLICY=$here/buildah/policy.json
}

# buildah_build TAG PLATFORM CONTEXT [ARGUMENT…]
buildah_build() {
    local tag=$1 platform=$2 context=$3
    shift 3
    buildah bud --signature-policy "$BUILDAH_SIGNATURE_POLICY" --platform "$platform" --format oci -t "$tag" "$@" "$context"
}

# buildah_push TAG DESTINATION
buildah_push() { buildah push --signature-policy "$BUILDAH_SIGNATURE_POLICY" "$1" "$2"; }

# start_containerd: one of our own for this scenario; sets the command $ctr.
start_containerd() {
    require containerd ctr
    # shellcheck disable=SC2154 # the scenario's directory
    local root=$here/containerd attempt
    mkdir -p "$root"
    cat >"$root/config.toml" <<CONFIG
version = 2
root = "$root/root"
state = "$root/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$root/socket"
[ttrpc]
  address = "$root/socket.ttrpc"
CONFIG
    containerd -c "$root/config.toml" >"$root/log" 2>&1 &
    at_exit "kill $!; wait $!"
    ctr=(ctr -a "$root/socket" -n bindery-e2e)
    for ((attempt = 0; attempt < 3000; attempt++)); do
        if "${ctr[@]}" version >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    fail "containerd does not start: $(tail -n 3 "$root/log")"
}

# start_registry [LINE]…: Debian's docker-registry on a free port of this machine for this scenario; sets $registry to its
# host. LINEs are added to its configuration, below `http:` first.
start_registry() {
    require docker-registry
    local port
    port=$(free_port)
    # shellcheck disable=SC2154 # the scenario's directory
    cat >"$here/registry.yml" <<CONFIG
version: 0.1
log: {level: error}
storage:
  filesystem: {rootdirectory: $here/registry}
http:
  addr: 127.0.0.1:$port
CONFIG
    printf '%s\n' "$@" >>"$here/registry.yml"
    # Variables that begin so are settings to it.
    env -u REGISTRY_AUTH_FILE docker-registry serve "$here/registry.yml" >"$here/registry.log" 2>&1 &
    at_exit "kill $!"
    export registry=127.0.0.1:$port
    local attempt
    for ((attempt = 0; attempt < 3000; attempt++)); do
        if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    fail "docker-registry does not start: $(tail -n 3 "$here/registry.log")"
}
