import GRDB
import Glibc
import SystemIO

/// How an index is opened by who can't, or doesn't want to, write.
///
/// SQLite reads a database in WAL mode with the help of two files beside it. Where those can't be made, there are three
/// cases (SQLite, "Write-Ahead Logging", section 7):
enum ReadOnlyIndex {
    /// A reader, and whether what it reads may be changed by somebody without its notice.
    struct Opened {
        let reader: DatabaseQueue
        /// Set when SQLite was told that the file doesn't change, and somebody else might change it all the same.
        var watched: Watched?
    }

    /// The state of files that must stay as they are.
    struct Watched: Equatable {
        private let database: FileStatus?
        private let log: FileStatus?

        init(_ paths: StorePaths) {
            database = try? FileStatus.of(paths.index)
            log = try? FileStatus.of(paths.index + "-wal")
        }
    }

    static func open(_ paths: StorePaths, _ base: Configuration) throws -> Opened {
        var configuration = base
        configuration.readonly = true
        let isFixed = FileSystem.isReadOnly(paths.root)
        func isThere(_ end: String) -> Bool { ((try? FileStatus.of(paths.index + end))?.size ?? 0) > 0 }
        let hasJournal = isThere("-journal")
        let hasLog = hasJournal || isThere("-wal")
        // A medium that nobody writes to, and nothing in the log: the file is all there is.
        if isFixed, !hasLog { return Opened(reader: try immutable(paths, configuration)) }
        do {
            return Opened(reader: try checked(paths.index, configuration))
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_FULL].contains(error.resultCode)
        {
            // A log that a killed process left, and no shared memory to read it by, or a journal, which takes writing
            // to undo: read from a copy of both.
            if hasJournal || (isFixed && hasLog) { return Opened(reader: try copied(paths, configuration)) }
            guard !isFixed, !hasLog else { throw error }
            // Somebody else's store, or a full disk: others may write to it at any moment.
            let watched = Watched(paths)
            return Opened(reader: try immutable(paths, configuration), watched: watched)
        }
    }

    private static func checked(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
        return queue
    }

    private static func immutable(_ paths: StorePaths, _ configuration: Configuration) throws -> DatabaseQueue {
        try checked("file:\(escaped(paths.index))?immutable=1", configuration)
    }

    private static func copied(_ paths: StorePaths, _ configuration: Configuration) throws -> DatabaseQueue {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let directory = "\(parent)/bindery-index.\(UInt64.random(in: .min ... .max))"
        try Directory.create(directory, mode: 0o700)
        // SQLite has the files open when their names go.
        defer { try? Directory.removeTree(directory) }
        for end in ["", "-wal", "-journal"] {
            guard end.isEmpty || (try? FileStatus.ofLink(paths.index + end)) != nil else { continue }
            let source = try File.open(paths.index + end, O_RDONLY | O_NOFOLLOW)
            let target = try File.open(directory + "/bindery.db" + end, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            try target.copyContents(of: source, expectedSize: try source.status().size)
        }
        let path = directory + "/bindery.db"
        var undoing = configuration
        undoing.readonly = false
        _ = try checked(path, undoing)
        return try checked(path, configuration)
    }

    // SQLite, "Uniform Resource Identifiers": these three have a meaning in a URI's path.
    private static func escaped(_ path: String) -> String {
        path.map { character in
            switch character {
            case "%": "%25"
            case "?": "%3f"
            case "#": "%23"
            default: String(character)
            }
        }.joined()
    }
}
