public import ContentAddress
internal import GRDB
public import OCI
internal import SystemIO

extension Store {
    /// Starts a batch of blobs for an image.
    ///
    /// Throws ``StoreError/readOnly(path:)`` for a store that can't be changed.
    public func beginBatch() throws(StoreError) -> BlobBatch {
        guard isWritable else { throw .readOnly(path: paths.root) }
        return BlobBatch(staging: paths.staging)
    }

    /// Whether an image with its names, and some layers, are noted as they are given: then there is nothing to write.
    public func isNoted(_ image: ImageRecord?, layers: [DerivedLayer] = []) throws(StoreError) -> Bool {
        try index.read { try ImageRows.isNoted(image, layers: layers, in: $0) }
    }

    /// Makes a batch's blobs visible, and notes an image with its names and the layers that were derived.
    ///
    /// At return all of it is on stable storage. When the image, its names and the layers are noted already, nothing is
    /// written. Every blob of the image must be in the batch or in the store. A crash or an error leaves at most blobs
    /// that no row names. Returns whether anything changed.
    @discardableResult
    public func commit(
        _ batch: BlobBatch,
        image: ImageRecord?,
        layers: [DerivedLayer] = []
    ) throws(StoreError) -> Bool {
        let contents = batch.contents
        guard try !isNoted(image, layers: layers) else { return false }
        let lease = Lease(actor: options.actor, now: now)
        let held = Set(contents.keys).union(image?.blobs ?? []).union(layers.map(\.digest)).sorted()
        // Held before it is asked which are there: a collection beside us can't take them any more.
        try index.writeUnsynced { try lease.hold(held, in: $0) }
        let known = try index.read { db in
            var known: Set<Digest> = []
            for digest in contents.keys where try BlobRows.size(of: digest, in: db) != nil { known.insert(digest) }
            return known
        }
        try makeVisible(batch.all, synced: known)
        let time = now
        let actor = options.actor
        try index.write { db in
            for (digest, size) in contents { try BlobRows.insert(digest, size: size, at: time, in: db) }
            for layer in layers { try ImageRows.insert(layer, in: db) }
            for digest in held where try BlobRows.size(of: digest, in: db) == nil { throw StoreError.collected(digest) }
            if let image { try ImageRows.insert(image, at: time, by: actor, in: db) }
            try lease.release(held, in: db, paths: paths)
        }
        return true
    }

    // Steps 3 and 4 of the write order (docs/store-format.md).
    func makeVisible(_ blobs: [StagedBlob], synced known: Set<Digest>) throws(StoreError) {
        func sync(_ blob: StagedBlob) throws(StoreError) {
            guard options.durable else { return }
            try system { () throws(SystemError) in try blob.staged.file.sync() }
        }
        for blob in blobs where !known.contains(blob.digest) { try sync(blob) }
        for blob in blobs {
            // Known by its row, but its file was lost: this brings it back.
            if try blob.publish(paths), known.contains(blob.digest) { try sync(blob) }
        }
        guard options.durable, !blobs.isEmpty else { return }
        try system { () throws(SystemError) in try Directory.sync(paths.blobs) }
    }

    /// The layers that were derived from some recipes, by recipe.
    public func derivedLayers(_ recipes: [Digest]) throws(StoreError) -> [Digest: DerivedLayer] {
        try index.read { db in
            var layers: [Digest: DerivedLayer] = [:]
            for recipe in recipes { layers[recipe] = try ImageRows.layer(recipe, in: db) }
            return layers
        }
    }

    /// All images, by name, those without a name last.
    public func images() throws(StoreError) -> [StoredImage] {
        try index.read { try ImageRows.all(in: $0) }
    }

    /// The image of a name, or of a digest.
    ///
    /// A name without a tag means `latest`. Nil when there is none.
    public func image(_ reference: ImageReference) throws(StoreError) -> StoredImage? {
        try index.read { db in
            if let digest = reference.digest { return try ImageRows.image(digest, in: db) }
            guard let digest = try ImageRows.target(reference.normalized, in: db) else { return nil }
            return try ImageRows.image(digest, in: db)
        }
    }

    /// The releases whose files are in an image, by name and version.
    public func releases(in image: Digest) throws(StoreError) -> [ReleaseKey] {
        try index.read { try ImageRows.releases(in: image, in: $0) }
    }

    /// The size of a blob; nil when the index has none of that digest.
    public func blobSize(_ digest: Digest) throws(StoreError) -> Int64? {
        try index.read { try BlobRows.size(of: digest, in: $0) }
    }

    /// Gives an image of the store a further name, or moves the name to it.
    public func tag(_ digest: Digest, as reference: ImageReference) throws(StoreError) {
        let time = now
        let actor = options.actor
        try index.write { db in
            guard try ImageRows.image(digest, in: db) != nil else {
                throw StoreError.notFound(
                    what: "the image \(digest)",
                    hint: "`bindery images` lists the images that are."
                )
            }
            try ImageRows.tag(digest, as: reference.normalized, at: time, by: actor, in: db)
        }
    }

    /// Takes a name off an image; a collection removes the image when nothing names it any more.
    ///
    /// A digest takes the image away with all its names; one that is pinned stays without a name. Returns whether
    /// there was such an image.
    public func removeImage(_ reference: ImageReference, reason: String? = nil) throws(StoreError) -> Bool {
        let time = now
        let actor = options.actor
        return try index.write { db in
            let target = try reference.digest ?? ImageRows.target(reference.normalized, in: db)
            guard let target, try ImageRows.image(target, in: db) != nil else { return false }
            try ImageRows.remove(
                target,
                name: reference.digest == nil ? reference.normalized : nil,
                reason: reason,
                at: time,
                by: actor,
                in: db
            )
            return true
        }
    }
}

extension ImageReference {
    /// The reference with the tag that is meant when none is written.
    public var normalized: String {
        tag == nil ? description + ":latest" : description
    }
}
