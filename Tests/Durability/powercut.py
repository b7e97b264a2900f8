"""Power cuts: an ext4 of its own, killed and shut down at one moment, then mounted again.

EXT4_IOC_SHUTDOWN with NOLOGFLUSH stops the file system as it is: nothing more reaches the device, neither data nor
journal, so that whatever no fsync had waited for is gone, unless the kernel had written it back by itself. Mounting
again replays the journal as after a real loss of power.
"""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
import time

import faults
import inspection

SHUTDOWN = 0x8004587D
WITHOUT_JOURNAL = 2


class Disk:
    """An ext4 in a file, mounted."""

    def __init__(self, image, directory):
        self.image = image
        self.directory = directory

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(24 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-b", "4096", self.image], check=True, capture_output=True)
        os.makedirs(self.directory, exist_ok=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.directory], check=True, capture_output=True)

    def unmount(self):
        # The last threads of a killed process may hold a file for a moment more.
        for _ in range(100):
            if subprocess.run(["umount", self.directory], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise SystemExit(f"{self.directory} can't be unmounted")

    def cut(self):
        descriptor = os.open(self.directory, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", WITHOUT_JOURNAL))
        finally:
            os.close(descriptor)
        self.unmount()
        self.mount()


def leave_others():
    """Goes on in a mount namespace of its own, where that is allowed.

    A container that starts elsewhere in the middle of a power cut takes a copy of all mounts along, and with it the disk
    as it was shut down: mounting it again gives that one, on which every call fails, and not what the journal says.
    """
    if os.geteuid() != 0 or os.environ.get("BINDERY_DURABILITY_NAMESPACE"):
        return
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
        os.environ["BINDERY_DURABILITY_NAMESPACE"] = "1"
        os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def available(work):
    """Whether power can be cut here: tried once, since a container may have the device and not the right to mount it."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        return False
    disk = Disk(os.path.join(work, "disk-try"), os.path.join(work, "mount-try"))
    try:
        disk.make()
        disk.cut()
        disk.unmount()
    except (OSError, subprocess.CalledProcessError):
        return False
    os.remove(disk.image)
    os.rmdir(disk.directory)
    return True


def disturb(work, bindery, pristine, number, operation, call, place, before, tags, lying=False):
    """Kills an operation at a call (or lets it end), cuts the power, and looks at what is left."""
    disk = Disk(os.path.join(work, f"disk-{number}"), os.path.join(work, f"mount-{number}"))
    disk.make()
    try:
        store = os.path.join(disk.directory, "store")
        faults.copy(pristine, store)
        subprocess.run(["sync", "-f", disk.directory], check=True)
        if call == "exit":
            # Lying syncs do nothing and say that they did: what a test of this test is made of.
            lie = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fsync,fdatasync,syncfs:retval=0"]
            result = inspection.run(bindery, store, operation, lie if lying else ())
            status, errors, hit = result.returncode, result.stderr, True
        else:
            status, errors, hit = faults.disturb(work, bindery, store, operation, call, place, "signal=KILL")
        disk.cut()
        if hit:
            inspection.inspect(bindery, store, before, operation, status, errors, tags)
        return hit
    finally:
        disk.unmount()
        os.remove(disk.image)
        os.rmdir(disk.directory)


def clean(work):
    """Unmounts what an interrupted run left."""
    for name in os.listdir(work):
        if name.startswith("mount-"):
            subprocess.run(["umount", "-l", os.path.join(work, name)], capture_output=True, check=False)
