package import ContentAddress
import GRDB
import Release
package import TransparencyLog

extension Store {
    /// Throws ``NoteError`` unless the log, under its name or a former one, has been at a checkpoint.
    package func checkPast(_ checkpoint: Checkpoint) throws {
        let (own, size, root) = try index.read { db -> (String, Int64?, Digest?) in
            let own = try LogRows.origin(in: db)
            let former = try FormerLog.list(in: db).last { $0.checkpoint.origin == checkpoint.origin }
            let size = own == checkpoint.origin ? try LogRows.tree(in: db).size : former?.checkpoint.size
            guard let size, checkpoint.size <= size else { return (own, size, nil) }
            return (own, size, try LogRows.prover(in: db).root(of: checkpoint.size))
        }
        guard let size else { throw NoteError.otherLog(checkpoint.origin, own: own) }
        guard let root else {
            throw NoteError.rolledBack(checkpoint.origin, known: checkpoint.size, found: size)
        }
        guard root == checkpoint.root else { throw NoteError.forked(checkpoint.origin, checkpoint.size) }
    }

    /// What the releases and images of the log's first `size` events consist of, each blob with one of their names:
    /// `name@version`, or an image's; of images, those that are still here.
    ///
    /// Reads these events.
    package func contents(before size: Int64) throws(StoreError) -> [Digest: String] {
        try index.read { db in
            var past = PastContents()
            let kinds: [Event.Kind] = [.put, .remove, .image, .state]
            // No member stands behind this one in canonical JSON.
            let ends = kinds.map { "%\"what\":\"\($0.rawValue)\"}" }
            let sql = """
                SELECT sequence, body FROM event
                WHERE sequence <= ? AND (body LIKE ? OR body LIKE ? OR body LIKE ? OR body LIKE ?) ORDER BY sequence
                """
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [size] + StatementArguments(ends))
            while let row = try rows.next() {
                past.apply(Event(sequence: row["sequence"], body: try JSONColumn.decode(row["body"])))
            }
            return try past.contents { try ImageRows.blobs(of: $0, in: db) }
        }
    }
}

/// What had been put by some event.
private struct PastContents {
    private var files: [ArtifactKey: Digest] = [:]
    private var images: [Digest: String] = [:]

    mutating func apply(_ event: Event) {
        guard let digest = event["digest"].flatMap({ try? Digest(parsing: $0) }) else { return }
        if event["what"] == Event.Kind.image.rawValue {
            if EventFacts(event).isSet("removed") {
                images[digest] = nil
            } else if event["removed"] == nil {
                images[digest] = event["tag"] ?? images[digest] ?? "\(digest)"
            }
        } else if let key = event.key {
            files[key] = event.isRemoval ? nil : digest
        }
    }

    func contents(_ blobs: (Digest) throws -> Set<Digest>) rethrows -> [Digest: String] {
        var contents: [Digest: String] = [:]
        for (key, digest) in files {
            let name = "\(key.release)"
            contents[digest] = min(contents[digest] ?? name, name)
        }
        for (image, name) in images.sorted(by: { $0.value < $1.value }) {
            for blob in try blobs(image) where contents[blob] == nil { contents[blob] = name }
        }
        return contents
    }
}
