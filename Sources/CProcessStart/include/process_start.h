#ifndef PROCESS_START_H
#define PROCESS_START_H

// The command line as the kernel handed it over; 0 where the C library doesn't pass it on.
int process_argument_count(void);

// A word of it; NULL behind the last.
const char *process_argument(int position);

#endif
