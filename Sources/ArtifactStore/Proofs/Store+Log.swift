package import ContentAddress
import Foundation
import GRDB
import OCI
package import TransparencyLog

extension Store {
    /// The log as it stands: its name, its size and its root.
    package func logHead() throws(StoreError) -> Checkpoint {
        try index.read { try Self.head(in: $0) }
    }

    /// What shows that an event is in the log.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for an event that isn't there.
    package func logProof(ofEvent sequence: Int64) throws(StoreError) -> LogProof {
        try index.read { db in
            let head = try Self.head(in: db)
            let place = sequence - 1
            guard (0..<head.size).contains(place),
                let body = try String.fetchOne(
                    db,
                    sql: "SELECT body FROM event WHERE sequence = ?",
                    arguments: [sequence]
                )
            else {
                throw StoreError.notFound(what: "event \(sequence)", hint: "The log has \(head.size) events.")
            }
            let path = try LogRows.prover(in: db).inclusion(of: place, in: head.size)
            return LogProof(index: place, leaf: LogRows.leaf(body), checkpoint: head, path: path)
        }
    }

    /// What shows that the log begins with what it was at a size.
    package func logConsistency(since size: Int64) throws(StoreError) -> (head: Checkpoint, path: [Digest]) {
        try index.read { db in
            let head = try Self.head(in: db)
            return (head, try LogRows.prover(in: db).consistency(from: size, to: head.size))
        }
    }

    /// The hashes of a tile, and for one of level 0 the entries under it.
    package func logTile(_ tile: Tile) throws(StoreError) -> (hashes: [Digest], entries: [[UInt8]]?) {
        try index.read { db in
            let (from, count) = (tile.index * Int64(Tile.width), Int64(tile.count))
            let hashes = try LogRows.hashes(level: tile.level * Tile.height, from: from, count: count, in: db)
            guard tile.level == 0 else { return (hashes, nil) }
            let bodies = try String.fetchAll(
                db,
                sql: "SELECT body FROM event WHERE sequence > ? AND sequence <= ? ORDER BY sequence",
                arguments: [from, from + count]
            )
            return (hashes, bodies.map(LogRows.leaf))
        }
    }

    /// What shows that the log of one size begins with what it was at another; both are sizes that it has had.
    package func logConsistency(from old: Int64, to size: Int64) throws(StoreError) -> [Digest] {
        try index.read { db in
            let last = try LogRows.tree(in: db).size
            guard (0...last).contains(old), (old...last).contains(size) else {
                throw StoreError.notFound(
                    what: "a log of \(max(old, size)) events",
                    hint: "The log has \(last) events."
                )
            }
            return try LogRows.prover(in: db).consistency(from: old, to: size)
        }
    }

    /// Names the log, which others know it by from its first event on; nil when that is its name.
    ///
    /// Every checkpoint says the name, hence no event does. Throws ``StoreError/logIsNamed(_:)`` for a log with events
    /// or checkpoints.
    package func setLogOrigin(_ origin: String) throws(StoreError) -> SettingChange? {
        try index.write { db in
            let present = try LogRows.origin(in: db)
            guard present != origin else { return nil }
            guard try LogRows.tree(in: db).size == 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM log_checkpoint") == 0
            else { throw StoreError.logIsNamed(present) }
            try db.execute(sql: "UPDATE log_tree SET origin = ?", arguments: [origin])
            return SettingChange(name: "origin", before: present, after: origin)
        }
    }

