#ifndef BINDERY_BUILD_VERSION_H
#define BINDERY_BUILD_VERSION_H

/// The version this program was built as, without a leading "v"; a NUL-terminated string that is never freed.
const char *build_version(void);

#endif
