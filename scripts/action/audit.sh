#!/usr/bin/env bash
# A step of action.yml: audits IMAGE, writes the job's summary, and ends as bindery audit does.
set -euo pipefail
: "${BINDERY_PROGRAM:?}" "${IMAGE:?}" "${STORE:=}" "${POLICY:=}" "${EXPECT:=}" "${EXACT:=false}" "${SARIF:=}"
: "${GITHUB_STEP_SUMMARY:?}" "${GITHUB_OUTPUT:?}"

# annotate TEXT: an error of the job; what has a meaning in a workflow command is escaped.
annotate() {
    local text=${1//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '::error::%s\n' "${text//$'\n'/%0A}" >&2
}

report=$(mktemp)
trap 'rm -f "$report"' EXIT
# Each value stands behind a = and the image behind --, so that none of them is taken for an option.
options=("--report=$report" "--markdown=$GITHUB_STEP_SUMMARY")
if [ -n "$STORE" ]; then options+=("--store=$STORE"); fi
if [ -n "$POLICY" ]; then options+=("--policy=$POLICY"); fi
if [ -n "$SARIF" ]; then options+=("--sarif=$SARIF"); fi
read -rd '' -a releases <<<"$EXPECT" || true
for release in "${releases[@]}"; do options+=("--expect=$release"); done
case "$EXACT" in
    true) options+=(--exact) ;;
    false) ;;
    *) annotate "exact is '$EXACT'; true or false is expected" && exit 2 ;;
esac
status=0
"$BINDERY_PROGRAM" audit "${options[@]}" -- "$IMAGE" || status=$?
# The verdict of the whole has two spaces before it, those of the platforms more, and no text of the report has a line
# break: no name in the image can stand for it. There is no report when the image can't be opened.
verdict=$(sed -n 's/^  "verdict" : "\{0,1\}\([a-z]*\)"\{0,1\},\{0,1\}$/\1/p' "$report")
if [ "$verdict" = null ]; then verdict=damaged; fi
case "$verdict" in
    exact | contains | mismatch | unknown | ambiguous | incomplete | damaged | '') ;;
    *) annotate "the report has no verdict" && exit 6 ;;
esac
# One of the words above, so that nothing in it can end the line.
printf 'verdict=%s\n' "$verdict" >>"$GITHUB_OUTPUT"
if [ "$status" -ne 0 ]; then annotate "$IMAGE: ${verdict:-it could not be audited}"; fi
exit "$status"
