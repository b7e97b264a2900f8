import ContentAddress
import GRDB

/// What blobs are kept for, and how much space they take.
package struct BlobUsage: Sendable, Hashable {
    /// Why a blob is kept; of several reasons the first one.
    package enum Reason: String, Sendable, CaseIterable {
        /// It is a file of a release.
        case release
        /// It is a file of a draft.
        case draft
        /// An image reaches it.
        case image
        /// Something that refers to a manifest reaches it.
        case referrer
        /// Another row of the index names it.
        case other
        /// Nothing names it but a running command.
        case lease
        /// Nothing names it: a collection removes it after the grace period.
        case unnamed
    }

    package let reason: Reason
    package let blobs: Int
    package let bytes: Int64
}

/// The blobs that came in one day and are still there.
package struct BlobGrowth: Sendable, Hashable {
    /// Days since 1970, in UTC.
    package let day: Int64
    package let blobs: Int
    package let bytes: Int64
}

extension Store {
    /// Each byte of the index's blobs under the one reason that it counts for, in the order of the reasons.
    package func blobUsage() throws(StoreError) -> [BlobUsage] {
        let usage = try index.read { db -> [String: (Int, Int64)] in
            var cases: [(BlobUsage.Reason, Reachability.Root)] = [
                (.release, .init(table: "artifact", column: "digest")),
                (.draft, .init(table: "draft", column: "digest")),
                (.image, .init(table: "image_blob", column: "digest")),
                (.referrer, .init(table: "referrer_blob", column: "digest")),
            ]
            let named = cases.map(\.1)
            cases += try Reachability.roots(of: "blob", in: db).filter { !named.contains($0) }.map { (.other, $0) }
            cases.append((.lease, .init(table: "lease_blob", column: "digest")))
            let conditions = try cases.filter { try db.tableExists($0.1.table) }
                .map { "WHEN NOT (\($0.1.isAbsent("blob.digest"))) THEN '\($0.0.rawValue)'" }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT CASE \(conditions.joined(separator: " ")) ELSE 'unnamed' END AS reason, count(*) AS blobs,
                        sum(size) AS bytes FROM blob GROUP BY reason
                    """
            )
            return Dictionary(rows.map { ($0["reason"], ($0["blobs"], $0["bytes"])) }) { first, _ in first }
        }
        return BlobUsage.Reason.allCases.map { reason in
            let (blobs, bytes) = usage[reason.rawValue] ?? (0, 0)
            return BlobUsage(reason: reason, blobs: blobs, bytes: bytes)
        }
    }

    /// What came day by day, of what is still there.
    package func blobGrowth() throws(StoreError) -> [BlobGrowth] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT added_at / 86400000 AS day, count(*) AS blobs, sum(size) AS bytes FROM blob
                    GROUP BY day ORDER BY day
                    """
            ).map { BlobGrowth(day: $0["day"], blobs: $0["blobs"], bytes: $0["bytes"]) }
        }
    }
}
