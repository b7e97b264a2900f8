#!/usr/bin/env bash
# A step of action.yml: finds bindery, downloads the release that `released` names, or builds it from the repository that
# the action is in, and says where it is. BINDERY_RELEASES is a mirror of the release pages.
set -euo pipefail
: "${BINDERY_PROGRAM:=}" "${GITHUB_ACTION_PATH:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:=${TMPDIR:-/tmp}}"
repository=${GITHUB_ACTION_REPOSITORY:-${GITHUB_REPOSITORY:-}}
: "${BINDERY_RELEASES:=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download}"
released=$GITHUB_ACTION_PATH/scripts/action/released

# download FILE: the released program; 1 where none is named for this machine, or it can't be had.
download() {
    local arch version checksum
    case "$(uname -m)" in
        x86_64) arch=amd64 ;;
        aarch64) arch=arm64 ;;
        *) return 1 ;;
    esac
    version=$(awk '$1 == "version" { print $2 }' "$released")
    checksum=$(awk -v arch="$arch" '$1 == arch { print $2 }' "$released")
    if [ -z "$version" ] || [ -z "$checksum" ]; then return 1; fi
    if ! curl --fail --silent --show-error --location --retry 3 --output "$1" \
        "$BINDERY_RELEASES/v$version/bindery-linux-$arch"; then
        printf '::warning::bindery %s could not be downloaded; it is built instead\n' "$version" >&2
        return 1
    fi
    if ! sha256sum --check --status <<<"$checksum  $1"; then
        rm -f "$1"
        printf '::error::the downloaded bindery %s has another checksum than scripts/action/released says\n' "$version" >&2
        exit 1
    fi
    chmod 755 "$1"
}

if [ -z "$BINDERY_PROGRAM" ] && ! BINDERY_PROGRAM=$(command -v bindery); then
    BINDERY_PROGRAM=$GITHUB_ACTION_PATH/dist/bindery
    if [ ! -x "$BINDERY_PROGRAM" ]; then
        directory=$(mktemp -d "$RUNNER_TEMP/bindery.XXXXXX")
        if download "$directory/bindery"; then
            BINDERY_PROGRAM=$directory/bindery
        else
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
