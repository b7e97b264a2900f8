# shellcheck shell=bash disable=SC2154 # scenario.sh sets bindery
# The same Dockerfile by BuildKit and by bindery, as texts that diff compares: what a container would see, and the config.

# flatten TRANSPORT FILE: an image as a text.
flatten() { python3 "$E2E_HERE/lib/flatten.py" "$@"; }

equality_images=()
remove_equality_images() {
    [ "${#equality_images[@]}" -eq 0 ] || docker rmi -f "${equality_images[@]}" >/dev/null 2>&1
}
at_exit remove_equality_images

# build_by_both NAME FILE RELEASE…: builds a Dockerfile in directory NAME, which gets NAME/context, the image NAME/oci, and the
# texts NAME/bindery and NAME/docker.
build_by_both() {
    local name=$1 file=$2 image=bindery-e2e/equality-$1
    shift 2
    mkdir "$name"
    run "$bindery" context "$@" -f "$file" -o "$name/context"
    run "$bindery" build "$@" -f "$file" -o "oci:$name/oci"
    flatten oci "$name/oci" >"$name/bindery" || fail "$name: an image can't be read"
    equality_images+=("$image")
    run docker build -q --platform linux/amd64 -t "$image" "$name/context"
    docker save -o "$name/docker.tar" "$image"
    flatten docker-archive "$name/docker.tar" >"$name/docker" || fail "$name: an image can't be read"
}
