import ContentAddress
import GRDB
import OCI
import Printable
import SystemIO

/// Writes what earlier events don't tell into the log: one `state` event for each tombstone, artifact, tag and pin.
///
/// Its `row` has every column (docs/store-format.md, "Events"). The key stands in there and not beside `what`, where
/// earlier programs look for keys that changed.
enum StateMigration {
    /// A column, and what it is called in JSON.
    private enum Column {
        case text(String, as: String)
        case time(String, as: String)
        case mode
        case annotations
    }

    private static let key: [Column] = [
        .text("name", as: "name"), .text("version", as: "version"), .text("platform", as: "platform"),
        .text("file", as: "file"),
    ]
    private static let artifact: [Column] = [
        .text("file_name", as: "fileName"), .mode, .time("put_at", as: "putAt"), .text("put_by", as: "putBy"),
        .annotations,
    ]
    private static let tombstone: [Column] = [
        .time("removed_at", as: "removedAt"), .text("removed_by", as: "removedBy"), .text("reason", as: "reason"),
    ]
    private static let tag: [Column] = [.text("reference", as: "tag"), .time("moved_at", as: "movedAt")]
    private static let pin: [Column] = [
        .time("pinned_at", as: "pinnedAt"), .text("pinned_by", as: "pinnedBy"), .text("reason", as: "reason"),
    ]

    static func append(at time: Timestamp, by actor: () -> String, in db: Database) throws {
        let file = "\(FileSchema.program) AS file"
        let tables = [
            // A key that was put again has both: played back, what comes last holds.
            ("tombstone", key + tombstone, "SELECT *, \(file) FROM tombstone ORDER BY name, version, platform"),
            ("artifact", key + artifact, "SELECT *, \(file) FROM artifact ORDER BY id"),
            ("image_tag", tag, "SELECT *, image AS digest FROM image_tag ORDER BY reference"),
            ("pin", pin, "SELECT * FROM pin ORDER BY digest"),
        ]
        for (table, columns, sql) in tables {
            for row in try Row.fetchAll(db, sql: sql) {
                let members = try columns.reduce(into: [:]) { try add($1, of: row, to: &$0) }
                try EventRows.append(
                    .state,
                    digest: try row.digest("digest"),
                    at: time,
                    by: actor(),
                    more: ["table": .string(table), "row": .object(members)],
                    in: db
                )
            }
        }
    }

    private static func add(_ column: Column, of row: Row, to members: inout [String: JSONValue]) throws {
        switch column {
        case .text(let name, let member):
            if let text: String = row[name] { members[member] = .string(text) }
        case .time(let name, let member): members[member] = .string(Timestamp(milliseconds: row[name]).rfc3339)
        case .mode: members["mode"] = .string(FileMode.text(row["mode"] as Int64))
        case .annotations: members["annotations"] = try JSONColumn.decode(row["annotations"])
        }
    }
}
