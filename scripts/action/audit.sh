#!/usr/bin/env bash
# A step of action.yml: audits IMAGE, writes the job's summary, and ends as bindery audit does.
set -euo pipefail
: "${BINDERY_PROGRAM:?}" "${IMAGE:?}" "${STORE:=}" "${POLICY:=}" "${EXPECT:=}" "${EXACT:=false}" "${SARIF:=}"
: "${GITHUB_STEP_SUMMARY:?}" "${GITHUB_OUTPUT:?}"
options=(--markdown "$GITHUB_STEP_SUMMARY")
if [ -n "$STORE" ]; then options+=(--store "$STORE"); fi
if [ -n "$POLICY" ]; then options+=(--policy "$POLICY"); fi
if [ -n "$SARIF" ]; then options+=(--sarif "$SARIF"); fi
read -ra releases <<<"$EXPECT"
for release in "${releases[@]}"; do options+=(--expect "$release"); done
case "$EXACT" in
    true) options+=(--exact) ;;
    false) ;;
    *) echo "::error::exact is '$EXACT'; true or false is expected" >&2 && exit 2 ;;
esac
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
"$BINDERY_PROGRAM" audit "$IMAGE" "${options[@]}" | tee "$report" || status=${PIPESTATUS[0]}
# The verdict is the report's first word; there is no report when the image can't be opened.
verdict=$(head -n 1 "$report" | cut -d ' ' -f 1)
echo "verdict=$verdict" >>"$GITHUB_OUTPUT"
if [ "$status" -ne 0 ]; then echo "::error::$IMAGE: ${verdict:-it could not be audited}" >&2; fi
exit "$status"
