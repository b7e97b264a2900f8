import ContentAddress
import ELF
import Foundation
import GRDB
import OCI

/// The tables of blobs and of what ELF files say of themselves.
enum BlobRows {
    static func insert(_ digest: Digest, size: Int64, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO blob (digest, size, added_at) VALUES (?, ?, ?)")
            .execute(arguments: [digest.column, size, time.milliseconds])
    }

    /// Notes when something that named a blob went: the grace period of collection counts from there.
    static func noteUnnamed(_ digest: Digest, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE blob SET unnamed_at = ? WHERE digest = ?")
            .execute(arguments: [time.milliseconds, digest.column])
    }

    static func insert(_ facts: BinaryFacts, of digest: Digest, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO elf (digest, build_id, text_digest, facts) VALUES (?, ?, ?, ?)"
        ).execute(
            arguments: [
                digest.column, facts.elf.buildID.map { Data($0) }, facts.textDigest?.column,
                try JSONColumn.encode(facts),
            ]
        )
    }

    static func size(of digest: Digest, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT size FROM blob WHERE digest = ?"),
            arguments: [digest.column]
        )
    }

    static func all(since: Timestamp? = nil, in db: Database) throws -> [Digest: Int64] {
        var sizes: [Digest: Int64] = [:]
        let cursor = try Row.fetchCursor(
            db,
            sql: "SELECT digest, size FROM blob WHERE added_at >= ?",
            arguments: [since?.milliseconds ?? .min]
        )
        while let row = try cursor.next() { sizes[try row.digest("digest")] = row["size"] }
        return sizes
    }

    static func facts(of digest: Digest, in db: Database) throws -> BinaryFacts? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT facts FROM elf WHERE digest = ?"),
            arguments: [digest.column]
        ).map { try JSONColumn.decode($0) }
    }
}
