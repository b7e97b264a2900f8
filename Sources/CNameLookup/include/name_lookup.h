#ifndef NAME_LOOKUP_H
#define NAME_LOOKUP_H

// Looks host names up in the hosts file and by DNS alone from now on, whatever else /etc/nsswitch.conf lists. Called at
// the start of each program that links this target.
void name_lookup_by_files_and_dns(void);

#endif
