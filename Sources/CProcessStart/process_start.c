#include "process_start.h"

#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static int count;
static char **words;

// The first of all constructors: those of Swift's runtime look for the program by /proc, and end the process without it,
// unless they are told where to look.
#ifdef __GLIBC__
__attribute__((constructor(101))) static void start(int argc, char **argv) {
    count = argc;
    words = argv;
    // Each thread would get a heap of its own, and a mount is a thread.
    mallopt(M_ARENA_MAX, 2);
#else
__attribute__((constructor(101))) static void start(void) {
#endif
    if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}

int process_argument_count(void) { return count; }

const char *process_argument(int position) {
    return words != NULL && position >= 0 && position < count ? words[position] : NULL;
}
