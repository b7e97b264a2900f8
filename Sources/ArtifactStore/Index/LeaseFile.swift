import Glibc
import SystemIO

/// The file by whose lock others see that a lease's holder lives; in staging, named by the lease.
///
/// The lock ends with this value, and with the process however that ends.
final class LeaseFile: Sendable {
    /// What the files' names end in.
    static let suffix = ".lease"

    let name: String
    private let path: String
    private let file: File

    /// Makes the file and takes its lock; throws where the file system can't.
    init(_ id: String, _ paths: StorePaths) throws(SystemError) {
        name = id + Self.suffix
        path = paths.staging + "/" + name
        let file = try File.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        do {
            try file.hold()
            // Whoever may write to staging may look for the lock: a group-shared store's whole group.
            let mode = try FileStatus.of(paths.staging).mode & 0o666
            if mode != 0o600 { try file.setMode(mode) }
        } catch {
            try? Directory.remove(path)
            throw error
        }
        self.file = file
    }

    /// Removes the file of a lease that has no row any more.
    func remove() { try? Directory.remove(path) }
}

/// Tells which leases' holders are gone, by their files' locks.
struct LeaseHolders: Sendable {
    private let staging: String
    private let isReliable: Bool

    init(_ paths: StorePaths) {
        staging = paths.staging
        isReliable = FileSystem.keepsLocks(in: paths.staging)
    }

    /// Whether the lock can be taken that a lease's file has; false for one that names none (an earlier program's),
    /// whose file isn't there, and where locks may not tell.
    func isGone(_ name: String?) -> Bool {
        guard isReliable, let name, name.hasSuffix(LeaseFile.suffix), !name.contains("/") else { return false }
        do {
            let file = try File.open("\(staging)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try file.status().kind == .file else { return false }
            return try file.isUnheld()
        } catch {
            return false
        }
    }

    /// Removes the file of a lease whose holder is gone.
    func remove(_ name: String) { try? Directory.remove("\(staging)/\(name)") }
}
