import ContentAddress
import Foundation
import GRDB
import OCI
import TransparencyLog

/// A log that ended when the store was restored, or its log restarted: the log of today begins with its events, under
/// another name.
struct FormerLog {
    /// The number of the event that tells of it.
    let sequence: Int64
    /// What it tells: ``Event/Kind/restore`` or ``Event/Kind/restart``.
    let kind: Event.Kind
    /// Its last state.
    let checkpoint: Checkpoint

    /// Gives the log another name, from the next event on; the members by which that event names the former log.
    ///
    /// Its signed checkpoints become those of another log; the last one goes into the event, too.
    static func end(renamed origin: String?, in db: Database) throws -> [String: JSONValue] {
        let former = Checkpoint(
            origin: try LogRows.origin(in: db),
            size: try LogRows.tree(in: db).size,
            root: try LogRows.tree(in: db).root
        )
        let origin = origin ?? LogSchema.newOrigin()
        try check(renaming: origin, in: db)
        let sql = "SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"
        let note = try Data.fetchOne(db, sql: sql).map { String(decoding: $0, as: UTF8.self) }
        try CheckpointRows.moveOwn(of: former.origin, in: db)
        try db.execute(sql: "UPDATE log_tree SET origin = ?", arguments: [origin])
        var members: [String: JSONValue] = [
            "origin": .string(former.origin), "last": .int(former.size), "root": .string("\(former.root)"),
        ]
        members["checkpoint"] = note.map(JSONValue.string)
        return members
    }

    /// Throws unless the log never had the name.
    static func check(renaming origin: String, in db: Database) throws {
        let names = try list(in: db).map(\.checkpoint.origin) + [LogRows.origin(in: db)]
        guard !names.contains(origin) else { throw StoreError.logIsTaken(origin) }
    }

    /// The former logs of the store, the earliest first; an event that says nothing sensible is left out.
    static func list(in db: Database) throws -> [FormerLog] {
        let sql = "SELECT sequence, body FROM event WHERE instr(body, ?) OR instr(body, ?) ORDER BY sequence"
        let kinds: [Event.Kind] = [.restore, .restart]
        let arguments = StatementArguments(kinds.map { "\"what\":\"\($0.rawValue)\"" })
        return try Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { row in
            guard let body: Members = try? JSONColumn.decode(row["body"]),
                let kind = Event.Kind(rawValue: body.what), kinds.contains(kind),
                let origin = body.origin, let root = try? Digest(parsing: body.root)
            else { return nil }
            let checkpoint = Checkpoint(origin: origin, size: body.last, root: root)
            return FormerLog(sequence: row["sequence"], kind: kind, checkpoint: checkpoint)
        }
    }

    private struct Members: Decodable {
        let what: String
        /// Nil in events of versions whose logs went on under their names.
        let origin: String?
        let last: Int64
        let root: String
    }
}
