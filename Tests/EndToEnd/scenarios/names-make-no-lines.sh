#!/usr/bin/env bash
# Names in images, archives, directories, annotations, reasons and a registry's words add no line, no column, no workflow command
# and nothing that plays with a terminal to any output: text, JSON, Markdown, SARIF, JUnit, and the action's.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3 jq

lines="python3 $E2E_HERE/lib/lines.py"
# try COMMAND…: runs it, whatever its status, and looks at what it printed.
try() {
    printf '$ %q' "$1"
    printf ' %q' "${@:2}"
    printf '\n'
    "$@" >out.txt 2>err.txt </dev/null || true
    $lines out.txt err.txt || fail "a line that a name made: $*"
}

text=$'\n::error::FORGED\u2028\u202e\x1b[2J\tx'
head -c 20000 /bin/true >agent
export BINDERY_ACTOR="me$text"
try "$bindery" put agent --name agent --version 1.2.3 --platform linux/amd64 --annotation "a$text=b$text"
try "$bindery" put agent --name gone --version 1 --platform any
try "$bindery" put agent --name odd --version 1 --platform any --file-name $'f\u2028\u202eFORGED'
try "$bindery" rm gone@1 --reason "why$text"
try "$bindery" pin agent@1.2.3 --reason "because$text"
python3 "$E2E_HERE/lib/hostile.py" agent image

step "what an image has"
for image in oci:image docker-archive:image.docker.tar rootfs:image.files "oci:image:x$text" "oci:nowhere$text" "docker://x$text" \
    "docker-daemon:x$text" "docker-container:x$text" "x$text" "-x$text"; do
    for options in "" --all --json; do try "$bindery" audit ${options:+"$options"} --no-record -- "$image"; done
    try "$bindery" diff -- "$image" oci:image
    try "$bindery" diff --all -- oci:image "$image"
    try "$bindery" import -t local/hostile:1 -- "$image"
done
try "$bindery" audit oci:image --report r.json --sarif r.sarif --junit r.xml --markdown r.md
$lines r.json r.sarif r.xml r.md || fail "a report"
jq -e .platforms r.json >/dev/null
jq -e .runs r.sarif >/dev/null
python3 -c 'import xml.etree.ElementTree as e; e.parse("r.xml")'
# shellcheck disable=SC2016 # a formula of the name, not a variable
grep -qE '\]\(|@everyone|\$z\$' r.md && fail "a link, a mention or a formula in the summary"
grep -qF '<a href' r.md && fail "HTML in the summary"
digest=$(jq -r .digest r.json)

step "every other command"
for options in "" --json; do
    option=()
    if [ -n "$options" ]; then option=("$options"); fi
    for command in "ls" "ls agent" "show agent@1.2.3" "show gone@1" "show local/hostile:1" "log" "log --limit 3" "images" "pin" \
        "where agent@1.2.3" "where --near agent@1.2.3" "where $digest" "reaudit" "reaudit --exact" "inspect agent" "verify" "gc --dry-run" \
        "explain BND001" "get odd@1 -o got" "export agent@1.2.3 -o oci:bundle" "export local/hostile:1 -o oci:bundle2" \
        "copy local/hostile:1 oci:copied" "tag local/hostile:1 local/other:1" "put agent --name agent --version 1.2.3 --platform any"; do
        # shellcheck disable=SC2086
        try "$bindery" $command "${option[@]}"
    done
    try "$bindery" identify image.files "${option[@]}"
    try "$bindery" identify "image.files/::error::FORGED" "${option[@]}"
    try "$bindery" inspect "image.files/::error::FORGED" "${option[@]}"
    try "$bindery" where "n$text" "${option[@]}"
    try "$bindery" show "n$text" "${option[@]}"
    try "$bindery" get "n$text" -o "o$text" "${option[@]}"
    try "$bindery" get agent@1.2.3 -o "o$text" "${option[@]}"
    try "$bindery" put "missing$text" --name x --version 1 "${option[@]}"
    try "$bindery" "no$text"
    try "$bindery" ls "--no$text"
done
try "$bindery" verifier -name "x$text" -digest "$digest"
try "$bindery" verifier -name "x$text" -digest "y$text"
expect_equal "$("$bindery" verifier -name "x$text" -digest "$digest" 2>/dev/null | wc -l)" 1 "the lines of the verifier"
printf 'FROM scratch\nCOPY nothing\\%s /\nLABEL a="%s"\n' $'\u2028\u202e\x1b[2J' $'\x1b\u2028' >Dockerfile.odd
try "$bindery" context agent@1.2.3 -f Dockerfile.odd -o "context$text"
try "$bindery" build agent@1.2.3 -f Dockerfile.odd -t "t$text"
printf 'rules: "%s"\n' $'\u2028\x1b' >policy.yml
try "$bindery" audit oci:image --policy policy.yml

step "a damaged store"
blob=$(find "$BINDERY_STORE/blobs/sha256" -size +10k | sed -n 1p)
chmod u+w "$blob"
printf x >>"$blob"
touch "$BINDERY_STORE/blobs/sha256/f$text"
try "$bindery" verify
try "$bindery" verify --json

step "the action: values aren't options, and no name writes an output"
export GITHUB_STEP_SUMMARY=$here/summary.md GITHUB_OUTPUT=$here/outputs BINDERY_PROGRAM=$bindery STORE=$BINDERY_STORE
action() {
    local wanted=$1 status=0
    shift
    : >"$GITHUB_OUTPUT"
    env "$@" bash "$E2E_ROOT/scripts/action/audit.sh" >out.txt 2>err.txt || status=$?
    cat out.txt err.txt
    expect_equal "$status" "$wanted" "the status of the action with $*"
    grep -v '^::error::' err.txt >rest.txt || true
    $lines out.txt rest.txt "$GITHUB_OUTPUT" || fail "a line that a name made"
    expect_equal "$(grep -c '^::error::' err.txt)" "$((wanted != 0))" "the number of annotations"
}
action 1 IMAGE=oci:image EXACT=true
expect_equal "$(cat "$GITHUB_OUTPUT")" verdict=contains "the outputs"
action 2 IMAGE=--help
action 2 IMAGE="--no-record$text"
action 2 IMAGE=oci:image EXPECT=--no-record
expect_equal "$(cat "$GITHUB_OUTPUT")" verdict= "the outputs"
action 2 IMAGE=oci:image EXACT="$text"
action 0 IMAGE=oci:image EXPECT=$'agent@1.2.3\nagent@1.2.3'
