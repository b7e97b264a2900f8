package import ArtifactStore
package import ContentAddress

/// The files of a platform's image as an audit recorded them, with what each of them is by the store of now.
package struct RecordedFiles: Sendable {
    /// What a container sees, without directories, in the order of paths.
    package let files: [AuditedFile]
    /// How many of the lowest layers are a known base's.
    package let baseLayers: Int

    /// The files of a manifest; nil where no audit has recorded it, or an earlier version too little of it.
    ///
    /// Throws ``StoreError``, or what is wrong with the record.
    package init?(_ manifest: Digest, in store: Store) throws {
        guard let recorded = try store.recordedManifest(manifest) else { return nil }
        var options = AuditOptions()
        options.bases = try KnownBase.all(in: store)
        let facts: ImageFacts = try recorded.facts.content()
        let matched = try FileMatcher(store: store, options: options).match(.recorded(recorded, facts))
        files = matched.files
        baseLayers = matched.base?.diffIDs.count ?? 0
    }
}
