#!/usr/bin/env bash
# Pushes an image archive as vVERSION, and as latest when STABLE is true.
#
#   scripts/release/push.sh ARCHIVE DESTINATION     DESTINATION is docker://REGISTRY/NAME, or oci:DIRECTORY for a trial
set -euo pipefail
archive=${1:?} destination=${2:?}
: "${VERSION:?}" "${STABLE:?}" "${PAUSE:=5}"

# Registries fail for a moment now and then; what was pushed already isn't sent again.
push() {
    local attempt
    for attempt in 1 2 3 4; do
        if skopeo copy --all --preserve-digests "oci-archive:$archive" "$destination:$1"; then return 0; fi
        echo "release: try $attempt of pushing $1 failed" >&2
        sleep $((attempt * PAUSE))
    done
    echo "release: $destination:$1 could not be pushed" >&2
    return 1
}
push "v$VERSION"
if [ "$STABLE" = true ]; then push latest; fi
