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
if ! version=$("$BINDERY_PROGRAM" --version); then
    echo "::error::there is no bindery at $BINDERY_PROGRAM" >&2
    exit 1
fi
echo "bindery $version at $BINDERY_PROGRAM"
echo "program=$BINDERY_PROGRAM" >>"$GITHUB_OUTPUT"
