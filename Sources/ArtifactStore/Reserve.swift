import GRDB
import Glibc
import SystemIO

/// A file that takes up room, so that there is some when the disk is full and something is to be removed.
///
/// Removing a release and collecting its bytes write to the index before they free anything.
enum Reserve {
    /// A few times what one transaction of a removal, its log and the memory shared by processes take: 1 MiB.
    private static let size: Int64 = 1 << 20

    /// Makes it where it isn't; without, where there is no room for it.
    static func make(_ paths: StorePaths) {
        guard (try? FileStatus.ofLink(paths.reserve)) == nil else { return }
        do {
            let file = try StagedFile.create(in: paths.staging)
            try file.file.reserve(size)
            // Copying the store keeps a size, and not what was reserved beyond it.
            try file.file.setSize(size)
            _ = try file.link(to: paths.reserve)
        } catch {
            return
        }
    }

    /// Gives it up; returns whether there was one.
    static func release(_ paths: StorePaths) -> Bool {
        guard (try? FileStatus.ofLink(paths.reserve)) != nil else { return false }
        return (try? Directory.remove(paths.reserve)) != nil
    }
}

extension StoreError {
    /// Whether no space is left.
    package var isFullDisk: Bool {
        switch self {
        case .index(_, .full, _): true
        case .system(let error): error.code == ENOSPC || error.code == EDQUOT
        default: false
        }
    }
}

extension Store {
    /// One transaction that makes room: on a full disk the reserve is given up for it.
    func writeFreeing<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try index.write(body)
        } catch  where error.isFullDisk && options.access == .freeing {
            // What the log holds goes into the index, which has its pages already, and the log is shortened.
            try? index.checkpoint()
            if Reserve.release(paths) { return try index.write(body) }
            return try index.write(body)
        }
    }
}
