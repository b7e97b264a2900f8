import Archive
import ContentAddress
import ELF
import GRDB
import Glibc
import Logging
import OCI
import Release
import SystemIO

extension Store {
    /// Puts files into the store: all of them or, when one is refused, none.
    ///
    /// At return every file is on stable storage and in the index, with one event for each that is new. Putting the
    /// same bytes under the same key again changes nothing. Files are read once; they share the syncs. `progress` gets
    /// the number of bytes staged since its last call, on any thread. What is put into a draft is seen only by
    /// ``draft(of:)`` until the release is sealed.
    ///
    /// Throws ``StoreError/conflict(released:offered:path:)`` for other bytes under a released key, and whatever is wrong
    /// with a file, its name, its platform, or the machine. A crash or an error leaves at most blobs that no key names.
    package func put(
        _ requests: [PutRequest],
        into target: PutTarget = .release,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) throws(StoreError) -> [PutResult] {
        guard isWritable else { throw .readOnly(path: paths.root) }
        for request in requests where request.fileName != nil { _ = try request.checkedFileName() }
        options.logger.debug("put begins", metadata: ["files": "\(requests.count)"])
        let publication = Publication(in: self)
        var pending: [PendingArtifact] = []
        // An open file for each staged blob: a part at a time stays below the limit of the process.
        let filesPerSync = min(Self.mostFilesPerSync, max(1, OpenFileLimit.current / 2))
        for start in stride(from: 0, to: requests.count, by: filesPerSync) {
            try publication.finish()
            let part = Array(requests[start..<min(start + filesPerSync, requests.count)])
            pending += try prepare(part, into: target, publication, progress: progress)
        }
        try Self.checkDuplicates(pending)
        try publication.finishUnlessOfMany()
        options.logger.debug("committing", metadata: ["artifacts": "\(pending.count)"])
        let results = try publication.commit(pending.map(\.digest)) { db, time, actor in
            let results = try pending.map { try $0.insert(into: target, at: time, by: actor, in: db) }
            for provenance in pending.flatMap(\.provenance) {
                try ProvenanceRows.insert(provenance, at: time, by: actor, in: db)
            }
            return results
        }
        options.logger.debug("committed", metadata: ["artifacts": "\(results.count)"])
        return results
    }

    /// How many files of one call are open at a time, at most.
    package static var mostFilesPerSync: Int { 4096 }

    // Stage and lease, of the write order (docs/store-format.md); sync and link go on beside the caller.
    private func prepare(
        _ requests: [PutRequest],
        into target: PutTarget,
        _ publication: Publication,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(StoreError) -> [PendingArtifact] {
        let staged = try stage(requests, progress: progress)
        let size = staged.reduce(0) { $0 &+ $1.blob.size }
        options.logger.debug("staged", metadata: ["blobs": "\(staged.count)", "bytes": "\(size)"])
        try publication.take(staged.map(\.blob))
        let held = staged.map(\.blob.digest)
        try publication.hold(held)
        options.logger.debug("leased", metadata: ["blobs": "\(held.count)"])
        let known = try knownBlobs(held)
        publication.sync(except: Set(known.keys))
        let readArchives = try archivesRead(Array(known.keys))
        let budget = WorkBudget()
        let pending = try staged.map { source throws(StoreError) in
            let blob = source.blob
            // The index keeps what ELF files say; every other file is asked again.
            let stored = known[blob.digest]
            let reading = if let stored, stored.facts != nil { stored } else { BinaryFacts.read(blob.staged.file) }
            let name = (try? source.request.checkedFileName()) ?? ""
            let isRead = reading.facts != nil || readArchives.contains(blob.digest)
            let archive = isRead ? nil : ArchiveContents.read(blob.staged.file, name: name, budget: budget)
            return try PendingArtifact(
                source.request,
                blob: blob,
                sourceMode: source.mode,
                reading: reading,
                archive: archive
            )
        }
        // Checked again inside the transaction; this early check avoids linking blobs that will be refused.
        try index.read { db in
            for item in pending { try item.check(for: target, in: db) }
        }
        try publication.link(held, named: Set(known.keys))
        return pending
    }

    private static func checkDuplicates(_ pending: [PendingArtifact]) throws(StoreError) {
        var first: [ArtifactKey: PendingArtifact] = [:]
        for item in pending {
            if let other = first[item.key], other.digest != item.digest {
                throw .duplicateKey(item.key, paths: [other.sourceName, item.sourceName])
            }
            first[item.key] = first[item.key] ?? item
        }
    }
}

extension PendingArtifact {
    /// Throws when it can't be put there.
    fileprivate func check(for target: PutTarget, in db: Database) throws {
        switch target {
        case .release: _ = try released(in: db)
        case .draft(let replaces): _ = try drafted(replacing: replaces, in: db)
        }
    }

    fileprivate func insert(
        into target: PutTarget,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws -> PutResult {
        switch target {
        case .release: try insert(into: db, at: time, by: actor)
        case .draft(let replaces): try insertDraft(replacing: replaces, into: db, at: time, by: actor)
        }
    }
}
