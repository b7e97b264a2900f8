#!/usr/bin/env bash
# What bash offers behind a tab: releases, images, transports, codes; and the hidden call writes nothing, also where there
# is no store.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

printf '#!/bin/sh\necho agent\n' >agent
for version in 1.2.3 1.3.0; do
    run "$bindery" put agent --name agent --version "$version" --platform linux/amd64
done
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.release
run "$bindery" build agent@1.2.3 -t registry.example/agent:1.2.3
mkdir bin
ln -s "$bindery" bin/bindery
export PATH=$here/bin:$PATH
run "$bindery" --generate-completion-script bash
printf '%s\n' "$output" >completion.bash

# offered WORD…: what bash offers for the last word.
offered() {
    (
        # shellcheck source=/dev/null
        source completion.bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_TYPE=9
        COMP_POINT=${#COMP_LINE}
        _bindery bindery "${!#}" "${@:$#-1:1}" >&2 || true
        printf '%s\n' "${COMPREPLY[@]%% }" | sort | tr '\n' ' '
    )
}

events=$("$bindery" log --json | openssl dgst -sha256)
expect_equal "$(offered bindery get age)" "agent@1.2.3 agent@1.3.0 " "releases"
expect_equal "$(offered bindery tag reg)" "registry.example/agent:1.2.3 " "images"
expect_equal "$(offered bindery explain BND06)" "$("$bindery" explain | grep -o 'BND06[0-9]' | sort -u | tr '\n' ' ')" "codes"
expect_contains "$(offered bindery audit oci)" "oci-archive:"
expect_contains "$(offered bindery audit reg)" "registry.example/agent:1.2.3"
expect_contains "$(offered bindery get agent@1.2.3 --platform linux/arm6)" linux/arm64
expect_equal "$("$bindery" log --json | openssl dgst -sha256)" "$events" "the log after completions"
export BINDERY_STORE=$here/none
expect_equal "$(offered bindery get age)" " " "what is offered without a store"
[ ! -e none ] || fail "a completion made a store"
