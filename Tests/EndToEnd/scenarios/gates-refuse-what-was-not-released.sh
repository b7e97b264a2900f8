#!/usr/bin/env bash
# The audit as a gate: called like containerd calls its image verifiers, and the steps of action.yml run as they stand there.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq python3
python_tools pyyaml

step "a release, its image, and an altered one"
# A small program, as containerd waits for ten seconds only, on however busy a machine.
cp "$(command -v busybox || command -v bash)" agent-linux-amd64
put_release agent 1.2.3 agent-linux-amd64
release_file agent >Dockerfile.release
run "$bindery" build agent@1.2.3 -f Dockerfile.release -o oci:layout:good -o oci-archive:good.tar
good=$(jq -r '.manifests[0].digest' layout/index.json)
mkdir altered && cp agent-linux-amd64 altered/agent && change_a_byte altered/agent
mkdir other && cp altered/agent other/agent-linux-amd64
BINDERY_STORE=$here/other-store run "$bindery" put other/agent-linux-amd64 --name agent --version 1.2.3
BINDERY_STORE=$here/other-store run "$bindery" build agent@1.2.3 -f Dockerfile.release -o oci:bad-layout:bad \
    -o oci-archive:bad.tar
bad=$(jq -r '.manifests[0].digest' bad-layout/index.json)

# What containerd does with each file in its bin_dir (pkg/imageverifier/bindir): these arguments, the descriptor as JSON on
# standard input, the first 32 KiB of standard output as the reason, the exit status as the answer.
cat >containerd.py <<'PYTHON'
import json, os, subprocess, sys
bin_dir, name, digest = sys.argv[1:]
for entry in sorted(os.listdir(bin_dir)):
    media_type = "application/vnd.oci.descriptor.v1+json"
    descriptor = {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest, "size": 500}
    process = subprocess.run(
        [os.path.join(bin_dir, entry), "-name", name, "-digest", digest, "-stdin-media-type", media_type],
        input=json.dumps(descriptor) + "\n", capture_output=True, text=True, timeout=600)
    reason = process.stdout[: 1 << 15].strip()
    sys.stderr.write(process.stderr)
    if process.returncode != 0:
        print(f"verifier {entry} rejected image (exit code {process.returncode}): {reason}")
        sys.exit(1)
    print(f"{entry} => {reason}")
PYTHON

step "containerd asks: a symbolic link is enough"
mkdir bin && ln -s "$bindery" bin/bindery
asks() { expect_status "$1" python3 containerd.py bin "$2" "$3"; }
asks 1 registry.example/agent:1.2.3 "$bad"
expect_contains "$output" "$(cut -c 1-19 <<<"$bad") was not audited"
# The store holds this one, since it was built there.
asks 0 registry.example/agent:1.2.3 "$good"
expect_contains "$output" "bindery => exact: agent@1.2.3"
"$bindery" audit oci:layout:good --json >audit.json
expect_equal "$(jq '[.platforms[].findings[] | select(.code == "BND039")] | length' audit.json)" 0 "false claims of an honest image"
"$bindery" audit oci:bad-layout:bad >/dev/null || true
asks 0 registry.example/agent:1.2.3 "$good"
expect_contains "$output" "bindery => exact: agent@1.2.3"
asks 1 registry.example/agent:1.2.3 "$bad"
expect_contains "$output" "mismatch; BND0"

step "containerd asks: a script with options"
rm bin/bindery
printf '#!/bin/sh\nexec "%s" verifier --store "%s" --exact --only "registry.example/*" "$@"\n' "$bindery" "$BINDERY_STORE" \
    >bin/verify && chmod +x bin/verify
asks 0 docker.io/library/pause:3 "$bad"
expect_contains "$output" "matches no --only"
asks 1 registry.example/agent:1 "$bad"
asks 0 registry.example/agent:1 "$good"
printf 'minimum-versions:\n  agent: 2.0.0\n' >policy.yml
printf '#!/bin/sh\nexec "%s" verifier --policy "%s" "$@"\n' "$bindery" "$here/policy.yml" >bin/verify
asks 1 registry.example/agent:1 "$good"
expect_contains "$output" "BND060"

step "the answer follows the store"
rm bin/verify && ln -s "$bindery" bin/bindery
run "$bindery" rm agent@1.2.3 --force
asks 1 registry.example/agent:1.2.3 "$good"
expect_contains "$output" "BND061"
put_release agent 1.2.3 agent-linux-amd64
asks 0 registry.example/agent:1.2.3 "$good"
echo '{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}' >wrong.json
expect_status 2 "$bindery" -name x -digest "$good" -stdin-media-type application/vnd.oci.descriptor.v1+json <wrong.json
expect_contains "$output" "no answer"
BINDERY_STORE=$here/nowhere expect_status 3 "$bindery" -name x -digest "$good"

step "a store that can only be read answers, too"
chmod -R a-w "$BINDERY_STORE"
at_exit "chmod -R u+w '$BINDERY_STORE'"
asks 0 registry.example/agent:1.2.3 "$good"
chmod -R u+w "$BINDERY_STORE"

# action STEP INPUT=VALUE…: runs a step of action.yml as a runner does, with the inputs' defaults.
cat >action.py <<'PYTHON'
import re, sys, yaml
with open(sys.argv[1], encoding="utf-8") as file:
    action = yaml.safe_load(file)
