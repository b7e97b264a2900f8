#ifndef BINDERY_SHIMS_H
#define BINDERY_SHIMS_H

// Only <stdint.h>: a type such as mode_t from here would hide the one that Swift's Glibc exports.
#include <stdint.h>

// System calls and constants that need _GNU_SOURCE or are macros, so that Swift's Glibc import lacks them.
// Each function is the call of the same name: -1 and errno on failure.

extern const int shim_O_TMPFILE;
extern const int shim_O_PATH;

int shim_open(const char *path, int flags, unsigned int mode);
int shim_openat(int dirfd, const char *path, int flags, unsigned int mode);
int shim_renameat2_noreplace(int olddir, const char *oldpath, int newdir, const char *newpath);
int shim_renameat2_exchange(int olddir, const char *oldpath, int newdir, const char *newpath);
int64_t shim_copy_file_range(int in, int64_t *in_offset, int out, int64_t *out_offset, uint64_t length);
int shim_ficlone(int destination, int source);
int shim_syncfs(int fd);
int shim_fallocate_keep_size(int fd, int64_t offset, int64_t length);
/// Starts write-back of the range without waiting for it.
int shim_start_writeback(int fd, int64_t offset, int64_t length);
/// Links the open O_TMPFILE file `fd` to `path` below `dirfd`; EEXIST when the name is taken.
int shim_link_open_file(int fd, int dirfd, const char *path);

/// A file in memory that has no name, memfd_create(2); `name` is seen in /proc alone. Closed on exec.
int shim_memory_file(const char *name);
/// pipe2(2): its reading end, then its writing end. Closed on exec.
int shim_pipe(int ends[2]);

/// Where the bytes `needle` first stand in `haystack`, or NULL.
const void *shim_memmem(const void *haystack, uint64_t haystack_size, const void *needle, uint64_t needle_size);

/// llistxattr(2) and lgetxattr(2): of a link itself.
int64_t shim_llistxattr(const char *path, char *list, uint64_t size);
int64_t shim_lgetxattr(const char *path, const char *name, void *value, uint64_t size);

/// Takes a lock of the open file description on the whole file, fcntl(2), F_OFD_SETLK.
int shim_lock_open_file(int fd);
/// Whether such a lock could be taken: 1, 0, or -1 and errno.
int shim_is_unlocked(int fd);

/// The type of the file system that an open file is in, f_type of fstatfs(2).
int64_t shim_file_system_type(int fd);

/// Gives the calling thread the lowest best-effort priority of input and output.
int shim_lower_io_priority(void);

#endif
