#!/usr/bin/env bash
# Runs an earlier program on the store of this one, and this one on the store of an earlier one, also read-only.
#
#   scripts/old-program.sh COMMIT      builds the program of that commit; OLD_BINDERY=FILE takes one that is built
#
# docs/store-format.md says which program may read which store. For each store the reading commands of its own program
# are compared with those of the other one, on a copy and on a read-only mount (which takes root). Each must give the
# same answer, or refuse and say that a newer program made the store; a crash, other bytes or a changed index is a
# failure. Those that write where they can (an audit is recorded, a dry run of a collection is taken back) may migrate
# the copy. The new program is dist/bindery, or BINDERY. Prints a line for each command; status 1 if one is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -eq 1 ] || { echo "usage: scripts/old-program.sh COMMIT" >&2 && exit 2; }
commit=$(git rev-parse --verify --quiet "$1^{commit}") || { echo "old-program: there is no commit $1 here" >&2 && exit 2; }
new=$(realpath "${BINDERY:-dist/bindery}")
work=$(mktemp -d)
tree=
finish() {
    [ -z "$tree" ] || git worktree remove --force "$tree" || true
    rm -rf "$work"
}
trap finish EXIT

if [ -n "${OLD_BINDERY:-}" ]; then
    old=$(realpath "$OLD_BINDERY")
else
    tree=$work/tree
    git worktree add --quiet --detach "$tree" "$commit"
    echo "building the program of $(git log -1 --format='%h (%s)' "$commit")"
    "$tree/scripts/build.sh" --scratch "$work/scratch" --into "$work/dist" bindery >"$work/build.log" 2>&1 || {
        tail -n 40 "$work/build.log"
        exit 1
    }
    old=$work/dist/bindery
fi

mkdir "$work/in"
cp /bin/true "$work/in/agent"
cp /bin/false "$work/in/helper"
printf 'FROM scratch\nCOPY agent /bin/agent\nENTRYPOINT ["/bin/agent"]\n' >"$work/in/Dockerfile.release"
digest=sha256:$(sha256sum "$work/in/agent" | cut -d' ' -f1)

# fill PROGRAM STORE: a store with what most have: releases, a removed one, a pin, an image, an audit.
fill() {
    export BINDERY_STORE=$2
    "$1" put "$work/in/agent" --name agent --version 1.2.3 --platform linux/amd64
    "$1" put "$work/in/helper" --name helper --version 2 --platform linux/amd64
    "$1" put "$work/in/helper" --name gone --version 1 --platform linux/amd64
    "$1" rm gone@1 --reason test
    "$1" pin add agent@1.2.3 --reason test || "$1" pin agent@1.2.3 --reason test
    "$1" build agent@1.2.3 -f "$work/in/Dockerfile.release" -t agent:1.2.3
    "$1" audit agent:1.2.3
}

readings=(
    "ls --json" "show agent@1.2.3 --json" "images --json" "audits --json" "log --json" "where $digest --json"
    "get agent@1.2.3 --platform linux/amd64 -o -" "verify" "audit agent:1.2.3" "audit agent:1.2.3 --json"
    "export agent@1.2.3 -o -" "gc --dry-run"
)

# migrations STORE: those that ran on its index.
migrations() {
    python3 - "$1/bindery.db" <<'PYTHON'
import sqlite3, sys
index = sqlite3.connect(f"file:{sys.argv[1]}?immutable=1", uri=True)
print(",".join(sorted(name.split()[0] for (name,) in index.execute("SELECT identifier FROM grdb_migrations"))))
PYTHON
}

# run PROGRAM STORE MODE COMMAND…: the command's answer in $work/out and $work/err; prints its status.
run() {
    local program=$1 store=$2 mode=$3 status=0
    shift 3
    if [ "$mode" = "read-only" ]; then
        # shellcheck disable=SC2016 # the inner shell expands it
        BINDERY_STORE=$store unshare -m bash -c \
            'mount --bind "$BINDERY_STORE" "$BINDERY_STORE" && mount -o remount,bind,ro "$BINDERY_STORE" && exec "$@"' _ \
            "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    else
        BINDERY_STORE=$store "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    fi
    echo "$status"
}

failures=0
# compare STORE OWN OTHER WHAT: the readings of the other program on copies of a store, against its own program's.
compare() {
    local store=$1 own=$2 other=$3 what=$4 mode command status expected said words
    for mode in writable read-only; do
        for command in "${readings[@]}"; do
            rm -rf "$work/copy" && cp -a "$store" "$work/copy"
            read -ra words <<<"$command"
            expected=$(run "$own" "$work/copy" writable "${words[@]}")
            cp "$work/out" "$work/expected"
            rm -rf "$work/copy" && cp -a "$store" "$work/copy"
            status=$(run "$other" "$work/copy" "$mode" "${words[@]}")
            said=same
            if [ "$status" -ge 128 ] || grep -qE 'Fatal error|Optional\(' "$work/err"; then
                said="FAILS: $(tail -n 1 "$work/err")"
            elif [ "$(migrations "$work/copy")" != "$(migrations "$store")" ]; then
                said="$([ "$status" = "$expected" ] && echo "same") migrated"
                [[ $command = audit\ * || $command = gc* ]] || said="FAILS: it changed the index"
            elif [ "$status" != "$expected" ]; then
                said="status $status, not $expected: $(head -n 1 "$work/err")"
                grep -q 'a newer Bindery made it' "$work/err" || said="FAILS: $said"
            elif ! cmp -s "$work/out" "$work/expected"; then
                said="other words or members"
                case $command in get*) said="FAILS: other bytes" ;; esac
            fi
            case $said in FAILS*) failures=$((failures + 1)) ;; esac
            printf '%-32s %-10s %-44s %s\n' "$what" "$mode" "${command:0:44}" "$said"
        done
    done
}

# write PROGRAM STORE WHAT: a put into a copy, which is done, or refused because a newer program made the store.
write() {
    local status said
    rm -rf "$work/copy" && cp -a "$2" "$work/copy"
    status=$(run "$1" "$work/copy" writable put "$work/in/agent" --name agent --version 3 --platform linux/amd64)
    said="status $status: $(tail -n 1 "$work/err")"
    if [ "$status" -ge 128 ] || { [ "$status" -ne 0 ] && ! grep -q 'a newer Bindery made it' "$work/err"; }; then
        said="FAILS: $said"
        failures=$((failures + 1))
    fi
    printf '%-32s %-10s %-44s %s\n' "$3" writable put "$said"
}

fill "$old" "$work/old-store" >"$work/fill.log" 2>&1 || { cat "$work/fill.log" && exit 1; }
fill "$new" "$work/new-store" >"$work/fill.log" 2>&1 || { cat "$work/fill.log" && exit 1; }
echo "migrations of the old program: $(migrations "$work/old-store")"
echo "migrations of the new program: $(migrations "$work/new-store")"
compare "$work/old-store" "$old" "$new" "new program, old store"
compare "$work/new-store" "$new" "$old" "old program, new store"
write "$old" "$work/new-store" "old program, new store"
write "$new" "$work/old-store" "new program, old store"
mv "$work/copy" "$work/migrated"
compare "$work/migrated" "$new" "$old" "old program, migrated store"
[ "$failures" -eq 0 ] || { echo "$failures of these are wrong" && exit 1; }
