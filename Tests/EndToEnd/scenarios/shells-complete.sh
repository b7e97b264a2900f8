#!/usr/bin/env bash
# What bash, zsh and fish do at a tab: commands, options, releases, images, transports, values; and the hidden call writes
# nothing, also where there is no store.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3 zsh fish

printf '#!/bin/sh\necho agent\n' >agent
for version in 1.2.3 1.3.0; do
    run "$bindery" put agent --name agent --version "$version" --platform linux/amd64
done
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.release
run "$bindery" build agent@1.2.3 -t registry.example/agent:1.2.3
events=$("$bindery" log --json | openssl dgst -sha256)

# A program of that name that shows what it is called with, and leaves completions to the real one.
mkdir bin
cat >bin/bindery <<STUB
#!/bin/sh
case "\$1" in ---completion) exec "$bindery" "\$@" ;; esac
echo "CALLED \$* DONE"
STUB
chmod +x bin/bindery
export PATH=$here/bin:$PATH HOME=$here
for shell in bash zsh fish; do "$bindery" --generate-completion-script "$shell" >"completion.$shell"; done
cp completion.zsh _bindery

# typed|arguments: a tab is pressed behind what is typed.
cat >cases <<'CASES'
bindery ident|identify
bindery get agent@1.2|get agent@1.2.3
bindery seal agent@1.3|seal agent@1.3.0
bindery tag reg|tag registry.example/agent:1.2.3
bindery audit registry.example/agent:1|audit registry.example/agent:1.2.3
bindery audit oci-a|audit oci-archive:
bindery copy registry.example/agent:1.2.3 oci-a|copy registry.example/agent:1.2.3 oci-archive:
bindery get agent@1.2.3 --platform linux/arm6|get agent@1.2.3 --platform linux/arm64
bindery put agent --kind ch|put agent --kind checksums
bindery put --unp|put --unpack
bindery get agent@1.2.3 --platform=linux/arm6|get agent@1.2.3 --platform=linux/arm64
bindery audit oci:x --base=registry.example/agent:1|audit oci:x --base=registry.example/agent:1.2.3
bindery put agent --kind=ch|put agent --kind=checksums
bindery init --journal roll|init --journal rollback
bindery build agent@1.2.3 -o oci-a|build agent@1.2.3 -o oci-archive:
bindery --js|--json
bindery --quiet ident|--quiet identify
bindery --store store get agent@1.2|--store store get agent@1.2.3
bindery --store=store get agent@1.2|--store=store get agent@1.2.3
bindery --json --store other get agent@2|--json --store other get agent@2.0.0
bindery get --store=other agent@2|get --store=other agent@2.0.0
bindery --store store get agent@1.2.3 --platform linux/arm6|--store store get agent@1.2.3 --platform linux/arm64
CASES
run "$bindery" put agent --name agent --version 2.0.0 --platform linux/amd64 --store other
for shell in bash zsh fish; do
    step "$shell"
    run python3 "$E2E_HERE/lib/shells.py" "$shell" cases
done
expect_equal "$("$bindery" log --json | openssl dgst -sha256)" "$events" "the log after completions"

step "without a store"
printf 'bindery get age|get age\n' >cases
export BINDERY_STORE=$here/none
for shell in bash zsh fish; do run python3 "$E2E_HERE/lib/shells.py" "$shell" cases; done
[ ! -e none ] || fail "a completion made a store"
