#!/usr/bin/env bash
# An option that has no effect is an error or a warning; of several outputs the ones that were written are named when one
# fails; a terminal gets no file's bytes.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

printf '#!/bin/sh\necho agent\n' >agent
run "$bindery" put agent --name agent --version 1 --platform linux/amd64
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.release

step "options for registries without a registry"
run "$bindery" build agent@1 -t agent:1 -o oci:out:1 --insecure
expect_contains "$errors" "warning: --insecure has no effect"
run "$bindery" copy agent:1 oci:copy:1 --tls-ca agent
expect_contains "$errors" "warning: --tls-ca has no effect"
run "$bindery" copy agent:1 oci:quiet:1 --insecure --quiet
expect_equal "$errors" "" "what --quiet leaves"
expect_status 6 "$bindery" audit "docker://127.0.0.1:$(free_port)/agent:1" --insecure
expect_lacks "$errors" "has no effect"

step "of several outputs"
touch taken
expect_status 3 "$bindery" build agent@1 -t agent:2 -o oci-archive:first.oci -o oci:taken/out:1 -o docker-archive:third.tar
expect_contains "$errors" "oci:taken/out:1 wasn't written; the image is in the store as sha256:"
expect_contains "$errors" "was written to oci-archive:first.oci"
[ -s first.oci ] || fail "the first output isn't there"
[ ! -e third.tar ] || fail "the third output was written, too"

step "a terminal gets no bytes"
status=0
python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$bindery" get agent@1 -o - >terminal.txt || status=$?
expect_equal "$status" 2 "the status of get at a terminal"
expect_contains "$(cat terminal.txt)" "standard output is a terminal"
run "$bindery" get agent@1 -o -
expect_contains "$output" "echo agent"

step "options of show"
run "$bindery" show agent:1 --platform linux/amd64
expect_contains "$errors" "--platform has no effect"
