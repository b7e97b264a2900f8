"""The engines that show what really is at each path. Each has a root, a state and a socket of its own below one directory."""

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import layouts
import reading


class Refusal(Exception):
    """An engine that doesn't take an image, and what it says."""


def run(*words, timeout=300, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, stdin=subprocess.DEVNULL, **more)
    if done.returncode:
        raise Refusal((done.stderr or done.stdout).decode("utf-8", "replace").strip()[-400:])
    return done.stdout.decode("utf-8", "replace")


def version(*words):
    try:
        return re.search(r"\d+\.\d+(\.\d+)?", run(*words)).group(0)
    except (Refusal, OSError, AttributeError):
        return None


def working_directory():
    """A file system in memory of its own: engines wait for a disk most of their time, and a container's root may be one on
    which overlayfs can't work."""
    # It becomes part of an image's reference, which takes no '_' beside another separator: tempfile's names may have one.
    work = os.path.join(tempfile.gettempdir(), f"differential-{os.getpid()}-{secrets.token_hex(4)}")
    os.mkdir(work, 0o700)
    # Engines that drop privileges must get through.
    os.chmod(work, 0o755)
    is_mounted = not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g,mode=755", "differential", work]).returncode
    try:
        os.setxattr(work, "user.note", b"1")
        os.removexattr(work, "user.note")
    except OSError:
        if is_mounted:
            # Linux before 6.6: then on the disk.
            subprocess.run(["umount", work], check=True)
    return work


class Processes:
    """Daemons that were started here, and mounts below a directory; both go at the end."""

    def __init__(self, work):
        self.work, self.children = work, []

    def start(self, *words):
        with open(f"{self.work}/{os.path.basename(words[0])}.log", "wb") as log:
            self.children.append(subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True))

    def wait(self, is_ready):
        # For two minutes: a machine may be that busy.
        for _ in range(1200):
            if is_ready():
                return
            if self.children[-1].poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"differential: {self.children[-1].args[0]} doesn't start; its log is in {self.work}")

    def stop(self):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        with open("/proc/self/mounts") as table:
            places = [line.split()[1] for line in table]
        for place in reversed(places):
            if place.startswith(self.work + "/"):
                subprocess.run(["umount", "-l", place], stderr=subprocess.DEVNULL)


class Engine:
    """`one` gives the tree of an image; with a command, also the first word of what a container would start."""

    name = version = None
    stacks = False
    # Whether it reads a layout's own documents, and not ones that are made for it; and a Docker archive.
    reads_layouts = reads_archives = True

    def one(self, name, image, with_command=False):
        raise NotImplementedError


class Image:
    """A layout in a directory, with what other forms need. `archive` is a file that engines take as it is, where there is one."""

    archive = None

    def __init__(self, path, layers):
        self.path, self.layers = path, layers
        self.reference = f"oci:{path}:1"
        layout = layouts.Layout(path)
        self.conf = layouts.document(layouts.config(layers))
        layout.publish(layout.image(layers, self.conf))


