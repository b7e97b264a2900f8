import GRDB

/// Lets an index of an earlier schema be read as if all migrations had run, with nothing written to it.
///
/// What the migrations would add stands in the connection's own temporary schema, where SQLite looks for a name first:
/// an empty table for one that is missing, a view with the defaults for a table that lacks columns.
enum EarlierSchema {
    private struct Column: Equatable {
        let name: String
        let value: String
    }

    /// Columns whose migration doesn't give them a default, but a value from others of the row.
    private static let derived = ["artifact.file": FileSchema.program, "tombstone.file": FileSchema.program]

    static func complete(_ queue: DatabaseQueue) throws {
        let current = try DatabaseQueue()
        try Schema.migrator().migrate(current)
        let tables = try current.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'").map {
                ($0, try columns(of: $0, in: db))
            }
        }
        try queue.inDatabase { db in
            // A reader's own schema is small, and a full or read-only disk must not stand in its way.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            for (table, wanted) in tables {
                let present = try columns(of: table, in: db).map(\.name)
                let missing = wanted.filter { !present.contains($0.name) }
                guard !missing.isEmpty else { continue }
                let name = table.quotedDatabaseIdentifier
                if present.isEmpty {
                    let list = wanted.map(\.name.quotedDatabaseIdentifier).joined(separator: ", ")
                    try db.execute(sql: "CREATE TEMP TABLE \(name) (\(list))")
                } else {
                    let list = missing.map { column in
                        let value = derived["\(table).\(column.name)"] ?? column.value
                        return "\(value) AS \(column.name.quotedDatabaseIdentifier)"
                    }
                    try db.execute(
                        sql: "CREATE TEMP VIEW \(name) AS SELECT *, \(list.joined(separator: ", ")) FROM main.\(name)"
                    )
                }
            }
        }
    }

    private static func columns(of table: String, in db: Database) throws -> [Column] {
        try Row.fetchAll(db, sql: "SELECT name, dflt_value FROM pragma_table_info(?, 'main')", arguments: [table]).map {
            Column(name: $0["name"], value: $0["dflt_value"] ?? "NULL")
        }
    }
}
