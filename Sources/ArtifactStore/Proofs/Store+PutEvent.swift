import ContentAddress
import GRDB
import OCI

extension Store {
    /// The number of the event by which an artifact came into the store; nil where the log has none of its own for it.
    ///
    /// Events stand in the order of their times while no clock is set back: its place is found by its time, and only where
    /// it isn't there all events are read.
    package func putEvent(of artifact: Artifact) throws(StoreError) -> Int64? {
        try index.read { db in
            try Self.event(near: artifact.putAt, with: artifact.digest.description, in: db) { $0.isPut(of: artifact) }?
                .sequence
        }
    }

    /// An event with some text in it that was written at a time.
    static func event(
        near time: Timestamp,
        with text: String,
        in db: Database,
        where isMeant: (Event) -> Bool
    ) throws -> Event? {
        let from = try firstEvent(notBefore: time, in: db)
        let near = try EventRows.list(after: from - 1, limit: nearEvents, in: db)
        if let event = near.first(where: isMeant) { return event }
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT sequence, body FROM event WHERE instr(body, ?) > 0 ORDER BY sequence",
            arguments: [text]
        )
        while let row = try rows.next() {
            let event = Event(sequence: row["sequence"], body: try JSONColumn.decode(row["body"]))
            if isMeant(event) { return event }
        }
        return nil
    }

    /// A batch of a thousand files has as many events of one time.
    private static let nearEvents = 2000

    private static func firstEvent(notBefore time: Timestamp, in db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT json_extract(body, '$.at') FROM event WHERE sequence = ?")
        var (low, high) = (Int64(1), try EventRows.last(in: db) + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let at = try String.fetchOne(statement, arguments: [middle]).flatMap { Timestamp(rfc3339: $0) }
            if let at, at < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Event {
    fileprivate func isPut(of artifact: Artifact) -> Bool {
        guard key == artifact.key, self["digest"] == artifact.digest.description else { return false }
        switch self["what"] {
        case Kind.put.rawValue: return true
        case Kind.state.rawValue: return self["table"] == "artifact"
        default: return false
        }
    }
}
