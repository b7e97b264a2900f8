import Glibc
import SystemIO

/// What keeps two processes from making or migrating an index at the same moment, which would see each other's halves.
///
/// It is taken on the file `lock` of the store, which only those can open who may write to the index: a lock on the
/// store's directory, which earlier versions take, is anybody's who can read it.
struct OpeningLock: ~Copyable {
    private let file: File?

    /// How long the making or migrating of an index waits for the directory's lock, in seconds.
    ///
    /// A program of an earlier version holds it while it opens the store; longer than this only something else does.
    private static let olderTimeout = 2.0

    /// Takes the lock; gives up after `timeout` seconds.
    init(_ paths: StorePaths, timeout: Double) throws {
        do {
            let file = try File.open(paths.lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
            let status = try file.status()
            guard status.kind == .file else {
                throw StoreError.notAStore(path: paths.root, reason: "\(paths.lock) is a \(status.kind.rawValue)")
            }
            // Whoever may write to the index may take the lock, and nobody else.
            let writers = ((try? FileStatus.ofLink(paths.index))?.mode ?? 0o600) & 0o222
            let wanted = writers | writers << 1
            if status.mode != wanted { try? file.setMode(wanted) }
            guard try Self.lock(file, timeout: timeout) else {
                throw StoreError.index(path: paths.lock, failure: .busy, reason: "another process has it locked")
            }
            self.file = consume file
        } catch let error as SystemError where error.code == EACCES {
            // Made before its group might write to the index. SQLite's own locks keep all that is in the index whole.
            file = nil
        }
    }

    /// Waits for programs of earlier versions, which lock the directory; not for ever, since anybody can.
    ///
    /// Gives what holds the lock while it lives.
    static func waitForOlder(_ paths: StorePaths, timeout: Double) throws(SystemError) -> File {
        let directory = try File.open(paths.root, O_RDONLY | O_DIRECTORY)
        _ = try lock(directory, timeout: min(timeout, olderTimeout))
        return directory
    }

    private static func lock(_ file: borrowing File, timeout: Double) throws(SystemError) -> Bool {
        let step = 0.005
        var waited = 0.0
        while try !file.tryLock() {
            guard waited < timeout else { return false }
            usleep(UInt32(step * 1_000_000))
            waited += step
        }
        return true
    }
}
