import ContentAddress
import Foundation
import GRDB
import OCI
import SystemIO

/// What holds blobs that no row names yet, so that collection lets them be.
///
/// It ends with the transaction that names the blobs, with the call that fails, with its holder's process, and by time.
/// A lease needn't survive a power cut, as its holder doesn't either; so it isn't synced.
final class Lease: Sendable {
    /// How long a holder keeps its blobs from collection, in milliseconds.
    static let duration: Int64 = 3_600_000

    let id = UUID().uuidString
    private let holder: String
    /// Held before the lease is written; nil where the file system can't, and then only time ends the lease.
    private let file: LeaseFile?

    init(_ paths: StorePaths, actor: String) {
        holder = "\(actor) pid \(ProcessInfo.processInfo.processIdentifier)"
        file = try? LeaseFile(id, paths)
    }

    /// Holds further blobs; the time of all of them begins again.
    func hold(_ digests: [Digest], now: Timestamp, in db: Database) throws {
        let expiry = now.milliseconds + Self.duration
        try db.execute(
            sql: """
                INSERT INTO lease (id, holder, expires_at, file) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)
                """,
            arguments: [id, holder, expiry, file?.name]
        )
        for digest in digests {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO lease_blob (lease, digest) VALUES (?, ?)")
                .execute(arguments: [id, digest.column])
        }
    }

    /// Ends it, where it can be written; one that stays in the index is void when this process ends.
    func end(in index: Index) {
        let sql = "SELECT EXISTS (SELECT 1 FROM lease WHERE id = ?)"
        do {
            if try index.read({ try Bool.fetchOne($0, sql: sql, arguments: [id]) ?? false }) {
                try index.writeUnsynced { try $0.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [id]) }
            }
            removeFile()
        } catch {
            return
        }
    }

    /// Removes its file, when its row is gone.
    func removeFile() { file?.remove() }

    /// Lets all of them go, in the transaction that names them.
    ///
    /// A lease that ran out before may have been ended by a collection, which then took the blobs: throws
    /// ``StoreError/collected(_:)`` when one isn't there any more.
    ///
    /// `wait` is called before it looks: it waits until the blobs have their names.
    func release(
        _ digests: [Digest],
        in db: Database,
        from blobs: any BlobStorage,
        wait: () throws -> Void = {}
    ) throws {
        try db.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [id])
        let isLost = db.changesCount == 0
        try wait()
        guard isLost else { return }
        for digest in digests where try !blobs.isThere(digest) {
            throw StoreError.collected(digest)
        }
    }
}
