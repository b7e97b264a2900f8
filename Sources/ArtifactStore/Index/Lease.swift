import ContentAddress
import Foundation
import GRDB
import OCI
import SystemIO

/// What holds blobs that no row names yet, so that collection lets them be.
///
/// It ends with the transaction that names the blobs, with the call that fails, or by time when its holder was killed. A lease needn't survive a
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

    /// Holds further blobs; `now` renews the time of all of them.
    func hold(_ digests: [Digest], now: Timestamp? = nil, in db: Database) throws {
        let expiry = now.map { $0.milliseconds + Self.duration } ?? expiresAt.milliseconds
        try db.execute(
            sql: """
                INSERT INTO lease (id, holder, expires_at) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)
                """,
            arguments: [id, holder, expiry]
        )
        for digest in digests {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO lease_blob (lease, digest) VALUES (?, ?)")
                .execute(arguments: [id, digest.column])
        }
    }

    /// Runs a change that holds it, and ends it when that fails: nothing waits for a holder that is gone.
    func whileHeld<Value>(in index: Index, _ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try body()
        } catch {
            end(in: index)
            throw error
        }
    }

    /// Ends it, where it can be written; does nothing for one that isn't held.
    func end(in index: Index) {
        let sql = "SELECT EXISTS (SELECT 1 FROM lease WHERE id = ?)"
        let isHeld = try? index.read { try Bool.fetchOne($0, sql: sql, arguments: [id]) ?? false }
        guard isHeld == true else { return }
        try? index.writeUnsynced { try $0.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [id]) }
    }

    /// Lets all of them go, in the transaction that names them.
    ///
    /// A lease that ran out before may have been ended by a collection, which then took the blobs: throws
    /// ``StoreError/collected(_:)`` when one isn't there any more.
    ///
    /// `wait` is called before it looks: it waits until the blobs have their names.
    func release(
        _ digests: [Digest],
        in db: Database,
        paths: StorePaths,
        wait: () throws -> Void = {}
    ) throws {
        try db.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [id])
        let isLost = db.changesCount == 0
        try wait()
        guard isLost else { return }
        for digest in digests where (try? FileStatus.ofLink(paths.blob(digest))) == nil {
            throw StoreError.collected(digest)
        }
    }
}
