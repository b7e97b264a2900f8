package import ContentAddress
import Foundation
import GRDB

extension Store {
    /// The released programs, of any system, that have a build-id, whose machine code has a digest, or that are built
    /// from a Go package; each digest once.
    ///
    /// Of a Go package the latest ones only: every release of a program is built from the same.
    package func programs(
        buildID: [UInt8]?,
        textDigest: Digest?,
        goPackage: String? = nil
    ) throws(StoreError) -> [Digest] {
        try index.read { db in
            var found: [Digest] = []
            if let buildID, !buildID.isEmpty {
                found += try Self.digests(where: "build_id = ?", [Data(buildID)], in: db)
            }
            if let textDigest {
                found += try Self.digests(where: "text_digest = ?", [textDigest.column], in: db)
            }
            if let goPackage { found += try Self.digests(ofGoPackage: goPackage, in: db) }
            var seen: Set<Digest> = []
            return found.filter { seen.insert($0).inserted }
        }
    }

    private static func digests(ofGoPackage package: String, in db: Database) throws -> [Digest] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT elf.digest FROM elf JOIN artifact ON artifact.digest = elf.digest
                WHERE json_extract(facts, '$.elf.goBuildInfo.packagePath') = ?
                    AND json_extract(facts, '$.elf.goBuildInfo.packagePath') <> ''
                GROUP BY elf.digest ORDER BY max(put_at) DESC, elf.digest LIMIT 16
                """
        )
        let foreign = try db.cachedStatement(
            sql: """
                SELECT foreign_program.digest FROM foreign_program
                JOIN artifact ON artifact.digest = foreign_program.digest WHERE go_package = ?
                GROUP BY foreign_program.digest ORDER BY max(put_at) DESC, foreign_program.digest LIMIT 16
                """
        )
        return try [statement, foreign].flatMap { try Row.fetchAll($0, arguments: [package]) }.map {
            try $0.digest("digest")
        }
    }

    private static func digests(
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [Digest] {
        try ["elf", "foreign_program"].flatMap { table in
            let sql = "SELECT DISTINCT digest FROM \(table) WHERE \(condition) ORDER BY digest LIMIT 1000"
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { try $0.digest("digest") }
        }
    }
}
