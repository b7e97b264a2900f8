public import ContentAddress
internal import Foundation
internal import GRDB

extension Store {
    /// The released programs that have a build-id, or whose machine code has a digest; each digest once.
    public func programs(buildID: [UInt8]?, textDigest: Digest?) throws(StoreError) -> [Digest] {
        try index.read { db in
            var found: [Digest] = []
            if let buildID, !buildID.isEmpty {
                found += try Self.digests(where: "build_id = ?", [Data(buildID)], in: db)
            }
            if let textDigest {
                found += try Self.digests(where: "text_digest = ?", [textDigest.column], in: db)
            }
            var seen: Set<Digest> = []
            return found.filter { seen.insert($0).inserted }
        }
    }

    private static func digests(
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [Digest] {
        let sql = "SELECT digest FROM elf WHERE \(condition) ORDER BY digest LIMIT 1000"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { try $0.digest("digest") }
    }
}
