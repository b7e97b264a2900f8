package import ContentAddress

extension Store {
    /// Pins released files or images: they are neither removed nor collected until the pins are taken off.
    ///
    /// Pinning again replaces the reason. Throws ``StoreError/notFound(what:hint:)`` for a blob that the index hasn't
    /// got.
    package func pin(_ digests: [Digest], reason: String?) throws(StoreError) {
        let time = now
        try index.write { db in
            for digest in digests {
                guard try BlobRows.size(of: digest, in: db) != nil else {
                    throw StoreError.notFound(what: "the blob \(digest)", hint: nil)
                }
                let pin = Pin(digest: digest, reason: reason, pinnedAt: time, pinnedBy: options.actor)
                try PinRows.insert(pin, in: db)
                try EventRows.append(
                    .pin,
                    digest: digest,
                    at: time,
                    by: pin.pinnedBy,
                    more: reason.map { ["reason": .string($0)] } ?? [:],
                    in: db
                )
            }
        }
    }

    /// Takes pins off; returns how many there were.
    package func unpin(_ digests: [Digest]) throws(StoreError) -> Int {
        let time = now
        return try writeFreeing { db in
            var count = 0
            for digest in digests where try PinRows.remove(digest, in: db) {
                // The grace period counts from here.
                try BlobRows.noteUnnamed(digest, at: time, in: db)
                try EventRows.append(.unpin, digest: digest, at: time, by: options.actor, in: db)
                count += 1
            }
            return count
        }
    }

    /// All pins, the oldest first.
    package func pins() throws(StoreError) -> [Pin] {
        try index.read { try PinRows.all(in: $0) }
    }
}
