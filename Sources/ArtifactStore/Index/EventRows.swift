import ContentAddress
import GRDB
import OCI
import Printable
import Release
import SystemIO

/// The append-only table of events.
enum EventRows {
    /// Appends one event, in the transaction of the change that it tells of.
    static func append(
        _ kind: Event.Kind,
        key: ArtifactKey? = nil,
        digest: Digest?,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        var body = more
        body["what"] = .string(kind.rawValue)
        body["at"] = .string(time.rfc3339)
        body["by"] = .string(actor)
        if let digest { body["digest"] = .string(digest.description) }
        if let key {
            body["name"] = .string(key.name.text)
            body["version"] = .string(key.version.text)
            body["platform"] = .string(key.platform.description)
            body["file"] = .string(key.file.text)
        }
        let text = String(decoding: CanonicalJSON.encode(.object(body)), as: UTF8.self)
        try db.cachedStatement(
            sql: "INSERT INTO event (sequence, body) SELECT coalesce(max(sequence), 0) + 1, ? FROM event"
        ).execute(arguments: [text])
        if try LogRows.exists(in: db) { try LogRows.append(text, in: db) }
    }

    /// Appends the event of a change to an artifact, with every column of its row.
    static func append(
        _ kind: Event.Kind,
        _ artifact: Artifact,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        let members = more.merging(columns(of: artifact)) { _, column in column }
        try append(kind, key: artifact.key, digest: artifact.digest, at: time, by: actor, more: members, in: db)
    }

    /// Appends the event of a change to a file of a draft.
    static func append(
        _ kind: Event.Kind,
        draft artifact: Artifact,
        replacing replaced: Artifact? = nil,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws {
        let key: [String: JSONValue] = [
            "name": .string(artifact.key.name.text), "version": .string(artifact.key.version.text),
            "platform": .string(artifact.key.platform.description), "file": .string(artifact.key.file.text),
        ]
        var members = kind == .draft ? columns(of: artifact) : [:]
        members["draft"] = .object(key)
        if let replaced { members["replaces"] = .string(replaced.digest.description) }
        try append(kind, digest: artifact.digest, at: time, by: actor, more: members, in: db)
    }

    private static func columns(of artifact: Artifact) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["size"] = .int(artifact.size)
        members["fileName"] = .string(artifact.fileName)
        members["mode"] = .string(FileMode.text(artifact.mode))
        members["annotations"] = .object(artifact.annotations.mapValues { .string($0) })
        return members
    }

    /// Events after a place, oldest first.
    static func list(after sequence: Int64, limit: Int, in db: Database) throws -> [Event] {
        try Row.fetchAll(
            db,
            sql: "SELECT sequence, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
            arguments: [sequence, limit]
        ).map { row in
            Event(sequence: row["sequence"], body: try JSONColumn.decode(row["body"]))
        }
    }

    /// The number of the latest event; 0 when there is none.
    static func last(in db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM event") ?? 0
    }

    /// The latest events, oldest first.
    static func latest(_ limit: Int, in db: Database) throws -> [Event] {
        let last = try last(in: db)
        return try list(after: max(0, last - Int64(limit)), limit: limit, in: db)
    }
}
