package import ContentAddress
import GRDB
package import OCI
import TransparencyLog

extension Store {
    /// When a statement was signed at the latest, as the log says: the time of the leaf that holds it, which lies no earlier
    /// than the leaves before; of one that came with a bundle, the time in the log that it came from.
    ///
    /// `digest` is what the leaf has: a bundle's, a builder's attestation's, or that of a referrer that brought it. Nil where
    /// the store keeps no such thing, and where the leaf isn't in the tree. Reads all events up to the leaf.
    package func loggedTime(of digest: Digest) throws(StoreError) -> Timestamp? {
        try index.read { db in
            guard let event = try Self.statementEvent(digest, in: db), try Self.isInTree(event, in: db) else {
                return nil
            }
            if let time = event["loggedAt"] { return Timestamp(rfc3339: time) }
            // Without its last letter, a time sorts before one with a fraction.
            let sql = "SELECT max(rtrim(json_extract(body, '$.at'), 'Z')) || 'Z' FROM event WHERE sequence <= ?"
            return try String.fetchOne(db, sql: sql, arguments: [event.sequence]).flatMap { Timestamp(rfc3339: $0) }
        }
    }

    /// The same of a statement, or of the referrer that brought it.
    package func loggedTime(of statement: StoredAttestation) throws(StoreError) -> Timestamp? {
        try loggedTime(of: statement.referrer ?? statement.digest)
    }

    /// The number of the event that added a statement; nil where the store keeps no such thing.
    package func statementEvent(of digest: Digest) throws(StoreError) -> Int64? {
        try index.read { try Self.statementEvent(digest, in: $0)?.sequence }
    }

    /// For each of some events, one of before it whose time is later, where there is any: what shows others that a clock was
    /// set back.
    ///
    /// Reads all events up to the last of them.
    package func laterEvents(before sequences: Set<Int64>) throws(StoreError) -> Set<Int64> {
        guard let last = sequences.max() else { return [] }
        return try index.read { db in
            var found: Set<Int64> = []
            var latest: (sequence: Int64, time: String)?
            let sql = """
                SELECT sequence, rtrim(json_extract(body, '$.at'), 'Z') AS time FROM event
                WHERE sequence <= ? ORDER BY sequence
                """
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [last])
            while let row = try rows.next() {
                let (sequence, time): (Int64, String) = (row["sequence"], row["time"] ?? "")
                if let latest, latest.time > time {
                    if sequences.contains(sequence) { found.insert(latest.sequence) }
                } else {
                    latest = (sequence, time)
                }
            }
            return found
        }
    }

    private static func statementEvent(_ digest: Digest, in db: Database) throws -> Event? {
        let sql = """
            SELECT min(added_at) FROM (
                SELECT added_at FROM attestation WHERE digest = :digest
                UNION ALL SELECT added_at FROM provenance WHERE digest = :digest
                UNION ALL SELECT added_at FROM referrer WHERE digest = :digest
            )
            """
        guard let added = try Int64.fetchOne(db, sql: sql, arguments: ["digest": digest.column]) else { return nil }
        let kinds: [Event.Kind] = [.attest, .provenance, .refer]
        let names = kinds.map(\.rawValue)
        let time = Timestamp(milliseconds: added)
        return try self.event(near: time, with: digest.description, in: db) { event in
            event["digest"] == digest.description && event["what"].map(names.contains) == true
        }
    }

    private static func isInTree(_ event: Event, in db: Database) throws -> Bool {
        let tree = try LogRows.tree(in: db)
        let sql = "SELECT body FROM event WHERE sequence = ?"
        guard let body = try String.fetchOne(db, sql: sql, arguments: [event.sequence]) else { return false }
        let place = event.sequence - 1
        return MerkleProof.includes(
            MerkleHash.leaf(LogRows.leaf(body)),
            at: place,
            in: tree.size,
            root: tree.root,
            path: try LogRows.prover(in: db).inclusion(of: place, in: tree.size)
        )
    }
}
