import ContentAddress
import Foundation
import GRDB

/// The table of what programs of other systems say of themselves: one row for each processor of a file.
enum ForeignRows {
    /// Made from the blob, and goes with it.
    static let table = """
        CREATE TABLE foreign_program (
            digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            build_id BLOB,
            text_digest BLOB,
            go_package TEXT,
            facts TEXT NOT NULL,
            PRIMARY KEY (digest, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX foreign_program_build_id ON foreign_program (build_id) WHERE build_id IS NOT NULL;
        CREATE INDEX foreign_program_text_digest ON foreign_program (text_digest) WHERE text_digest IS NOT NULL;
        CREATE INDEX foreign_program_go_package ON foreign_program (go_package) WHERE go_package IS NOT NULL;
        """

    static func insert(_ programs: [ProgramIdentity], of digest: Digest, in db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO foreign_program (digest, number, build_id, text_digest, go_package, facts)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        for (number, program) in zip(1..., programs) {
            try statement.execute(
                arguments: [
                    digest.column, number, program.buildIDBytes.map { Data($0) }, program.code?.column,
                    program.goPackage, try JSONColumn.encode(program),
                ]
            )
        }
    }

    /// What a file's programs say of themselves; empty for an ELF file, and for one that was put by an earlier version.
    static func identities(of digest: Digest, in db: Database) throws -> [ProgramIdentity] {
        try String.fetchAll(
            db.cachedStatement(sql: "SELECT facts FROM foreign_program WHERE digest = ? ORDER BY number"),
            arguments: [digest.column]
        ).map { try JSONColumn.decode($0) }
    }
}
