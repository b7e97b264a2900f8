import ContentAddress
import Foundation
import GRDB

/// Which audited contents are those of a released file, or near to it.
enum AuditNearRows {
    /// What shows that two files are of one origin, for one processor that a file is for.
    struct Origin {
        var buildID: [UInt8]?
        var textDigest: Digest?
        var goPackage: String?
    }

    /// The content with a digest, and those that share code, build-id, Go package or much of the bytes with it.
    static func contents(like digest: Digest, in db: Database) throws -> Set<Int64> {
        let own = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM audit_content WHERE digest = ?"),
            arguments: [digest.column]
        )
        return try near(digest, origins(of: digest, in: db), in: db).union(own.map { [$0] } ?? [])
    }

    /// The contents that are near to a file; its own is among them when it is a program that was audited.
    static func near(_ digest: Digest, _ origins: [Origin], in db: Database) throws -> Set<Int64> {
        var found: Set<Int64> = []
        func look(_ condition: String, _ argument: (any DatabaseValueConvertible)?) throws {
            guard let argument else { return }
            let statement = try db.cachedStatement(sql: "SELECT content FROM audit_program WHERE \(condition)")
            found.formUnion(try Int64.fetchAll(statement, arguments: [argument]))
        }
        for origin in origins {
            try look("build_id = ?", origin.buildID.map { Data($0) })
            try look("text_digest = ?", origin.textDigest?.column)
            try look("go_package = ?", origin.goPackage)
        }
        let alike = try db.cachedStatement(sql: "SELECT content FROM audit_likeness WHERE artifact = ?")
        found.formUnion(try Int64.fetchAll(alike, arguments: [digest.column]))
        return found
    }

    /// What the store knows of a released program.
    static func origins(of digest: Digest, in db: Database) throws -> [Origin] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT build_id, text_digest, json_extract(facts, '$.elf.goBuildInfo.packagePath') AS go_package
                    FROM elf WHERE digest = ?1
                    UNION ALL
                    SELECT build_id, text_digest, go_package FROM foreign_program WHERE digest = ?1
                    """
            ),
            arguments: [digest.column]
        )
        return try rows.map { row in
            let buildID: Data? = row["build_id"]
            let package: String? = row["go_package"]
            return Origin(
                buildID: buildID.map { Array($0) },
                textDigest: row["text_digest"] == nil ? nil : try row.digest("text_digest"),
                goPackage: package?.isEmpty == true ? nil : package
            )
        }
    }

    static func digests(of contents: Set<Int64>, in db: Database) throws -> [Digest] {
        let statement = try db.cachedStatement(sql: "SELECT digest FROM audit_content WHERE id = ?")
        return try contents.compactMap { try Row.fetchOne(statement, arguments: [$0])?.digest("digest") }.sorted()
    }

    /// What brings an audited content near to a file.
    static func nearness(
        of content: Digest,
        to digest: Digest,
        _ origins: [Origin],
        in db: Database
    ) throws -> AuditNearness {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT build_id, text_digest, go_package, (
                        SELECT thousandths FROM audit_likeness WHERE artifact = ? AND content = audit_content.id
                    ) AS thousandths
                    FROM audit_content LEFT JOIN audit_program ON audit_program.content = audit_content.id
                    WHERE digest = ?
                    """
            ),
            arguments: [digest.column, content.column]
        )
        var evidence: [String] = []
        func compare(_ words: String, _ column: String, _ own: [some DatabaseValueConvertible]) {
            let other: DatabaseValue? = row?[column]
            if own.contains(where: { $0.databaseValue == other }) { evidence.append(words) }
        }
        compare("same code", "text_digest", origins.compactMap(\.textDigest?.column))
        compare("same build-id", "build_id", origins.compactMap { $0.buildID.map { Data($0) } })
        compare("same Go package", "go_package", origins.compactMap(\.goPackage))
        return AuditNearness(evidence: evidence, thousandths: row?["thousandths"])
    }
}

extension AuditNearRows.Origin {
    init(_ program: ProgramIdentity) {
        buildID = program.buildIDBytes
        textDigest = program.code
        goPackage = program.goPackage
    }
}
