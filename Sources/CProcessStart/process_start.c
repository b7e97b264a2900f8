#define _GNU_SOURCE
#include "process_start.h"

#include <errno.h>
#include <features.h>
#include <limits.h>
#include <link.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
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

void process_size_stacks(void) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

static int give_back(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    (void)context;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int number = 0; number < object->dlpi_phnum; number++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[number];
        // What may be written to holds what was written, and the file doesn't.
        if (part->p_type != PT_LOAD || (part->p_flags & PF_W) != 0) continue;
        uintptr_t start = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    // The program is the first; the libraries of one that isn't static are left alone.
    return 1;
}

void process_give_back_code(void) { dl_iterate_phdr(give_back, NULL); }

long process_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return LONG_MAX;
    struct rlimit raised = {limit.rlim_max, limit.rlim_max};
    if (limit.rlim_cur < limit.rlim_max && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    return limit.rlim_cur > LONG_MAX ? LONG_MAX : (long)limit.rlim_cur;
}

unsigned process_interface_number(const char *name) { return if_nametoindex(name); }

int process_connect(unsigned short port, bool is_ipv6, int seconds) {
    int descriptor = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct timeval time = {.tv_sec = seconds};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int result = is_ipv6 ? connect(descriptor, (struct sockaddr *)&six, sizeof six)
                         : connect(descriptor, (struct sockaddr *)&four, sizeof four);
    if (result == 0) return descriptor;
    int failure = errno;
    close(descriptor);
    errno = failure;
    return -1;
}
