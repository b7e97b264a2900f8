import ContentAddress
import Foundation
import GRDB
import Glibc
import OCI
import Release
import SystemIO
import TransparencyLog

extension Store {
    /// Makes the index of a store again, from the entries of its log and its blobs, where it is lost.
    ///
    /// Nothing is changed but that the index gets its name at the end: a process that is killed leaves
    /// `bindery.db.partial`, which the next one writes over. A collection is refused until ``noteVerified()``. What the
    /// entries don't tell is counted in the report.
    ///
    /// Throws ``StoreError/storeIsThere(path:)`` where there is an index or anything of one, and
    /// ``StoreError/notFound(what:hint:)`` where there are no entries; ``StoreError/index(path:failure:reason:)`` for
    /// entries that aren't those of the last signed checkpoint.
    package static func reindex(at root: String, options: StoreOptions) throws(StoreError) -> ReindexReport {
        let report = try makeIndex(StorePaths(root: root), options)
        let store = try Store(at: root, options: options)
        try store.readAgain()
        return report
    }

    private static func makeIndex(_ paths: StorePaths, _ options: StoreOptions) throws(StoreError) -> ReindexReport {
        for end in ["", "-wal", "-journal", "-shm"] where (try? FileStatus.ofLink(paths.index + end)) != nil {
            throw .storeIsThere(path: paths.index + end)
        }
        guard let entries = EntryReader(paths) else {
            throw .notFound(
                what: "a log, from which the index is made again (\(paths.log)),",
                hint:
                    "--store names the directory of a store that lost its bindery.db; a backup has an index of its own."
            )
        }
        let lock = try Index.translating(path: paths.lock) { try OpeningLock(paths, timeout: options.busyTimeout) }
        defer { extendLifetime(lock) }
        let partial = paths.index + ".partial"
        try system { () throws(SystemError) in
            for end in ["", "-journal", "-wal", "-shm"] { try Directory.remove(partial + end) }
            // Its names and modes are the store's own: whoever could write to it can afterwards.
            _ = try File.open(partial, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        }
        var report = ReindexReport()
        try Index.edit(partial, paths, options) { db in
            report = try replay(entries, paths, blobs(at: paths, options), at: options.now(), in: db)
        }
        try system { () throws(SystemError) in
            let mode = try FileStatus.ofLink(paths.blobs).mode
            try Directory.setMode(partial, mode & 0o666)
            guard try Directory.renameIfFree(partial, to: paths.index) else {
                throw SystemError(call: "create", path: paths.index, code: EEXIST)
            }
            try Directory.sync(paths.root)
        }
        return report
    }

    private static func replay(
        _ reader: EntryReader,
        _ paths: StorePaths,
        _ blobs: any BlobStorage,
        at time: Timestamp,
        in db: Database
    ) throws -> ReindexReport {
        var reader = reader
        var (replay, report) = (EventReplay(paths, blobs, db), ReindexReport())
        let origin = try String(decoding: File.open(paths.logOrigin).readBytes(limit: 4096), as: UTF8.self)
        try db.execute(sql: "UPDATE log_tree SET origin = ?", arguments: [String(origin.dropLast())])
        let kept = try signedCheckpoint(paths)
        var root: Digest? = kept?.checkpoint.size == 0 ? MerkleHash.empty : nil
        while let entry = try reader.entry(report.events) {
            let body = try body(of: entry, replay)
            report.events += 1
            try db.cachedStatement(sql: "INSERT INTO event (sequence, body) VALUES (?, ?)")
                .execute(arguments: [report.events, body])
            try LogRows.append(body, in: db)
            try replay.apply(Event(sequence: report.events, body: try JSONColumn.decode(body)))
            if report.events == kept?.checkpoint.size { root = try LogRows.tree(in: db).root }
        }
        try check(kept, root: root, against: String(origin.dropLast()), report.events, paths)
        if let kept {
            try db.execute(
                sql: "INSERT OR REPLACE INTO log_checkpoint (size, root, note, signed_at) VALUES (?, ?, ?, ?)",
                arguments: [kept.checkpoint.size, kept.checkpoint.root.column, Data(kept.note), time.milliseconds]
            )
        }
        try DocumentRows(blobs, db).write()
        report.missing = try removeUnnamed(blobs, in: db)
        try awaitVerification(in: db)
        report.lost = replay.lost
        report.files = try Int.fetchOne(db, sql: "SELECT count(*) FROM artifact") ?? 0
        report.images = try Int.fetchOne(db, sql: "SELECT count(*) FROM image") ?? 0
        return report
    }

    /// An event's body: the entry, or what the entry of a long one names.
    private static func body(of entry: [UInt8], _ replay: EventReplay) throws -> String {
        var bytes = entry
        if case .object(let members)? = try? JSONValue(parsing: entry), members["what"] == nil,
            case .string(let text)? = members["digest"], let digest = try? Digest(parsing: text)
        {
            guard let value = replay.value(digest) else {
                throw StoreError.damaged(
                    digest: digest,
                    path: replay.paths.logValue(digest),
                    reason: "it is missing, or has other bytes"
                )
            }
            bytes = value
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func signedCheckpoint(_ paths: StorePaths) throws -> ImportedProofs.SeenCheckpoint? {
        guard (try? FileStatus.ofLink(paths.logCheckpoint)) != nil else { return nil }
        let note = try File.open(paths.logCheckpoint).readBytes(limit: SignedNote.sizeLimit)
        let checkpoint = try Checkpoint(parsing: SignedNote(parsing: note).text)
        return ImportedProofs.SeenCheckpoint(checkpoint, note: note)
    }

    private static func check(
        _ kept: ImportedProofs.SeenCheckpoint?,
        root: Digest?,
        against origin: String,
        _ size: Int64,
        _ paths: StorePaths
    ) throws {
        // One of a former name says nothing about how the log ends.
        guard let kept, kept.checkpoint.origin == origin, root != kept.checkpoint.root else { return }
        let problem =
            root == nil
            ? "there are \(size) entries, and the last signed checkpoint has \(kept.checkpoint.size)"
            : "the last signed checkpoint of \(kept.checkpoint.size) events has another root than the entries"
        throw StoreError.index(path: paths.log, failure: .damaged, reason: problem)
    }

    /// Removes the rows of blobs that are gone and that nothing names; those that something names are missing.
    private static func removeUnnamed(_ blobs: any BlobStorage, in db: Database) throws -> [Digest] {
        let conditions = try Reachability.roots(of: "blob", in: db).map { $0.isAbsent("blob.digest") }
        let sql = "DELETE FROM blob WHERE digest = ? AND " + conditions.joined(separator: " AND ")
        return try BlobRows.all(in: db).keys.sorted().filter { digest in
            guard try !blobs.isThere(digest) else { return false }
            try db.cachedStatement(sql: sql).execute(arguments: [digest.column])
            return db.changesCount == 0
        }
    }

    /// Reads what released files say of themselves.
    private func readAgain() throws(StoreError) {
        let digests = try index.read { Set(try ArtifactRows.all(in: $0).map(\.digest)) }
        var present: Set<Digest> = []
        for digest in digests where try blobs.isThere(digest) { present.insert(digest) }
        _ = try readFiles(unreadFiles(among: present))
    }
}
