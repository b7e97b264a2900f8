package import ContentAddress
import GRDB
import OCI
import SystemIO

extension Store {
    /// Makes the blobs of a batch visible in a repository; on stable storage at return.
    ///
    /// `names` are their digests of other algorithms. What no manifest names within ``PushedManifest/blobTime`` may be collected.
    package func push(
        _ batch: BlobBatch,
        to repository: String,
        names: [LongDigest: Digest] = [:]
    ) throws(StoreError) {
        let contents = batch.contents
        try publish(batch, holding: contents.keys.sorted()) { db, time, _ in
            for digest in contents.keys { try PushRows.insert(blob: digest, repository, at: time, in: db) }
            for (name, digest) in names { try PushRows.insert(name: name, of: digest, in: db) }
        }
    }

    /// Makes a blob of the store visible in a further repository.
    ///
    /// Throws ``StoreError/collected(_:)`` when it isn't there any more.
    package func mount(_ digest: Digest, to repository: String) throws(StoreError) {
        let time = now
        try index.write { db in
            guard try BlobRows.size(of: digest, in: db) != nil else { throw StoreError.collected(digest) }
            try PushRows.insert(blob: digest, repository, at: time, in: db)
        }
    }

    /// Records a manifest, whose bytes are in the batch, with its tags; on stable storage at return.
    ///
    /// Names under which it, or a member of it, was held end with it, and those of its tags.
    /// Throws ``StoreError/collected(_:)`` when a blob that it reaches isn't there any more, and
    /// ``StoreError/immutableName(_:_:)``.
    package func push(_ batch: BlobBatch, _ manifest: PushedManifest) throws(StoreError) {
        let held = Set(manifest.blobs.keys).union(batch.contents.keys).sorted()
        try publish(batch, holding: held) { db, time, actor in
            for digest in held where try BlobRows.size(of: digest, in: db) == nil { throw StoreError.collected(digest) }
            try PushRows.checkNames(of: manifest, in: db)
            if let name = manifest.name { try PushRows.insert(name: name, of: manifest.digest, in: db) }
            let image = manifest.image
            let more = PushRows.members(manifest.repository, manifest.pusher)
            try ImageRows.insert(image, at: time, by: actor, more: more, in: db)
            try ImageRows.add(image.blobs, to: image.digest, in: db)
            guard !manifest.isHeld else { return }
            try PushRows.insert(manifest, at: time, by: actor, in: db)
            try PushRows.endHolding(manifest, at: time, by: actor, in: db)
        }
    }

    private func publish(
        _ batch: BlobBatch,
        holding held: [Digest],
        _ rows: (Database, Timestamp, _ actor: String) throws -> Void
    ) throws(StoreError) {
        let contents = batch.contents
        let publication = Publication(in: self)
        try publication.hold(held)
        let known = Set(try sizes(of: contents.keys).filter { $0.value != nil }.keys)
        // What isn't in the batch is read and compared whenever it is served: here it must only be there.
        for digest in held where contents[digest] == nil {
            guard try blobs.isThere(digest) else { throw .collected(digest) }
        }
        try publication.publish(batch.all, named: known)
        try publication.commit(held) { db, time, actor in
            for (digest, size) in contents { try BlobRows.insert(digest, size: size, at: time, in: db) }
            try rows(db, time, actor)
        }
    }
}
