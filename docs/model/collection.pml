/* Leases and collection, as Store+Put.swift, Store+Images.swift and Store+Collect.swift do them (docs/durability.md).
 *
 *   spin -a collection.pml && cc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * One blob, two writers that put the same bytes, two collectors, one remover, and clocks that may end a lease at any
 * moment. SQLite lets one process write at a time, so each of its transactions is one atomic step, and so is each
 * system call. A writer that dies stops between any two steps, with its lease left behind and its lock gone. A writer of
 * an earlier version has no lock, and its lease names none.
 *
 * Properties: a blob that a committed row names has its file (the assertion `reachable`, checked after each step); a
 * collector ends no lease as void whose writer lives (`!alive`).
 *
 * The mutations, each of which spin must refute:
 *   -DFILES_FIRST        the collector lists and unlinks files, and then deletes rows
 *   -DLEASE_AFTER_CHECK  the writer asks whether the blob is known, and leases it afterwards
 *   -DNO_LEASE           the writer doesn't lease at all
 *   -DNO_RECHECK         the collector unlinks what it listed without looking again
 *   -DRECHECK_OUTSIDE    it looks again, but unlinks outside of the transaction that looked
 *   -DBLIND_COMMIT       the writer commits without asking whether its lease has been ended
 *   -DLOCK_LATE          the writer takes its lock after its lease is written
 *   -DUNLOCK_EARLY       the writer lets its lock go before it commits
 *   -DVOID_OLD           a lease that names no lock counts as void
 */

#define WRITERS 2
#define COLLECTORS 2

bool file = false;      /* blobs/sha256/<hex> is there */
bool row = false;       /* the table blob has it */
byte names = 0;         /* rows that name the blob: artifacts, images */
bool lease[WRITERS];    /* the lease of each writer, as the table has it */
bool lock[WRITERS];     /* the lock of each writer's lease */
bool old[WRITERS];      /* the writer is of an earlier version: it has no lock, and its lease names none */
bool alive[WRITERS];    /* the writer has begun, and has neither ended nor died */

#define leased (lease[0] || lease[1])
#define reachable assert(names == 0 || (row && file))

proctype Writer(byte me)
{
    bool known;

    atomic {
        alive[me] = true;
        if
        :: old[me] = true
        :: skip
        fi
    }
#ifndef LOCK_LATE
    atomic { if :: !old[me] -> lock[me] = true :: else fi }
#endif
    do
    :: true ->
#ifdef LEASE_AFTER_CHECK
        atomic { known = row }
        atomic { lease[me] = true }
#else
#ifndef NO_LEASE
        atomic { lease[me] = true }
#endif
        atomic { known = row }
#endif
#ifdef LOCK_LATE
        atomic { if :: !old[me] -> lock[me] = true :: else fi }
#endif
        /* Sync, if it isn't known; link. A name that is taken is success, and so is a known blob's. Images skip the
           link of what they know. */
        if
        :: known
        :: atomic { file = true }
        :: break                         /* killed */
        fi;
#ifdef UNLOCK_EARLY
        lock[me] = false;
#endif
        /* The commit: one transaction. */
        atomic {
            if
#ifdef BLIND_COMMIT
            :: true -> row = true; names++
#else
            :: lease[me] -> row = true; names++
#ifdef NO_LEASE
            :: !lease[me] -> row = true; names++
#else
            /* The lease was ended: the transaction looks for the file, and gives up when it is gone. */
            :: !lease[me] && file -> row = true; names++
            :: !lease[me] && !file -> skip
#endif
#endif
            fi;
            lease[me] = false;
            reachable
        }
        break
    od;
    atomic { alive[me] = false; lock[me] = false }
}

/* Removes releases: their blob stays until a collection. */
proctype Remover()
{
    do
    :: atomic { names > 0 -> names-- }
    :: break
    od
}

/* Time: a lease may run out under a writer that lives, too, and any collector ends it then. */
proctype Clock()
{
    do
    :: atomic { lease[0] -> lease[0] = false }
    :: atomic { lease[1] -> lease[1] = false }
    :: break
    od
}

/* The lock of a lease's file can be taken: its holder is gone. */
#ifdef VOID_OLD
#define void(i) (lease[i] && !lock[i])
#else
#define void(i) (lease[i] && !old[i] && !lock[i])
#endif
#define end_void(i) if :: void(i) -> assert(!alive[i]); lease[i] = false :: else fi

proctype Collector()
{
    bool candidate = false;

#ifdef FILES_FIRST
    atomic { candidate = names == 0 && !leased }
    if
    :: candidate -> atomic { file = false; reachable }; atomic { if :: names == 0 -> row = false :: else fi; reachable }
    :: else
    fi
#else
    /* The transaction that decides: the row goes if nothing keeps it. */
    atomic {
        end_void(0);
        end_void(1);
        if
        :: names == 0 && !leased -> row = false
        :: else
        fi;
        reachable
    }
    /* The listing of the directory, in a transaction that reads. */
    atomic { candidate = file && !row && !leased }
    if
    :: candidate ->
#if defined(NO_RECHECK)
        atomic { file = false; reachable }
#elif defined(RECHECK_OUTSIDE)
        atomic { candidate = !row && !leased }
        atomic { if :: candidate -> file = false :: else fi; reachable }
#else
        /* Looked at again and unlinked inside a transaction that writes: no lease comes in between. */
        atomic {
            if
            :: !row && !leased -> file = false
            :: else
            fi;
            reachable
        }
#endif
    :: else
    fi
#endif
}

init
{
    /* Any consistent start: nothing; a file that no row names; a blob that is known; one that is named. */
    if
    :: skip
    :: file = true
    :: atomic { file = true; row = true }
    :: atomic { file = true; row = true; names = 1 }
    fi;
    atomic {
        run Writer(0);
        run Writer(1);
        run Remover();
        run Clock();
        run Collector();
        run Collector()
    }
}
