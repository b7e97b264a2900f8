package import ArtifactStore
package import ContentAddress
package import ImageTransport
import OCI
import Release

/// Finds the right bytes of damaged blobs, wherever they still are.
package struct Repair {
    /// Where to look for bytes.
    package enum Place {
        /// Another store.
        case store(Store, path: String)
        /// An image, a layout or a bundle.
        case image(ImageLocation)
    }

    /// One blob that is whole again.
    package struct Healed: Sendable {
        package let digest: Digest
        /// Where its bytes came from.
        package let from: String
    }

    private let store: Store
    private let sources: [Source]

    private enum Source {
        case store(Store, path: String)
        case image(any ImageSource)
        /// A layout: whatever it is made of, a blob of the digest may be in it.
        case bundle(BundleSource)
    }

    /// Looks in the places, in their order, and then in the store's own images.
    ///
    /// Throws where a place can't be opened, also when no blob is damaged.
    package init(_ store: Store, places: [Place], registries: any RegistryAccess) throws {
        self.store = store
        let others = try places.flatMap { place -> [Source] in
            switch place {
            case .store(let store, let path): return [.store(store, path: path)]
            case .image(let location):
                switch location {
                case .layout(_, nil), .layoutArchive(_, nil):
                    guard let bundle = try? BundleSource(location) else { break }
                    return [.bundle(bundle)] + bundle.parts.compactMap { try? bundle.source($0) }.map { .image($0) }
                default: break
                }
                return [.image(try ImageSources.open(location, registries: registries))]
            }
        }
        let own = try store.images().compactMap { image -> Source? in
            guard let reference = try? ImageReference(parsing: "store@\(image.digest)") else { return nil }
            return (try? StoreSource(store: store, reference: reference)).map { .image($0) }
        }
        sources = others + own
    }

    /// Heals what can be healed of some blobs.
    package func heal(_ digests: Set<Digest>) -> [Healed] {
        var healed: [Healed] = []
        var left = digests
        // Again while it helps: a layer is derived from a binary that another layer gives back.
        var helped = true
        while helped {
            helped = false
            for digest in left.sorted() {
                guard let place = heal(digest) else { continue }
                healed.append(Healed(digest: digest, from: place))
                left.remove(digest)
                helped = true
            }
        }
        return healed
    }

    /// Heals one blob, and says where its bytes came from; nil where nobody has them.
    private func heal(_ digest: Digest) -> String? {
        let size = (try? store.blobSize(digest)) ?? nil
        for source in sources {
            if let place = heal(digest, size: size, from: source) { return place }
        }
        return nil
    }

    private func heal(_ digest: Digest, size: Int64?, from source: Source) -> String? {
        switch source {
        case .store(let source, let path):
            let isHealed = attempt(digest) { sink in try source.readBlob(digest, into: sink) }
            return isHealed ? "the store \(path)" : nil
        case .bundle(let bundle):
            let blob = Descriptor(mediaType: "", digest: digest, size: size ?? 0)
            let isHealed = attempt(digest) { sink in try bundle.open(blob).copy(to: sink) }
            return isHealed ? bundle.name : nil
        case .image(let source): return heal(digest, size: size, fromImage: source)
        }
    }

    private func heal(_ digest: Digest, size: Int64?, fromImage source: any ImageSource) -> String? {
        for manifest in ImageContents.manifests(of: source) {
            for descriptor in [manifest.document.descriptor, manifest.manifest.config] + manifest.manifest.layers
            where descriptor.digest == digest {
                if attempt(digest, { try source.blob(descriptor).copy(to: $0) }) { return source.name }
                if derive(digest, descriptor) { return "its recipe" }
            }
            for layer in manifest.manifest.layers where layer.digest != digest {
                if let size, heal(digest, size: size, fromLayer: layer, of: source) {
                    return "the layer \(layer.digest.short) of \(source.name)"
                }
            }
        }
        return nil
    }

    private func derive(_ digest: Digest, _ descriptor: Descriptor) -> Bool {
        guard let recipe = descriptor.annotations?[Annotation.layerRecipe] else { return false }
        return attempt(digest) { sink in
            guard try LayerDerivation.derive(recipe, in: store, sink) else { throw ImageContents.Exhausted() }
        }
    }

    /// Tries each file of the layer that has the blob's size.
    private func heal(
        _ digest: Digest,
        size: Int64,
        fromLayer layer: Descriptor,
        of source: any ImageSource
    ) -> Bool {
        guard let places = try? ImageContents.files(of: layer, in: source, digest: digest, size: size),
            let place = places.first
        else { return false }
        return attempt(digest) { sink in
            try ImageContents.copyFile(place, size: size, of: layer, in: source, to: sink)
        }
    }

    private func attempt(
        _ digest: Digest,
        _ write: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) -> Bool {
        // Whatever is wrong with one source: the next one may have the bytes.
        (try? store.heal(digest, write)) ?? false
    }
}
