import ContentAddress
import Foundation
import GRDB
import OCI
import Release
import TransparencyLog

extension EventReplay {
    func applyImage(_ facts: EventFacts) throws {
        guard let digest = facts.digest else { return }
        if let name = facts.event["tag"] { return try tag(digest, name, facts) }
        if facts.isSet("removed") { return try remove(digest, facts) }
        if let name = facts.event["removed"] {
            return try db.execute(sql: "DELETE FROM image_tag WHERE reference = ?", arguments: [name])
        }
        try image(digest, facts)
    }

    private func image(_ digest: Digest, _ facts: EventFacts) throws {
        try blob(digest, facts)
        // Its media type is read later.
        try db.execute(
            sql: "INSERT OR IGNORE INTO image (digest, media_type, added_at) VALUES (?, '', ?)",
            arguments: [digest.column, facts.time.milliseconds]
        )
    }

    func tag(_ digest: Digest, _ name: String, _ facts: EventFacts) throws {
        try image(digest, facts)
        try db.execute(
            sql: "INSERT OR REPLACE INTO image_tag (reference, image, moved_at) VALUES (?, ?, ?)",
            arguments: [name, digest.column, facts.time.milliseconds]
        )
    }

    private func remove(_ digest: Digest, _ facts: EventFacts) throws {
        try db.execute(sql: "DELETE FROM image_tag WHERE image = ?", arguments: [digest.column])
        try db.execute(sql: "DELETE FROM repository_manifest WHERE digest = ?", arguments: [digest.column])
        // A pinned image stays without a name.
        guard try !PinRows.exists(digest, in: db) else { return }
        try db.execute(sql: "DELETE FROM image WHERE digest = ?", arguments: [digest.column])
        try BlobRows.noteUnnamed(digest, at: facts.time, in: db)
    }

    func mark(_ facts: EventFacts) throws {
        guard let image = facts.digest, let manifest = facts.digest(of: "manifest"),
            let diffIDs = StoredDocuments(blobs).diffIDs(of: manifest), !diffIDs.isEmpty,
            try ImageRows.exists(image, in: db)
        else { return }
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO base (image, manifest, diff_ids, marked_at, marked_by, reason)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                image.column, manifest.column, Data(diffIDs.flatMap(\.bytes)), facts.time.milliseconds, facts.actor,
                facts.event["reason"] ?? "",
            ]
        )
    }

    func refer(_ facts: EventFacts) throws {
        guard let digest = facts.digest else { return }
        if facts.isSet("removed") {
            return try db.execute(sql: "DELETE FROM referrer WHERE digest = ?", arguments: [digest.column])
        }
        guard let subject = facts.digest(of: "subject"), let type = facts.event["mediaType"] else { return }
        try blob(digest, facts)
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO referrer (digest, subject, media_type, artifact_type, added_at, added_by)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                digest.column, subject.column, type, facts.event["artifactType"], facts.time.milliseconds, facts.actor,
            ]
        )
    }

    func push(_ facts: EventFacts) throws {
        guard let digest = facts.digest, let repository = facts.event["repository"] else { return }
        if facts.isSet("removed") {
            let sql = "DELETE FROM repository_manifest WHERE repository = ? AND digest = ?"
            return try db.execute(sql: sql, arguments: [repository, digest.column])
        }
        try image(digest, facts)
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO repository_manifest (repository, digest, name, subject, pushed_at)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                repository, digest.column, facts.event["name"], facts.event["subject"], facts.time.milliseconds,
            ]
        )
    }

    /// Keeps a checkpoint of another log, or of this one under a former name.
    mutating func see(_ note: [UInt8]?, _ facts: EventFacts) throws {
        guard let note else {
            if facts.event["what"] == Event.Kind.checkpoint.rawValue { noteLostStatement() }
            return
        }
        guard let text = try? SignedNote(parsing: note).text, let seen = try? Checkpoint(parsing: text) else { return }
        try db.execute(
            sql: "INSERT OR IGNORE INTO seen_checkpoint (origin, size, root, note, seen_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [seen.origin, seen.size, seen.root.column, Data(note), facts.time.milliseconds]
        )
    }
}
