# shellcheck shell=bash
# A registry served from the scenario's store.
# shellcheck disable=SC2154,SC2034 # bindery: from scenario.sh; registry: for the scenarios

# serve ARGUMENT…: serves the store at $listen, else at a port that is free; sets $server and $registry.
serve() {
    rm -f address
    "$bindery" serve --listen "${listen:-127.0.0.1:0}" "$@" >address 2>>server.log &
    server=$!
    at_exit "kill $server 2>/dev/null"
    until [ -s address ]; do
        kill -0 "$server" || fail "the server ended: $(cat server.log)"
        sleep 0.1
    done
    registry=$(sed 's,http://,,' address)
}

# What the server's log has beside the lines of writes.
failures() { grep -v '^bindery: write: ' server.log || true; }
