import ContentAddress
import ELF
import Foundation
import GRDB

/// Which audited contents are those of a released file, or near to it.
enum AuditNearRows {
    /// What shows that two files are of one origin.
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
        return try near(digest, origin(of: digest, in: db), in: db).union(own.map { [$0] } ?? [])
    }

    /// The contents that are near to a file; its own is among them when it is a program that was audited.
    static func near(_ digest: Digest, _ origin: Origin, in db: Database) throws -> Set<Int64> {
        var found: Set<Int64> = []
        func look(_ condition: String, _ argument: (any DatabaseValueConvertible)?) throws {
            guard let argument else { return }
            let statement = try db.cachedStatement(sql: "SELECT content FROM audit_program WHERE \(condition)")
            found.formUnion(try Int64.fetchAll(statement, arguments: [argument]))
        }
        try look("build_id = ?", origin.buildID.map { Data($0) })
        try look("text_digest = ?", origin.textDigest?.column)
        try look("go_package = ?", origin.goPackage)
        let alike = try db.cachedStatement(sql: "SELECT content FROM audit_likeness WHERE artifact = ?")
        found.formUnion(try Int64.fetchAll(alike, arguments: [digest.column]))
        return found
    }

    /// What the store knows of a released program.
    static func origin(of digest: Digest, in db: Database) throws -> Origin {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT build_id, text_digest, json_extract(facts, '$.elf.goBuildInfo.packagePath') AS go_package
                    FROM elf WHERE digest = ?
                    """
            ),
            arguments: [digest.column]
        )
        guard let row else { return Origin() }
        let buildID: Data? = row["build_id"]
        let package: String? = row["go_package"]
        return Origin(
            buildID: buildID.map { Array($0) },
            textDigest: row["text_digest"] == nil ? nil : try row.digest("text_digest"),
            goPackage: package?.isEmpty == true ? nil : package
        )
    }

    static func digests(of contents: Set<Int64>, in db: Database) throws -> [Digest] {
        let statement = try db.cachedStatement(sql: "SELECT digest FROM audit_content WHERE id = ?")
        return try contents.compactMap { try Row.fetchOne(statement, arguments: [$0])?.digest("digest") }.sorted()
    }

    /// What brings an audited content near to a file.
    static func nearness(
        of content: Digest,
        to digest: Digest,
        _ origin: Origin,
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
        func compare(_ words: String, _ column: String, _ own: (some Equatable & DatabaseValueConvertible)?) {
            let other: DatabaseValue? = row?[column]
            if let own, own.databaseValue == other { evidence.append(words) }
        }
        compare("same code", "text_digest", origin.textDigest?.column)
        compare("same build-id", "build_id", origin.buildID.map { Data($0) })
        compare("same Go package", "go_package", origin.goPackage)
        return AuditNearness(evidence: evidence, thousandths: row?["thousandths"])
    }
}

extension AuditNearRows.Origin {
    init(_ facts: BinaryFacts) {
        buildID = facts.elf.buildID
        textDigest = facts.textDigest
        goPackage = facts.elf.goBuildInfo.flatMap { $0.packagePath.isEmpty ? nil : $0.packagePath }
    }
}