assert action["runs"]["using"] == "composite" and action["name"] and action["description"]
given = dict(item.split("=", 1) for item in sys.argv[3:])
inputs = {name: given.pop(name, str(item.get("default", ""))) for name, item in action["inputs"].items()}
outputs = {item.group(1): given.pop(item.group(0)) for item in map(re.compile(r"^steps\.(.*)$").match, list(given)) if item}
assert not given, f"there is no input {given}"
step = next(step for step in action["runs"]["steps"] if step["id"] == sys.argv[2])
assert step["shell"] == "bash"
def value(text):
    return re.sub(r"\$\{\{ (inputs|steps)\.(\S+) \}\}",
                  lambda match: inputs[match[2]] if match[1] == "inputs" else outputs[match[2]], str(text))
for name, text in step.get("env", {}).items():
    print("export", name + "='" + value(text).replace("'", "'\\''") + "'")
print(step["run"])
PYTHON
export GITHUB_ACTION_PATH=$E2E_ROOT GITHUB_STEP_SUMMARY=$here/summary.md GITHUB_OUTPUT=$here/outputs
action() {
    local wanted=$1
    shift
    : >"$GITHUB_OUTPUT"
    python3 action.py "$E2E_ROOT/action.yml" "$@" >step.sh
    expect_status "$wanted" bash --noprofile --norc -eo pipefail step.sh
}
verdict() { sed -n 's/^verdict=//p' "$GITHUB_OUTPUT"; }

step "action.yml: an image that is what it should be"
action 0 install "bindery=$bindery"
program=$(sed -n 's/^program=//p' "$GITHUB_OUTPUT")
expect_equal "$program" "$bindery" "the program"
PATH=$(dirname "$bindery"):$PATH action 0 install
action 1 install bindery=/nowhere
action 0 audit image=oci-archive:good.tar "steps.install.outputs.program=$program" exact=true expect=agent@1.2.3 \
    sarif=audit.sarif "store=$BINDERY_STORE"
expect_equal "$(verdict)" exact "the verdict"
grep -q 'exact' summary.md || fail "the job's summary has no verdict"
jq -e '.version == "2.1.0" and ([.runs[0].results[].ruleId] | index("BND020") == null)' audit.sarif >/dev/null || fail "audit.sarif"

step "action.yml: the released program, by its checksum"
(
    mkdir -p action releases/v1.2.3 temporary
    cp -r "$E2E_ROOT/scripts" action/
    # Where nothing is released yet, it is built: by these stand-ins here.
    printf '#!/bin/sh\n' >action/scripts/setup.sh
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\nmkdir -p "$2" && cp "$BUILT" "$2/bindery"\n' >action/scripts/build.sh
    for arch in amd64 arm64; do cp "$bindery" "releases/v1.2.3/bindery-linux-$arch"; done
    (cd releases/v1.2.3 && sha256sum bindery-linux-* >checksums.txt)
    export GITHUB_ACTION_PATH=$here/action RUNNER_TEMP=$here/temporary BINDERY_RELEASES=file://$here/releases BUILT=$bindery
    program() { sed -n 's/^program=//p' "$GITHUB_OUTPUT"; }
    action 0 install
    expect_equal "$(program)" "$here/action/dist/bindery" "the program that was built"
    rm -rf action/dist
    VERSION=1.2.3 run action/scripts/release/raise.sh releases/v1.2.3/checksums.txt
    action 0 install
    expect_contains "$(program)" "$here/temporary/"
    cmp "$(program)" "$bindery"
    [ ! -e action/dist ] || fail "it was built although it could be downloaded"
    VERSION=1.2.4 run action/scripts/release/raise.sh releases/v1.2.3/checksums.txt
    action 0 install
    expect_contains "$errors" "could not be downloaded"
    expect_equal "$(program)" "$here/action/dist/bindery" "the program that was built instead"
    rm -rf action/dist
    echo other >>"releases/v1.2.3/bindery-linux-amd64"
    echo other >>"releases/v1.2.3/bindery-linux-arm64"
    VERSION=1.2.3 run action/scripts/release/raise.sh releases/v1.2.3/checksums.txt
    action 1 install
    expect_contains "$errors" "another checksum"
    expect_equal "$(program)" "" "the program with another checksum"
    sed -i /arm64/d releases/v1.2.3/checksums.txt
    VERSION=1.2.3 expect_status 1 action/scripts/release/raise.sh releases/v1.2.3/checksums.txt
)

step "action.yml: an altered one"
action 1 audit image=oci-archive:bad.tar "steps.install.outputs.program=$program" sarif=audit.sarif
expect_equal "$(verdict)" mismatch "the verdict"
jq -e '[.runs[0].results[].ruleId] | index("BND020")' audit.sarif >/dev/null || fail "audit.sarif lacks BND020"
action 3 audit image=oci-archive:nowhere.tar "steps.install.outputs.program=$program"
expect_equal "$(verdict)" "" "the verdict of no image"
action 1 audit image=oci-archive:good.tar "steps.install.outputs.program=$program" policy=policy.yml
action 2 audit image=oci-archive:good.tar "steps.install.outputs.program=$program" exact=yes
