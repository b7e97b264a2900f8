import ContentAddress
import GRDB
import OCI
import Release

/// The events played back, held against the tables that they tell of.
enum History {
    /// Where the events and the artifacts disagree: one line each, the first twenty.
    static func disagreements(in db: Database) throws -> [String] {
        var told: [ArtifactKey: String] = [:]
        var drafts: [ArtifactKey: String] = [:]
        var lines: [String] = []
        var expected: Int64 = 1
        let cursor = try Row.fetchCursor(db, sql: "SELECT sequence, body FROM event ORDER BY sequence")
        while let row = try cursor.next() {
            let event = Event(sequence: row["sequence"], body: try JSONColumn.decode(row["body"]))
            if event.sequence != expected { lines.append("event \(expected) is missing from the log") }
            expected = event.sequence &+ 1
            if let key = event.draftKey {
                drafts[key] = event["what"] == Event.Kind.draft.rawValue ? event["digest"] : nil
            }
            guard let key = event.key else { continue }
            // A release that is sealed takes its draft's files.
            drafts[key] = nil
            told[key] = event.isRemoval ? nil : event["digest"]
        }
        lines += compare(try ArtifactRows.all(in: db), with: told, as: "")
        lines += compare(try ArtifactRows.all(of: .draft, in: db), with: drafts, as: "the draft of ")
        return Array(lines.prefix(20))
    }

    private static func compare(
        _ artifacts: [Artifact],
        with log: [ArtifactKey: String],
        as words: String
    ) -> [String] {
        var (told, lines) = (log, [String]())
        for artifact in artifacts {
            let key = artifact.key
            if told[key] == nil {
                lines.append("\(words)\(key) is in the index, and the log doesn't tell of it")
            } else if told[key] != artifact.digest.description {
                let digest = artifact.digest
                lines.append("\(words)\(key) is \(digest) in the index and \(told[key] ?? "nothing") in the log")
            }
            told[key] = nil
        }
        return lines + told.keys.map { "\(words)\($0) is in the log, and not in the index" }.sorted()
    }
}
