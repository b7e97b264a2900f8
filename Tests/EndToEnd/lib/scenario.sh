# shellcheck shell=bash
# What every scenario starts with: a directory and a store of its own, and the words to check with.
#
# The first failing command ends a scenario, and so does the first check that doesn't hold.
set -euo pipefail
shopt -s inherit_errexit

E2E_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
E2E_ROOT=$(cd "$E2E_HERE/../.." && pwd)
: "${DIST:=$E2E_ROOT/dist}"
scenario=$(basename "$0" .sh)
: "${E2E_WORK:=$(mktemp -d "${TMPDIR:-/tmp}/bindery-e2e.XXXXXX")}"
here=$E2E_WORK/$scenario
mkdir -p "$here"
cd "$here"

export BINDERY_STORE=$here/store
export NO_COLOR=1 LC_ALL=C.UTF-8
unset VERSION XDG_DATA_HOME
export DOCKER_CONFIG=$here/docker-config

export bindery=$DIST/bindery
export monitor_amd64=$DIST/mount-monitor-linux-amd64

# shellcheck source=engines.sh
source "$E2E_HERE/lib/engines.sh"
# shellcheck source=fixtures.sh
source "$E2E_HERE/lib/fixtures.sh"

cleanups=()
run_cleanups() {
    local index
    for ((index = ${#cleanups[@]} - 1; index >= 0; index--)); do eval "${cleanups[index]}" || true; done
}
trap run_cleanups EXIT

# at_exit COMMAND: runs it when the scenario ends, the last one first.
at_exit() { cleanups+=("$1"); }

# for_others PROGRAM: lets other users reach the scenario's directory, and prints the path of a copy there that they may
# run: an administrator's checkout may stand below a directory that nobody else may enter, such as /root.
for_others() {
    local copy=$here/programs/${1##*/}
    mkdir -p "$here/programs"
    chmod 711 "$E2E_WORK" "$here" "$here/programs"
    cp "$1" "$copy"
    printf '%s\n' "$copy"
}

# step TEXT…: a heading in the log.
step() { printf '\n== %s (at %d s)\n' "$*" "$SECONDS"; }

# fail TEXT…: ends the scenario.
fail() {
    printf 'check failed: %s\n' "$*"
    exit 1
}

# skip REASON…: ends the scenario as skipped; also out of a command substitution.
skip() {
    printf '%s\n' "$*" >&2
    exit 77
}

# expect_status STATUS COMMAND…: runs it, keeps standard output in $output and standard error in $errors.
expect_status() {
    local wanted=$1 status=0
    shift
    printf '$ %s\n' "$*"
    "$@" >"$here/.stdout" 2>"$here/.stderr" || status=$?
    output=$(cat "$here/.stdout")
    errors=$(cat "$here/.stderr")
    # sed reads to the end, unlike head, whose writer SIGPIPE would end.
    printf '%s\n' "$output" | sed -n 1,40p
    printf '%s\n' "$errors" | sed -n 1,40p
    [ "$status" = "$wanted" ] || fail "status $wanted was expected, not $status, of: $*"
}

# run COMMAND…: it must succeed.
run() { expect_status 0 "$@"; }

# expect_equal FOUND WANTED WHAT…
expect_equal() {
    [ "$1" = "$2" ] || fail "${*:3}: '$1' instead of '$2'"
}

# expect_contains TEXT PART
expect_contains() {
    [[ $1 == *"$2"* ]] || fail "'$2' isn't in: $1"
}

# expect_lacks TEXT PART
expect_lacks() {
    [[ $1 != *"$2"* ]] || fail "'$2' is in: $1"
}

# digest_of FILE: sha256:… by OpenSSL, not by us.
digest_of() { openssl dgst -sha256 -r "$1" | sed -E 's/^([0-9a-f]{64}).*/sha256:\1/'; }

# verdict_of IMAGE [ARGUMENT…]: what the audit says, whatever its status.
verdict_of() {
    "$bindery" audit "$@" --json >"$here/.audit" || true
    jq --exit-status --raw-output .verdict "$here/.audit"
}

# put_release NAME VERSION FILE…: files that are called NAME-OS-ARCH.
put_release() {
    local name=$1 version=$2
    shift 2
    run "$bindery" put "$@" --name-pattern '{name}-{os}-{arch}' --name "$name" --version "$version"
}

# release_file NAME >FILE: a Dockerfile.release for a release of one static program.
release_file() {
    cat <<DOCKERFILE
FROM scratch
ARG TARGETARCH
COPY --chmod=755 $1-linux-\${TARGETARCH} /$1
USER 65534
ENTRYPOINT ["/$1"]
DOCKERFILE
}

# change_a_byte FILE: one bit of a byte in its middle, keeping size and mode.
change_a_byte() {
    python3 - "$1" <<'PYTHON'
import os, sys
path = sys.argv[1]
with open(path, "r+b") as file:
    file.seek(os.path.getsize(path) // 2)
    byte = file.read(1)[0]
    file.seek(-1, 1)
    file.write(bytes([byte ^ 1]))
PYTHON
}

# free_port: a port that nobody listens on, and no other scenario of this run gets.
#
# It is below those that the kernel gives to clients, so that none of them takes it meanwhile.
free_port() {
    local ports=$E2E_WORK/ports port
    (
        flock 9
        port=$(tail -n 1 "$ports" 2>/dev/null) || true
        port=${port:-$((10000 + RANDOM % 20000))}
        while ((port++)) && (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; do :; done
        echo "$port" >>"$ports"
        echo "$port"
    ) 9>>"$ports.lock"
}

# require COMMAND…: skips the scenario where one isn't there.
require() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || skip "$command is not installed: run scripts/setup.sh"
    done
}

[ -x "$bindery" ] || fail "there is no $bindery: run 'make build'"
