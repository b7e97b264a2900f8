#!/usr/bin/env bash
# Images as builders and engines really make them keep their verdict: nothing in them is read in two ways. A Debian with
# merged /usr as base; Docker's classic builder and BuildKit, buildah in layers and squashed, docker commit, export and
# import, containerd's own diffs, umoci's repacked and inserted layers, skopeo's copies, and our own build.
# Long: a whole Debian, many times
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 skopeo umoci containerd ctr
require_docker
require_buildah

step "a release, and a base that is known"
PYTHONPATH=$E2E_ROOT/Tests/PythonSupport python3 - <<'PYTHON'
import programs
for name in ["agent", "helper"]:
    with open(f"{name}-linux-amd64", "wb") as file:
        file.write(programs.program(name))
PYTHON
put_release agent 1.0.0 agent-linux-amd64
put_release helper 1.0.0 helper-linux-amd64
chmod 755 ./*-linux-amd64
root=$(debian_root)
base="bindery-e2e/ordinary-base:1"
at_exit "docker rmi -f '$base' >/dev/null"
run docker import "$root" "$base"
run docker save -o base.tar "$base"
run "$bindery" import docker-archive:base.tar -t base:1
bases=(--base base:1)

# verdict_is VERDICT IMAGE [ARGUMENT…]: the audit must say so, with no doubt.
verdict_is() {
    local wanted=$1 found
    shift
    found=$(verdict_of "$@" --no-record) || found=none
    [ "$found" = "$wanted" ] || {
        jq -c '.findings[], .platforms[].findings[] | [.code, .path, .message]' "$here/.audit" | sed -n 1,20p
        fail "$1 is $found, not $wanted"
    }
    echo "$1: $found"
}

mkdir context
cp ./*-linux-amd64 context
# /bin is a link to usr/bin there: builders write the real path.
cat >context/Dockerfile <<DOCKERFILE
FROM $base
COPY agent-linux-amd64 /bin/agent
COPY helper-linux-amd64 /usr/local/bin/helper
ENTRYPOINT ["/bin/agent"]
DOCKERFILE
cat >context/Dockerfile.run <<DOCKERFILE
FROM $base
COPY agent-linux-amd64 /bin/agent
RUN useradd --create-home somebody && rm -rf /usr/share/doc && mkdir /usr/share/doc && echo 1 >/usr/share/doc/new
RUN rm -r /usr/share/doc && mkdir /usr/share/doc && chmod 700 /usr/share/doc && ln /etc/passwd /etc/passwd.linked
RUN mv /usr/bin/find /bin/search && rm -rf /home/somebody && ln -s /usr/share /home/somebody && mkfifo /run/pipe
ENTRYPOINT ["/bin/agent"]
DOCKERFILE
cat >context/Dockerfile.scratch <<'DOCKERFILE'
FROM scratch
COPY agent-linux-amd64 /usr/bin/agent
ADD helper-linux-amd64 /opt/
ENTRYPOINT ["/usr/bin/agent"]
DOCKERFILE

step "Docker's two builders"
for builder in 0 1; do
    for file in Dockerfile Dockerfile.run Dockerfile.scratch; do
        image=bindery-e2e/ordinary:$builder-${file,,}
        at_exit "docker rmi -f '$image' >/dev/null 2>&1"
        DOCKER_HOST=$E2E_DOCKER_HOST DOCKER_BUILDKIT=$builder "$(docker_client)" build -q --network none -t "$image" \
            -f "context/$file" context >build.log 2>&1 || fail "$(cat build.log)"
        run docker save -o "docker-$builder-$file.tar" "$image"
        wanted=exact
        [ "$file" != Dockerfile.run ] || wanted=contains
        verdict_is "$wanted" "docker-archive:docker-$builder-$file.tar" "${bases[@]}"
        verdict_is "$wanted" "docker-daemon:$image" "${bases[@]}"
        # The storage holds the whole Debian once for each layer. One image is used further down.
        if [ "$builder $file" != "1 Dockerfile" ]; then
            rm "docker-$builder-$file.tar"
            docker rmi -f "$image" >/dev/null
            docker builder prune --all --force >/dev/null
        fi
    done
done

step "docker commit, export and import"
container=$(docker run -d --network none --entrypoint /bin/sh bindery-e2e/ordinary:1-dockerfile -c \
    'rm -r /var/log && mkdir /var/log && echo x >/var/log/new && rm /usr/bin/find')
at_exit "docker rm -f '$container' >/dev/null 2>&1"
run docker wait "$container"
at_exit "docker rmi -f bindery-e2e/ordinary:committed bindery-e2e/ordinary:imported >/dev/null 2>&1"
run docker commit "$container" bindery-e2e/ordinary:committed
verdict_is contains docker-daemon:bindery-e2e/ordinary:committed "${bases[@]}"
run docker export -o export.tar "$container"
run docker import -c 'ENTRYPOINT ["/bin/agent"]' export.tar bindery-e2e/ordinary:imported
verdict_is contains docker-daemon:bindery-e2e/ordinary:imported
rm export.tar
docker rm -f "$container" >/dev/null
docker rmi -f bindery-e2e/ordinary:{committed,imported,1-dockerfile} >/dev/null

step "buildah, in one layer, in layers and squashed"
for options in "" --layers --squash; do
    for file in Dockerfile.run Dockerfile.scratch; do
        # shellcheck disable=SC2086 # one option or none
        sed "s|$base|docker-archive:$here/base.tar|" "context/$file" >"context/$file.buildah"
        # shellcheck disable=SC2086 # one option or none
        buildah bud -q --format oci $options --signature-policy "$BUILDAH_SIGNATURE_POLICY" -f "context/$file.buildah" \
            -t ordinary context >build.log 2>&1 || fail "$(cat build.log)"
        layout=buildah$options-$file
        buildah_push ordinary "oci:$layout:1" >push.log 2>&1 || fail "$(cat push.log)"
        wanted=exact
        [ "$file" != Dockerfile.run ] || wanted=contains
        verdict_is "$wanted" "oci:$layout:1" "${bases[@]}"
        rm -r "$layout"
        run buildah rmi --all --force
    done
done

step "skopeo's copies, and umoci's layers"
run skopeo copy docker-archive:docker-1-Dockerfile.tar oci:copied:1
verdict_is exact oci:copied:1 "${bases[@]}"
run skopeo copy --dest-compress-format zstd oci:copied:1 oci:zstd:1
verdict_is exact oci:zstd:1 "${bases[@]}"
run skopeo copy oci:copied:1 oci-archive:copied.tar:1
verdict_is exact oci-archive:copied.tar:1 "${bases[@]}"
rm -r zstd copied.tar
run umoci init --layout umoci
run umoci new --image umoci:1
run umoci unpack --image umoci:1 bundle
mkdir -p bundle/rootfs/usr/bin
cp agent-linux-amd64 bundle/rootfs/usr/bin/agent
run umoci repack --image umoci:1 bundle
run umoci insert --image umoci:1 helper-linux-amd64 /opt/helper
run umoci config --image umoci:1 --config.entrypoint /usr/bin/agent
verdict_is exact oci:umoci:1

step "containerd's own diffs"
ctr=()
start_containerd
run skopeo copy --remove-signatures docker-archive:docker-1-Dockerfile.tar oci-archive:containerd.tar:1
run "${ctr[@]}" image import --base-name demo/ordinary --snapshotter native containerd.tar
# The one that isn't another's parent.
top=$("${ctr[@]}" snapshots --snapshotter native ls |
    awk '$NF == "Committed" { key[$1]; parent[$2] } END { for (one in key) if (!(one in parent)) print one }')
run "${ctr[@]}" snapshots --snapshotter native prepare changed "$top"
mkdir mounted
eval "$("${ctr[@]}" snapshots --snapshotter native mounts "$here/mounted" changed)"
at_exit "umount '$here/mounted' 2>/dev/null"
rm -r mounted/usr/share/doc
mkdir mounted/usr/share/doc
echo new >mounted/usr/share/doc/new
rm mounted/usr/bin/find
ln mounted/etc/passwd mounted/etc/passwd.linked
cp helper-linux-amd64 mounted/opt/helper
umount mounted
"${ctr[@]}" snapshots --snapshotter native diff changed "$top" >layer.tar.gz
PYTHONPATH=$E2E_ROOT/Tests/PythonSupport python3 - <<'PYTHON'
import gzip, json, layouts
layout = layouts.Layout("copied")
index = json.load(open("copied/index.json"))
blob = lambda descriptor: open("copied/blobs/" + descriptor["digest"].replace(":", "/"), "rb").read()
manifest = json.loads(blob(index["manifests"][0]))
config = json.loads(blob(manifest["config"]))
data = open("layer.tar.gz", "rb").read()
tar = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
manifest["layers"].append(layout.blob(data, layouts.LAYER + ("+gzip" if tar is not data else "")))
config["rootfs"]["diff_ids"].append(layouts.sha256(tar))
manifest["config"] = layout.blob(config, layouts.CONFIG)
layout.publish(layout.blob(manifest, layouts.MANIFEST), "diff")
PYTHON
verdict_is contains oci:copied:diff "${bases[@]}"

step "our own build"
cat >Dockerfile.release <<'DOCKERFILE'
FROM base:1
COPY --chmod=755 agent-linux-amd64 /bin/agent
ENTRYPOINT ["/bin/agent"]
DOCKERFILE
run "$bindery" build agent@1.0.0 -f Dockerfile.release -t ours:1 -o oci:ours:1
verdict_is exact oci:ours:1
verdict_is exact ours:1
