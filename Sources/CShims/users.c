#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>

// The C library's own look-ups of users and groups by number, in its place: they load modules when a number has no
// entry in the files, and a fully static program crashes on that. Foundation makes such a look-up for the owner of any
// file whose attributes it is asked for. Only the files are asked here; who stands in no file has no name.

int getpwuid_r(uid_t user, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
    *result = NULL;
    FILE *file = fopen("/etc/passwd", "re");
    if (file == NULL) return 0;
    int status;
    do {
        status = fgetpwent_r(file, entry, buffer, size, result);
    } while (status == 0 && entry->pw_uid != user);
    fclose(file);
    if (status == 0) return 0;
    *result = NULL;
    return status == ENOENT ? 0 : status;
}

int getgrgid_r(gid_t group, struct group *entry, char *buffer, size_t size, struct group **result) {
    *result = NULL;
    FILE *file = fopen("/etc/group", "re");
    if (file == NULL) return 0;
    int status;
    do {
        status = fgetgrent_r(file, entry, buffer, size, result);
    } while (status == 0 && entry->gr_gid != group);
    fclose(file);
    if (status == 0) return 0;
    *result = NULL;
    return status == ENOENT ? 0 : status;
}
