#define _GNU_SOURCE
#include "shims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

const int shim_O_TMPFILE = O_TMPFILE;
const int shim_O_PATH = O_PATH;

int shim_open(const char *path, int flags, unsigned int mode) { return open(path, flags, (mode_t)mode); }

int shim_openat(int dirfd, const char *path, int flags, unsigned int mode) {
    return openat(dirfd, path, flags, (mode_t)mode);
}

// Through syscall(2): musl has no renameat2 before 1.2.5.
int shim_renameat2_noreplace(int olddir, const char *oldpath, int newdir, const char *newpath) {
    return (int)syscall(SYS_renameat2, olddir, oldpath, newdir, newpath, RENAME_NOREPLACE);
}

int shim_renameat2_exchange(int olddir, const char *oldpath, int newdir, const char *newpath) {
    return (int)syscall(SYS_renameat2, olddir, oldpath, newdir, newpath, RENAME_EXCHANGE);
}

int64_t shim_copy_file_range(int in, int64_t *in_offset, int out, int64_t *out_offset, uint64_t length) {
    return syscall(SYS_copy_file_range, in, in_offset, out, out_offset, length, 0);
}

int shim_ficlone(int destination, int source) { return ioctl(destination, FICLONE, source); }

int shim_syncfs(int fd) { return syncfs(fd); }

int shim_fallocate_keep_size(int fd, int64_t offset, int64_t length) {
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length);
}

int shim_start_writeback(int fd, int64_t offset, int64_t length) {
    return sync_file_range(fd, offset, length, SYNC_FILE_RANGE_WRITE);
}

int shim_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int shim_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int shim_link_open_file(int fd, int dirfd, const char *path) {
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, source, dirfd, path, AT_SYMLINK_FOLLOW);
}

const void *shim_memmem(const void *haystack, uint64_t haystack_size, const void *needle, uint64_t needle_size) {
    return memmem(haystack, haystack_size, needle, needle_size);
}

// ioprio_set(2) has no wrapper in glibc: IOPRIO_WHO_PROCESS, this thread, class best effort (2), level 7 of 0 to 7.
int shim_lower_io_priority(void) { return (int)syscall(SYS_ioprio_set, 1, 0, (2 << 13) | 7); }

int64_t shim_llistxattr(const char *path, char *list, uint64_t size) { return llistxattr(path, list, size); }

int64_t shim_lgetxattr(const char *path, const char *name, void *value, uint64_t size) {
    return lgetxattr(path, name, value, size);
}

int64_t shim_file_system_type(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) == 0 ? (int64_t)status.f_type : -1;
}

int shim_lock_open_file(int fd) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &lock);
}

int shim_is_unlocked(int fd) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 ? lock.l_type == F_UNLCK : -1;
}
