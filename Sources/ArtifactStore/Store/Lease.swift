internal import ContentAddress
internal import Foundation
internal import GRDB
internal import OCI

/// What holds blobs that no row names yet, so that collection lets them be.
///
/// It ends with the transaction that names the blobs, or by time when its holder was killed. A lease needn't survive a
/// power cut, as its holder doesn't either; so it isn't synced.
struct Lease: Sendable {
    /// How long a holder that died keeps its blobs from collection.
    static let duration: Int64 = 3_600_000

    let id = UUID().uuidString
    let holder: String
    let expiresAt: Timestamp

    init(actor: String, now: Timestamp) {
        holder = "\(actor) pid \(ProcessInfo.processInfo.processIdentifier)"
        expiresAt = Timestamp(milliseconds: now.milliseconds + Self.duration)
    }

    /// Holds further blobs.
    func hold(_ digests: [Digest], in db: Database) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO lease (id, holder, expires_at) VALUES (?, ?, ?)",
            arguments: [id, holder, expiresAt.milliseconds]
        )
        for digest in digests {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO lease_blob (lease, digest) VALUES (?, ?)")
                .execute(arguments: [id, digest.column])
        }
    }

    /// Lets all of them go, in the transaction that names them.
    func release(in db: Database) throws {
        try db.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [id])
    }
}
