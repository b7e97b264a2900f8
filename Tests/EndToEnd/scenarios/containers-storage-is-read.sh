#!/usr/bin/env bash
# What buildah has in its storage is audited and copied from there.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo
require_buildah
at_exit "buildah rmi --all --force >/dev/null 2>&1"
echo "the app" >app-linux-amd64
run "$bindery" put app-linux-amd64 --name app --version 1 --platform linux/amd64
printf 'FROM scratch\nCOPY app-linux-amd64 /app\n' >Dockerfile
run buildah_build app:1 linux/amd64 . -f Dockerfile

step "the image is audited where it is"
expect_equal "$(verdict_of containers-storage:localhost/app:1)" exact "the verdict"

step "it is copied with its files, and nothing stays behind"
mkdir spool
TMPDIR=$here/spool run "$bindery" copy containers-storage:localhost/app:1 oci:copied:1
expect_equal "$(ls spool)" "" "what is left of the way"
run "$bindery" diff containers-storage:localhost/app:1 oci:copied:1

step "what isn't there is said, with the name that images from here have"
expect_status 3 "$bindery" audit containers-storage:localhost/none:1
expect_contains "$errors" "as skopeo reads it: images that podman or buildah built here are called localhost/NAME"
expect_status 2 "$bindery" copy oci:copied:1 containers-storage:localhost/app:2
