public import ArtifactStore
public import ImageTransport
internal import OCI

extension KnownBase {
    /// The bases that an image is, one for each of its platforms.
    ///
    /// Only documents are read, no layers. Throws ``ImageTransport/TransportError``.
    public static func read(
        _ reference: String,
        store: Store? = nil,
        registries: (any RegistryAccess)? = nil
    ) throws -> [KnownBase] {
        let location = try ImageLocation(parsing: reference)
        return try read(ImageSources.open(location, store: store, registries: registries), name: reference)
    }

    /// The images in the store that hold nothing released: those that were imported to build on.
    static func all(in store: Store) throws -> [KnownBase] {
        var bases: [KnownBase] = []
        for image in try store.images() {
            guard let name = image.references.first, try store.releases(in: image.digest).isEmpty else { continue }
            // What is stored as an image and is none, such as an artifact of another kind, is nobody's base.
            guard let reference = try? ImageReference(parsing: name),
                let source = try? StoreSource(store: store, reference: reference)
            else { continue }
            bases += (try? read(source, name: name)) ?? []
        }
        return bases
    }

    private static func read(_ source: any ImageSource, name: String) throws -> [KnownBase] {
        try IndexReading(try source.root(), source, platform: nil).images.map { child in
            let config = try source.document(child.document.manifest().config).config()
            return KnownBase(name: name, digest: child.document.digest, diffIDs: config.rootfs.diffIDs)
        }
    }
}
