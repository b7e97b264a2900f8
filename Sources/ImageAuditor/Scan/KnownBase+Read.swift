package import ArtifactStore
package import ContentAddress
package import ImageTransport
import OCI

extension KnownBase {
    /// The bases that an image is, one for each of its platforms.
    ///
    /// Only documents are read, no layers. Throws ``ImageTransport/TransportError``.
    package static func read(
        _ reference: String,
        store: Store? = nil,
        registries: (any RegistryAccess)? = nil
    ) throws -> [KnownBase] {
        let location = try ImageLocation(parsing: reference)
        return try read(ImageSources.open(location, store: store, registries: registries), name: reference)
    }

    /// The images of the store that are marked as bases.
    static func all(in store: Store) throws(StoreError) -> [KnownBase] {
        try store.bases().map { KnownBase(name: $0.name, digest: $0.manifest, diffIDs: $0.diffIDs) }
    }

    /// The marks of an image of the store as one that others are built on.
    ///
    /// Throws ``ImageTransport/TransportError``.
    package static func marks(_ image: Digest, in store: Store, reason: String) throws -> [BaseMark] {
        let reference = ImageReference(repository: try RepositoryName(parsing: "image"), digest: image)
        return try read(StoreSource(store: store, reference: reference), name: "\(image)").map {
            BaseMark(image: image, manifest: $0.digest, diffIDs: $0.diffIDs, reason: reason)
        }
    }

    private static func read(_ source: any ImageSource, name: String) throws -> [KnownBase] {
        if let ambiguity = source.notes.ambiguities.first { throw ambiguity }
        return try IndexReader.read(try source.root(), of: source, platform: nil).images.map { child in
            let config = try source.document(child.document.manifest().config).config()
            return KnownBase(name: name, digest: child.document.digest, diffIDs: config.rootfs.diffIDs)
        }
    }
}