class Containerd(Engine):
    def __init__(self, daemon, snapshotter):
        self.daemon, self.snapshotter, self.stacks = daemon, snapshotter, snapshotter == "overlayfs"
        self.name, self.version = f"containerd {snapshotter}", daemon.version
        # A namespace each, since the name of an image in an archive is the same for both.
        self.ctr = [*daemon.ctr, "-n", f"differential-{snapshotter}"]

    def one(self, name, image, with_command=False):
        ctr = self.ctr
        name += self.snapshotter
        tar = f"{self.daemon.work}/{name}.tar"
        mounted = f"{self.daemon.work}/{name}"
        # The importer makes an image's name of the base and the tag; an archive has its own.
        reference = f"docker.io/{image.tag}" if image.archive else f"demo/{name}:1"
        if image.archive:
            shutil.copyfile(image.archive, tar)
        else:
            run("tar", "-C", image.path, "-cf", tar, ".")
        try:
            run(*ctr, "image", "import", "--snapshotter", self.snapshotter, "--base-name", f"demo/{name}", tar)
            os.makedirs(mounted)
            run(*ctr, "image", "mount", "--rw", "--snapshotter", self.snapshotter, reference, mounted)
            try:
                seen = reading.tree(mounted)
                return (seen, self.command(name, reference)) if with_command else seen
            finally:
                run(*ctr, "image", "unmount", "--rm", "--snapshotter", self.snapshotter, mounted)
        finally:
            os.remove(tar)
            shutil.rmtree(mounted, ignore_errors=True)
            subprocess.run([*ctr, "image", "rm", "--sync", reference], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


    def command(self, name, reference):
        ctr = self.ctr
        run(*ctr, "container", "create", "--snapshotter", self.snapshotter, reference, name)
        try:
            info = json.loads(run(*ctr, "container", "info", name))
            return (info["Spec"]["process"].get("args") or [""])[0]
        finally:
            run(*ctr, "container", "rm", name)


class ContainerdDaemon:
    def __init__(self, work, processes):
        self.work = work + "/containerd"
        os.makedirs(self.work)
        self.socket = self.work + "/socket"
        self.version = version("containerd", "--version")
        with open(self.work + "/config.toml", "w") as config:
            config.write(
                f'version = 2\nroot = "{self.work}/root"\nstate = "{self.work}/state"\n'
                'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
                f'[grpc]\n  address = "{self.socket}"\n[ttrpc]\n  address = "{self.socket}.ttrpc"\n'
            )
        self.ctr = ["ctr", "-a", self.socket]
        processes.start("containerd", "-c", self.work + "/config.toml")
        processes.wait(lambda: subprocess.run([*self.ctr, "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0)


class Docker(Engine):
    stacks = True
    reads_layouts = False

    def __init__(self, work, processes, containerd):
        self.work = work + "/docker"
        os.makedirs(self.work)
        self.name, self.version = "Docker overlay2", version("dockerd", "--version")
        with open(self.work + "/daemon.json", "w") as config:
            config.write("{}")
        processes.start(
            "dockerd", "--config-file", self.work + "/daemon.json", "--data-root", self.work + "/root", "--exec-root", self.work + "/exec",
            "--pidfile", self.work + "/pid", "-H", f"unix://{self.work}/socket", "--containerd", containerd.socket, "--iptables=false",
            "--ip6tables=false", "--bridge=none", "--storage-driver", "overlay2")
        processes.wait(self.answers)

    def answers(self):
        try:
            self.ask("GET", "/_ping")
            return True
        except (OSError, http.client.HTTPException, Refusal):
            return False

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("docker", timeout=300)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(300)
        try:
            connection.sock.connect(self.work + "/socket")
            connection.request(method, path, body, {"Content-Type": "application/x-tar"} if body else {})
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise Refusal(data.decode("utf-8", "replace").strip()[-400:])
        return data

    def one(self, name, image, with_command=False):
        archive, mounted, tag = f"{self.work}/{name}.tar", f"{self.work}/{name}", f"demo/{name}:1"
        if image.archive:
            shutil.copyfile(image.archive, archive)
            tag = image.tag
        else:
            layouts.docker_archive(archive, image.layers, image.conf, tag)
        try:
            with open(archive, "rb") as tar:
                answer = self.ask("POST", "/v1.40/images/load?quiet=1", tar).decode("utf-8", "replace")
        finally:
            os.remove(archive)
        if '"error"' in answer or "Loaded" not in answer:
            raise Refusal(answer.strip()[-400:])
        os.makedirs(mounted + "/top")
        os.makedirs(mounted + "/seen")
        try:
            found = json.loads(self.ask("GET", f"/v1.40/images/{tag}/json"))
            driver = found["GraphDriver"]["Data"]
            lower = [mounted + "/top", driver["UpperDir"]] + [driver[key] for key in ["LowerDir"] if driver.get(key)]
            # As a container gets it: read-only here, with an empty directory in the place of its own.
            run("mount", "-t", "overlay", "-o", "ro,index=off,lowerdir=" + ":".join(lower), "overlay", mounted + "/seen")
            try:
                seen = reading.tree(mounted + "/seen")
                execution = found.get("Config") or {}
                words = (execution.get("Entrypoint") or []) + (execution.get("Cmd") or []) + [""]
                return (seen, words[0]) if with_command else seen
            finally:
                run("umount", mounted + "/seen")
        finally:
            shutil.rmtree(mounted, ignore_errors=True)
            self.ask("DELETE", f"/v1.40/images/{tag}?force=1")


class Umoci(Engine):
    name = "umoci"
    reads_archives = False

    def __init__(self, work):
        self.work, self.version = work + "/umoci", version("umoci", "--version")
        os.makedirs(self.work)

    def one(self, name, image, with_command=False):
        bundle = f"{self.work}/{name}"
        try:
            run("umoci", "unpack", *["--rootless"] * bool(os.geteuid()), "--image", f"{image.path}:1", bundle)
            seen = reading.tree(bundle + "/rootfs")
            if not with_command:
                return seen
            with open(bundle + "/config.json") as file:
                return seen, (json.load(file)["process"].get("args") or [""])[0]
        finally:
            shutil.rmtree(bundle, ignore_errors=True)


class Buildah(Engine):
    def __init__(self, work, driver):
        self.work, self.stacks = f"{work}/buildah-{driver}", driver == "overlay"
        self.name, self.version = f"containers/storage {driver}", version("buildah", "--version")
        os.makedirs(self.work)
        with open(self.work + "/policy.json", "w") as policy:
            policy.write('{"default":[{"type":"insecureAcceptAnything"}]}')
        with open(self.work + "/storage.conf", "w") as config:
            config.write(f'[storage]\ndriver = "{driver}"\ngraphroot = "{self.work}/graph"\nrunroot = "{self.work}/run"\n')
        self.environment = {**os.environ, "CONTAINERS_STORAGE_CONF": self.work + "/storage.conf"}

    def call(self, *words):
        return run("buildah", *words, env=self.environment)

    def one(self, name, image, with_command=False):
        try:
            self.call("from", "--signature-policy", self.work + "/policy.json", "--pull-always", "--name", name, image.reference)
            place = self.call("mount", name).strip()
            try:
                seen = reading.tree(place)
                return (seen, self.command(name)) if with_command else seen
            finally:
                self.call("umount", name)
        finally:
            for words in [["rm", name], ["rmi", "--prune", "--force"], ["rmi", "--all", "--force"]]:
                subprocess.run(["buildah", *words], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


    def command(self, name):
        execution = json.loads(self.call("inspect", name))["OCIv1"].get("config") or {}
        return ((execution.get("Entrypoint") or []) + (execution.get("Cmd") or []) + [""])[0]


# Those that must be there when CI=true, with the program that each needs.
REQUIRED = {"containerd": "containerd", "docker": "dockerd", "umoci": "umoci", "buildah": "buildah"}


def start(work, processes, chosen=None):
    """The engines of this machine, and the names of those that are missing."""
    there = {name for name, program in REQUIRED.items() if shutil.which(program)}
    missing = sorted(REQUIRED.keys() - there)
    if os.geteuid():
        there &= {"umoci"}
    wanted = there & set(chosen or REQUIRED)
    engines = []
    if wanted & {"containerd", "docker"}:
        daemon = ContainerdDaemon(work, processes)
        if "containerd" in wanted:
            engines += [Containerd(daemon, "overlayfs"), Containerd(daemon, "native")]
        if "docker" in wanted:
            engines.append(Docker(work, processes, daemon))
    if "umoci" in wanted:
        engines.append(Umoci(work))
    if "buildah" in wanted:
        engines.append(Buildah(work, "overlay"))
    return engines, missing
