#include <sqlite3.h>

/// sqlite3_db_config(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1): Swift can't call a function with variable arguments.
static inline int csqlite_keep_log_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
