import ContentAddress
import GRDB
import SBOM

/// The tables of the modules that programs say they were built from.
enum ModuleRows {
    /// By how programs were read: a later reader that sees more has a higher number.
    private static let rules = 1

    /// Made from the blob, and go with it; `module` keeps a row that nothing names any more.
    static let tables = """
        CREATE TABLE module (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            ecosystem TEXT NOT NULL,
            version TEXT NOT NULL,
            source TEXT NOT NULL,
            UNIQUE (name, ecosystem, version, source)
        ) STRICT;
        CREATE TABLE module_reading (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
            rules INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE program_module (
            digest BLOB NOT NULL REFERENCES module_reading (digest) ON DELETE CASCADE,
            module INTEGER NOT NULL REFERENCES module (id),
            PRIMARY KEY (digest, module)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX program_module_module ON program_module (module);
        """

    /// Writes what a program says, unless it was read before by the present rules.
    ///
    /// What ran only while the program was built isn't in it, and is left out.
    static func insert(_ modules: [ProgramModule], of digest: Digest, in db: Database) throws {
        guard try !isRead(digest, in: db) else { return }
        try db.cachedStatement(sql: "DELETE FROM module_reading WHERE digest = ?").execute(arguments: [digest.column])
        try db.cachedStatement(sql: "INSERT INTO module_reading (digest, rules) VALUES (?, ?)")
            .execute(arguments: [digest.column, rules])
        let naming = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO module (name, ecosystem, version, source) VALUES (?, ?, ?, ?)"
        )
        let linking = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO program_module (digest, module)
                SELECT ?, id FROM module WHERE name = ? AND ecosystem = ? AND version = ? AND source = ?
                """
        )
        for module in modules where !module.isBuildOnly {
            let columns = [module.name, module.ecosystem.rawValue, module.version ?? "", module.source ?? ""]
            try naming.execute(arguments: StatementArguments(columns))
            try linking.execute(arguments: [digest.column] + StatementArguments(columns))
        }
    }

    private static func isRead(_ digest: Digest, in db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM module_reading WHERE digest = ? AND rules >= ?)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [digest.column, rules]) ?? false
    }

    /// The programs that weren't read by the present rules: those that an earlier version put.
    static func unread(in db: Database) throws -> [Digest] {
        let sql = """
            SELECT digest FROM (SELECT digest FROM elf UNION SELECT digest FROM foreign_program)
            WHERE digest NOT IN (SELECT digest FROM module_reading WHERE rules >= ?) ORDER BY digest
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [rules]).map { try $0.digest("digest") }
    }

    /// The programs that say that they were built from a module of this name, with what each says.
    static func programs(withModule name: String, in db: Database) throws -> [(Digest, ProgramModule)] {
        let sql = """
            SELECT digest, ecosystem, version, source FROM module JOIN program_module ON module = id
            WHERE name = ? ORDER BY digest, ecosystem, version, source
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [name]).compactMap { row in
            guard let ecosystem = ProgramModule.Ecosystem(rawValue: row["ecosystem"]) else { return nil }
            let (version, source): (String, String) = (row["version"], row["source"])
            var module = ProgramModule(ecosystem, name, version: version.isEmpty ? nil : version)
            module.source = source.isEmpty ? nil : source
            return (try row.digest("digest"), module)
        }
    }
}
