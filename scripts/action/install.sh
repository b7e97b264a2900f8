#!/usr/bin/env bash
# A step of action.yml: finds bindery, or builds it from the repository that the action is in, and says where it is.
set -euo pipefail
: "${BINDERY_PROGRAM:=}" "${GITHUB_ACTION_PATH:?}" "${GITHUB_OUTPUT:?}"
if [ -z "$BINDERY_PROGRAM" ]; then
    if ! BINDERY_PROGRAM=$(command -v bindery); then
        BINDERY_PROGRAM=$GITHUB_ACTION_PATH/dist/bindery
        if [ ! -x "$BINDERY_PROGRAM" ]; then
            "$GITHUB_ACTION_PATH/scripts/setup.sh" --build
            "$GITHUB_ACTION_PATH/scripts/build.sh" --into "$GITHUB_ACTION_PATH/dist" bindery
        fi
    fi
fi
# A path with a line break would write further outputs.
if [[ $BINDERY_PROGRAM == *[$'\n\r']* ]] || ! version=$("$BINDERY_PROGRAM" --version); then
    path=${BINDERY_PROGRAM//'%'/%25}
    path=${path//$'\r'/%0D}
    printf '::error::there is no bindery at %s\n' "${path//$'\n'/%0A}" >&2
    exit 1
fi
printf 'bindery %s at %s\n' "$version" "$BINDERY_PROGRAM"
printf 'program=%s\n' "$BINDERY_PROGRAM" >>"$GITHUB_OUTPUT"
