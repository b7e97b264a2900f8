package import ContentAddress
import GRDB
package import OCI
package import Release
import SystemIO

extension Store {
    /// Starts a batch of blobs for an image.
    ///
    /// Throws ``StoreError/readOnly(path:)`` for a store that can't be changed.
    package func beginBatch() throws(StoreError) -> BlobBatch {
        guard isWritable else { throw .readOnly(path: paths.root) }
        return BlobBatch(staging: paths.staging)
    }

    /// Starts a batch that is never committed, such as what is derived again to be compared; beside a store that can't be
    /// changed it is among the machine's temporary files.
    package func beginScratch() -> BlobBatch {
        BlobBatch(staging: isWritable ? paths.staging : Directory.temporary)
    }

    /// Whether an image with its names, and some layers, are recorded as they are given and all of their blobs are whole: then
    /// there is nothing to write.
    package func stands(_ image: ImageRecord?, layers: [DerivedLayer] = []) throws(StoreError) -> Bool {
        let blobs: Set<Digest>? = try index.read { db in
            guard try ImageRows.isRecorded(image, layers: layers, in: db) else { return nil }
            let reached = try image.map { try ImageRows.blobs(of: $0.digest, in: db).union($0.reached) } ?? []
            return reached.union(layers.map(\.digest))
        }
        guard let blobs else { return false }
        return try examine(try sizes(of: blobs)).faults.isEmpty
    }

    /// Makes a batch's blobs visible, and notes an image with its names, the layers that were derived, and the archives that
    /// were packed from releases.
    ///
    /// At return all of it is on stable storage. When the image, its names and the layers are recorded already, and all of
    /// their blobs are whole, nothing is written. Every blob of the image must be in the batch or whole in the store: else
    /// throws ``StoreError/damaged(digest:path:reason:)``. A crash or an error leaves at most blobs that no row names.
    /// Returns whether anything changed.
    @discardableResult
    package func commit(
        _ batch: BlobBatch,
        image: ImageRecord?,
        layers: [DerivedLayer] = [],
        packed: [PackedArchive] = []
    ) throws(StoreError) -> Bool {
        let contents = batch.contents
        if packed.isEmpty, try stands(image, layers: layers) { return false }
        let held = Set(contents.keys).union(image?.reached ?? []).union(layers.map(\.digest)).sorted()
        let publication = Publication(in: self)
        try publication.hold(held)
        let known = try index.read { db in
            var known: Set<Digest> = []
            for digest in contents.keys where try BlobRows.size(of: digest, in: db) != nil { known.insert(digest) }
            return known
        }
        try checkWhole(Set(held).subtracting(contents.keys))
        try publication.publish(batch.all, named: known)
        try publication.commit(held) { db, time, actor in
            for (digest, size) in contents { try BlobRows.insert(digest, size: size, at: time, in: db) }
            for layer in layers { try ImageRows.insert(layer, in: db) }
            // Of a release that was removed meanwhile, nothing is kept.
            for archive in packed where try !ArtifactRows.list(archive.release, in: db).isEmpty {
                try PackedRows.keep(archive.packed(at: time, by: actor), in: db)
            }
            for digest in held where try BlobRows.size(of: digest, in: db) == nil { throw StoreError.collected(digest) }
            if let image { try ImageRows.insert(image, at: time, by: actor, in: db) }
        }
        return true
    }

    /// The layers that were derived from some recipes, by recipe.
    ///
    /// One whose blob isn't whole is left out: it is derived again.
    package func derivedLayers(_ recipes: [Digest]) throws(StoreError) -> [Digest: DerivedLayer] {
        let layers = try index.read { db in
            var layers: [Digest: DerivedLayer] = [:]
            for recipe in recipes { layers[recipe] = try ImageRows.layer(recipe, in: db) }
            return layers
        }
        let whole = try examine(Dictionary(layers.values.map { ($0.digest, $0.size) }) { first, _ in first }).whole
        return layers.filter { whole[$0.value.digest] != nil }
    }

    /// All images, by name, those without a name last.
    package func images() throws(StoreError) -> [StoredImage] {
        try index.read { try ImageRows.all(in: $0) }
    }

    /// The image of a name, or of a digest.
    ///
    /// A name without a tag means `latest`, and Docker Hub's names are found by each of their spellings, the one that is
    /// asked for first. Nil when there is none.
    package func image(_ reference: ImageReference) throws(StoreError) -> StoredImage? {
        try index.read { db in
            if let digest = reference.digest { return try ImageRows.image(digest, in: db) }
            guard let digest = try ImageRows.target(reference, in: db) else { return nil }
            return try ImageRows.image(digest, in: db)
        }
    }

    /// The releases whose files are in an image, by name and version.
    package func releases(in image: Digest) throws(StoreError) -> [ReleaseKey] {
        try index.read { try ImageRows.releases(in: image, in: $0) }
    }

    /// Which releases the released files in an image of the store are.
    package func explanation(of image: Digest) throws(StoreError) -> ReleaseExplanation {
        try index.read { db in
            ReleaseExplanation(
                try ImageRows.releasedFiles(in: image, in: db).map { try ArtifactRows.list(with: $0, in: db) }
            )
        }
    }

    /// The released files in an image of the store.
    package func releasedFiles(in image: Digest) throws(StoreError) -> [Digest] {
        try index.read { try ImageRows.releasedFiles(in: image, in: $0) }
    }

    /// The size of a blob; nil when the index has none of that digest.
    package func blobSize(_ digest: Digest) throws(StoreError) -> Int64? {
        try index.read { try BlobRows.size(of: digest, in: $0) }
    }

    /// Gives an image of the store a further name, or moves the name to it, with all of its spellings.
    package func tag(_ digest: Digest, as reference: ImageReference) throws(StoreError) {
        let time = now
        let actor = options.actor
        try index.write { db in
            guard try ImageRows.image(digest, in: db) != nil else {
                throw StoreError.notFound(
                    what: "the image \(digest)",
                    hint: "run `bindery images` to list the images"
                )
            }
            try ImageRows.tag(digest, as: reference, at: time, by: actor, in: db)
        }
    }

    /// Takes a name off an image; a collection removes the image when nothing names it any more.
    ///
    /// A digest takes the image away with all its names; one that is pinned stays without a name. Returns whether
    /// there was such an image.
    package func removeImage(_ reference: ImageReference, reason: String? = nil) throws(StoreError) -> Bool {
        let time = now
        return try index.write { try removeImage(reference, reason: reason, at: time, in: $0) != nil }
    }

    /// The same in a transaction; the digest of the image, nil when there is none.
    func removeImage(
        _ reference: ImageReference,
        reason: String?,
        at time: Timestamp,
        in db: Database
    ) throws -> Digest? {
        let target = try reference.digest ?? ImageRows.target(reference, in: db)
        guard let target, try ImageRows.image(target, in: db) != nil else { return nil }
        try ImageRows.remove(
            target,
            name: reference.digest == nil ? reference : nil,
            reason: reason,
            at: time,
            by: options.actor,
            in: db
        )
        return target
    }
}
