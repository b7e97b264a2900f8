import ArtifactStore
import ContentAddress
import Foundation
import ImageAssembler
import ImageTransport
import OCI

/// Finds the right bytes of damaged blobs, wherever they still are.
struct Repair {
    /// One blob that is whole again.
    struct Healed {
        let digest: Digest
        /// Where its bytes came from.
        let from: String
    }

    private let store: Store
    private let others: [Other]
    private let own: [Other]

    private enum Other {
        case store(Store, path: String)
        case image(any ImageSource)
        /// A layout: whatever it is made of, a blob of the digest may be in it.
        case bundle(BundleSource)
    }

    /// `places` are folders of stores and references of images, asked first and in this order.
    init(
        _ store: Store,
        places: [String],
        registries: any RegistryAccess,
        openStore: (String) throws -> Store
    ) throws {
        self.store = store
        others = try places.flatMap { place -> [Other] in
            if FileManager.default.fileExists(atPath: place + "/bindery.db") {
                return [.store(try openStore(place), path: place)]
            }
            let location = try ImageLocation(parsing: place)
            if case .store = location {
                throw UsageError(description: "'\(place)' is neither a store's folder nor an image such as oci:DIR:TAG")
            }
            switch location {
            case .layout(_, nil), .layoutArchive(_, nil):
                guard let bundle = try? BundleSource(location) else { break }
                return [.bundle(bundle)] + bundle.parts.compactMap { try? bundle.source($0) }.map { .image($0) }
            default: break
            }
            return [.image(try ImageSources.open(location, registries: registries))]
        }
        own = try store.images().compactMap { image in
            guard let reference = try? ImageReference(parsing: "store@\(image.digest)") else { return nil }
            return (try? StoreSource(store: store, reference: reference)).map { .image($0) }
        }
    }

    /// Heals one blob; nil where nobody has its bytes.
    func heal(_ digest: Digest) -> Healed? {
        let size = (try? store.blobSize(digest)) ?? nil
        for other in others + own {
            if let place = heal(digest, size: size, from: other) { return Healed(digest: digest, from: place) }
        }
        return nil
    }

    private func heal(_ digest: Digest, size: Int64?, from other: Other) -> String? {
        switch other {
        case .store(let source, let path):
            let isHealed = attempt(digest) { sink in try source.readBlob(digest, into: sink) }
            return isHealed ? "the store \(path)" : nil
        case .bundle(let bundle):
            let blob = Descriptor(mediaType: "", digest: digest, size: size ?? 0)
            let isHealed = attempt(digest) { sink in try ImageContents.copy(bundle.open(blob), to: sink) }
            return isHealed ? bundle.name : nil
        case .image(let source):
            for manifest in ImageContents.manifests(of: source) {
                for descriptor in [manifest.document.descriptor, manifest.manifest.config] + manifest.manifest.layers
                where descriptor.digest == digest {
                    if attempt(digest, { try ImageContents.copy(descriptor, of: source, to: $0) }) {
                        return source.name
                    }
                    if derive(digest, descriptor) { return "its recipe" }
                }
                for layer in manifest.manifest.layers where layer.digest != digest {
                    if let size, healFromLayer(digest, size: size, layer, of: source) {
                        return "the layer \(layer.digest.short) of \(source.name)"
                    }
                }
            }
            return nil
        }
    }

    private func derive(_ digest: Digest, _ descriptor: Descriptor) -> Bool {
        guard let recipe = descriptor.annotations?[LayerRecipe.annotation] else { return false }
        return attempt(digest) { sink in
            guard try LayerRecipe.derive(recipe, in: store, sink) else { throw ImageContents.Exhausted() }
        }
    }

    /// Tries each file of the layer that has the blob's size.
    private func healFromLayer(_ digest: Digest, size: Int64, _ layer: Descriptor, of source: any ImageSource) -> Bool {
        guard let places = try? ImageContents.files(of: layer, in: source, digest: digest, size: size),
            let place = places.first
        else { return false }
        return attempt(digest) { sink in try ImageContents.copyFile(place, size: size, of: layer, in: source, to: sink)
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
