#include "name_lookup.h"

#include <features.h>

#ifdef __GLIBC__
#include <nss.h>
#endif

// For any other source of names Glibc loads modules, and a fully static program crashes on those. Musl has no modules.
__attribute__((constructor)) void name_lookup_by_files_and_dns(void) {
#ifdef __GLIBC__
    __nss_configure_lookup("hosts", "files dns");
    __nss_configure_lookup("services", "files");
#endif
}
