#ifndef PROCESS_START_H
#define PROCESS_START_H

#include <stdbool.h>

// Room for the calls of a check, in bytes; the C libraries' own default differs by a factor of 64.
enum { THREAD_STACK = 512 * 1024 };

// The command line as the kernel handed it over; 0 where the C library doesn't pass it on.
int process_argument_count(void);

// A word of it; NULL behind the last.
const char *process_argument(int position);

// Makes the stacks of threads that others start as large as those of our own, so that trying those tells of them, too; the
// usual size is that of the first thread, whatever a limit makes of it.
//
// Called by the program, before there is a second thread; the tests have threads that need more.
void process_size_stacks(void);

// Takes the pages of the program's file that can't be written to out of this process' memory (madvise(2), MADV_DONTNEED).
void process_give_back_code(void);

// Raises the limit of open files to what the process may set itself, as Go's runtime does; the limit that then holds.
long process_raise_file_limit(void);

// Connects to a port of this machine, whose calls then take no longer than that; -1 with errno where it can't.
//
// Here, since NIO has a module of its own for the addresses of sockets, and whose Swift means hangs on the order of
// files.
int process_connect(unsigned short port, bool is_ipv6, int seconds);

// The number of a network interface; 0 where there is none of that name. (Glibc's module has no net/if.h.)
unsigned process_interface_number(const char *name);

#endif
