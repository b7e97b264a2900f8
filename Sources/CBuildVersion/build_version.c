#include "build_version.h"

#ifndef BUILD_VERSION
#define BUILD_VERSION "0.0.0-dev"
#endif

// A C array, since Swift would put a short string into the instructions: here it stands in one piece in .rodata, where
// `strings` and `bindery put --expect-version` find it.
static const char version[] = BUILD_VERSION;

const char *build_version(void) { return version; }
