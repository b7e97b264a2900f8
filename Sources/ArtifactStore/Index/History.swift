import ContentAddress
import GRDB
import OCI
import Release

/// The events played back, held against the tables that they tell of.
enum History {
    /// Where the events and the artifacts disagree: one line each, the first twenty.
    static func disagreements(in db: Database) throws -> [String] {
        var told: [ArtifactKey: String] = [:]
        var lines: [String] = []
        var expected: Int64 = 1
        let cursor = try Row.fetchCursor(db, sql: "SELECT sequence, body FROM event ORDER BY sequence")
        while let row = try cursor.next() {
            let event = Event(sequence: row["sequence"], body: try JSONColumn.decode(row["body"]))
            if event.sequence != expected { lines.append("event \(expected) is missing from the log") }
            expected = event.sequence &+ 1
            guard let key = event.key else { continue }
            told[key] = event.isRemoval ? nil : event["digest"]
        }
        for artifact in try ArtifactRows.all(in: db) {
            let key = artifact.key
            if told[key] == nil {
                lines.append("\(key) is in the index, and the log doesn't tell of it")
            } else if told[key] != artifact.digest.description {
                lines.append("\(key) is \(artifact.digest) in the index and \(told[key] ?? "nothing") in the log")
            }
            told[key] = nil
        }
        lines += told.keys.map { "\($0) is in the log, and not in the index" }.sorted()
        return Array(lines.prefix(20))
    }
}