    /// Keeps a signed checkpoint: later checks hold the log against it.
    package func keepCheckpoint(_ checkpoint: Checkpoint, note: [UInt8]) throws(StoreError) {
        let time = now
        try index.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO log_checkpoint (size, root, note, signed_at) VALUES (?, ?, ?, ?)",
                arguments: [checkpoint.size, checkpoint.root.column, Data(note), time.milliseconds]
            )
            let last = try Int64.fetchOne(db, sql: "SELECT max(size) FROM log_checkpoint")
            guard last == checkpoint.size else { return }
            try EntryLog(paths: paths, isDurable: options.durable).keep(checkpoint: note)
        }
    }

    /// Makes the tree again from the events, and holds it against what is stored of it, against the checkpoints that
    /// were kept, and against others, such as ones that were kept elsewhere; those of its former logs, too.
    ///
    /// Reads every event; in one transaction, so that a change beside it is seen whole or not at all.
    package func checkLog(against others: [Checkpoint] = []) throws(StoreError) -> LogReport {
        try index.read { try checkLog(against: others, in: $0) }
    }

    /// The same, in a transaction that looks at more.
    func checkLog(against others: [Checkpoint] = [], in db: Database) throws -> LogReport {
        var outside = EntryReader(paths)
        let origin = try LogRows.origin(in: db)
        var known: [(name: String, checkpoint: Checkpoint)] = try Row.fetchAll(
            db,
            sql: "SELECT * FROM log_checkpoint"
        )
        .map { row in
            ("the kept checkpoint", Checkpoint(origin: origin, size: row["size"], root: try row.digest("root")))
        }
        let former = try FormerLog.list(in: db)
        for log in former {
            known.append(("event \(log.sequence), the \(log.kind.rawValue),", log.checkpoint))
            // Later ones are of the store that goes on under that name.
            known += try CheckpointRows.list(of: log.checkpoint.origin, in: db)
                .filter { $0.size <= log.checkpoint.size }.map { ("the kept checkpoint", $0) }
        }
        known += others.map { ("the given checkpoint", $0) }
        let ends = Dictionary(former.map { ($0.checkpoint.origin, $0.checkpoint.size) }) { first, _ in first }
        let stored = try LogRows.tree(in: db)
        var report = LogReport(checkpoint: Checkpoint(origin: origin, size: stored.size, root: stored.root))
        var tree = Frontier()
        for (name, checkpoint) in known where checkpoint.origin != origin && ends[checkpoint.origin] == nil {
            report.faults.append("\(name) is of the log '\(checkpoint.origin)', and this one is '\(origin)'")
        }
        known.removeAll { $0.checkpoint.origin != origin && ends[$0.checkpoint.origin] == nil }
        let wanted = Dictionary(grouping: known, by: \.checkpoint.size)
        func compare() {
            for (name, checkpoint) in wanted[tree.size] ?? [] where checkpoint.root != tree.root {
                report.faults.append(
                    "\(name) of \(tree.size) events has another root: an event of them was changed"
                )
            }
        }
        compare()
        let hashes = try Row.fetchCursor(db, sql: "SELECT hash FROM log_hash WHERE level = 0 ORDER BY position")
        let events = try Row.fetchCursor(db, sql: "SELECT sequence, body FROM event ORDER BY sequence")
        while let event = try events.next() {
            let sequence: Int64 = event["sequence"]
            guard sequence == tree.size + 1 else {
                report.faults.append("event \(tree.size + 1) is missing")
                break
            }
            let leaf = LogRows.leaf(event["body"])
            if let fault = try outside?.fault(of: leaf, at: tree.size) { report.faults.append(fault) }
            let hash = MerkleHash.leaf(leaf)
            let kept = try hashes.next()?.digest("hash")
            if kept != hash {
                report.faults.append(
                    "event \(sequence) is not the one that was logged" + (kept == nil ? ": its hash is missing" : "")
                )
            }
            let completed = tree.append(hash)
            for level in stride(from: Tile.height, to: completed.count, by: Tile.height)
            where try LogRows.hash(level: level, at: (sequence - 1) >> Int64(level), in: db) != completed[level] {
                report.faults.append("the hash of level \(level) over event \(sequence) is not that of the events")
            }
            guard report.faults.count < Self.mostFaults else { break }
            compare()
        }
        report.leaves = tree.size
        if tree.size != stored.size {
            report.faults.append("the log has \(tree.size) events, and its tree \(stored.size)")
        } else if tree.root != stored.root {
            report.faults.append("the tree of the events has another root than the stored one")
        }
        for (name, checkpoint) in known {
            let size = min(tree.size, ends[checkpoint.origin] ?? tree.size)
            guard checkpoint.size > size else { continue }
            report.faults.append(
                "\(name) has \(checkpoint.size) events, and the log \(size): it was cut, or restored from a backup"
            )
        }
        return report
    }

    /// Later differences follow from the first ones.
    private static let mostFaults = 20

    private static func head(in db: Database) throws -> Checkpoint {
        let tree = try LogRows.tree(in: db)
        return Checkpoint(origin: try LogRows.origin(in: db), size: tree.size, root: tree.root)
    }
}
