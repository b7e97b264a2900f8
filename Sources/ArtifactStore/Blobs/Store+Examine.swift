package import ContentAddress
import GRDB
import OCI
import SystemIO

/// What an examination of blobs came to.
struct Examination: Sendable {
    /// The blobs that stand in the store, with their files' status.
    var whole: [Digest: FileStatus] = [:]
    /// What is wrong with the others.
    var faults: [Digest: String] = [:]
    /// Those of ``whole`` that were hashed for this.
    var hashed: [(digest: Digest, status: FileStatus)] = []

    /// The files that are known by it.
    var knownFiles: KnownFiles {
        var known = KnownFiles()
        for (digest, status) in whole { known.add(digest, status) }
        return known
    }
}

extension Store {
    /// Whether a blob stands in the store with this size and with its digest's bytes.
    ///
    /// It is hashed for that, unless it was within the time of trust and its file is unchanged since.
    package func isWhole(_ digest: Digest, size: Int64) throws(StoreError) -> Bool {
        try examine([digest: size]).whole[digest] != nil
    }

    /// Finds out which blobs stand in the store, and notes those that had to be hashed.
    ///
    /// `sizes` has nil where nobody knows it. `known` are files that count as known beside those of the index.
    func examine(_ sizes: [Digest: Int64?], known: KnownFiles? = nil) throws(StoreError) -> Examination {
        let digests = sizes.keys.sorted()
        let known = if let known { known } else { try knownFiles(digests, at: now) }
        let standing = try Parallel.map(digests, width: Parallel.coreCount, with: { ReadBuffer() }) {
            [blobs] buffer, digest throws(StoreError) in
            try blobs.look(at: digest, size: sizes[digest] ?? nil, known: known, buffer: buffer)
        }
        var result = Examination()
        for (digest, standing) in zip(digests, standing) { result.add(standing, digest) }
        // Only a shortcut for the next time: a store that can't record it loses nothing.
        try? noteUnchanged(result.hashed)
        return result
    }

    /// The files of blobs that were hashed within the time of trust, as the index has them.
    func knownFiles(_ digests: some Collection<Digest>, at time: Timestamp) throws(StoreError) -> KnownFiles {
        guard options.trust > 0, !digests.isEmpty else { return KnownFiles() }
        return try index.read { db in
            var known = KnownFiles()
            let sql = "SELECT device, inode, size, changed, checked_at FROM blob_file WHERE digest = ?"
            let statement = try db.cachedStatement(sql: sql)
            for digest in digests {
                guard let row = try Row.fetchOne(statement, arguments: [digest.column]),
                    // A look that is still to come was dated by a clock that went wrong.
                    (0..<options.trust).contains(time.milliseconds &- row["checked_at"])
                else { continue }
                known.add(
                    digest,
                    device: row["device"],
                    inode: row["inode"],
                    size: row["size"],
                    changed: row["changed"]
                )
            }
            return known
        }
    }
}

extension Examination {
    fileprivate mutating func add(_ standing: StandingBlob, _ digest: Digest) {
        switch standing {
        case .absent: faults[digest] = "there is no such file"
        case .bad(let reason): faults[digest] = reason
        case .whole(let status, let isHashed):
            whole[digest] = status
            if isHashed { hashed.append((digest, status)) }
        }
    }
}
