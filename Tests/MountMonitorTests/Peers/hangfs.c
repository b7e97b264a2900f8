/* hangfs [FUSE OPTION]... DIRECTORY CONTROL: a file system with one file, .health-check, whose reads block while the file
 * CONTROL exists and is empty, and fail while "error" stands in it. While "nothing" stands in it, the directory shows no file. */
#define FUSE_USE_VERSION 31
#include <fuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

static const char *control;

static const char content[] = "ok\n";

/* The first letter of what stands in CONTROL, 0 where it is empty, -1 where it is not there. */
static int mode(void) {
    int file = open(control, O_RDONLY);
    if (file < 0) return -1;
    char letter = 0;
    if (read(file, &letter, 1) < 0) letter = 0;
    close(file);
    return letter;
}

static void hang(void) { while (mode() == 0) usleep(10000); }

static int fs_getattr(const char *path, struct stat *st, struct fuse_file_info *fi) {
    (void)fi;
    memset(st, 0, sizeof *st);
    if (strcmp(path, "/") == 0) { st->st_mode = S_IFDIR | 0755; st->st_nlink = 2; return 0; }
    if (strcmp(path, "/.health-check") == 0) { st->st_mode = S_IFREG | 0444; st->st_nlink = 1; st->st_size = sizeof content - 1; return 0; }
    return -ENOENT;
}
static int fs_open(const char *path, struct fuse_file_info *fi) {
    (void)path;
    /* A read past the page cache is a request that the reading thread itself waits for. */
    fi->direct_io = getenv("HANGFS_DIRECT_IO") != NULL;
    return 0;
}
static int fs_read(const char *path, char *buf, size_t size, off_t off, struct fuse_file_info *fi) {
    (void)path; (void)fi;
    hang();
    if (mode() == 'e') return -EIO;
    size_t length = sizeof content - 1;
    if ((size_t)off >= length) return 0;
    if (size > length - off) size = length - off;
    memcpy(buf, content + off, size);
    return size;
}
static int fs_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t off, struct fuse_file_info *fi,
                      enum fuse_readdir_flags flags) {
    (void)path; (void)off; (void)fi; (void)flags;
    fill(buf, ".", NULL, 0, 0);
    fill(buf, "..", NULL, 0, 0);
    if (mode() != 'n') fill(buf, ".health-check", NULL, 0, 0);
    return 0;
}
static const struct fuse_operations operations = {
    .getattr = fs_getattr, .open = fs_open, .read = fs_read, .readdir = fs_readdir };
int main(int argc, char **argv) {
    control = argv[--argc];
    argv[argc] = NULL;
    return fuse_main(argc, argv, &operations, NULL);
}
