import Archive
import ContentAddress
package import OCI
import Release

/// Compares an image that was derived here with one that is somewhere else, and names the first thing that differs.
package struct ImageComparison {
    /// How the other image is read: a document's bytes, and a layer's uncompressed tar in pieces.
    package struct Other {
        let root: (mediaType: String, bytes: [UInt8])
        let document: (Descriptor) throws -> [UInt8]
        let layer: (Descriptor, (UnsafeRawBufferPointer) throws -> Void) throws -> Void

        /// Takes the three ways.
        package init(
            root: (mediaType: String, bytes: [UInt8]),
            document: @escaping (Descriptor) throws -> [UInt8],
            layer: @escaping (Descriptor, (UnsafeRawBufferPointer) throws -> Void) throws -> Void
        ) {
            self.root = root
            self.document = document
            self.layer = layer
        }
    }

    private let image: BuiltImage

    /// Compares with a derived image.
    package init(_ image: BuiltImage) {
        self.image = image
    }

    /// By which derivation an image says that it was made.
    package static func derivation(of other: Other) throws -> Int {
        var manifests: [ImageManifest] = []
        if MediaType.isIndex(other.root.mediaType) {
            let index = try Self.index(other.root.bytes)
            for descriptor in index.manifests where MediaType.isManifest(descriptor.mediaType) {
                manifests.append(try Self.manifest(other.document(descriptor)))
            }
        } else {
            manifests = [try Self.manifest(other.root.bytes)]
        }
        let numbers = manifests.compactMap { $0.annotations?[Annotation.derivation].flatMap { Int($0) } }
        return max(1, min(numbers.max() ?? 1, BaseDerivation.latest))
    }

    /// The first difference, in a line for a person; nil when the other image is the same to the bit.
    ///
    /// An image of one platform is compared with that platform's part. Throws what reading the other image throws.
    package func firstDifference(with other: Other) throws -> String? {
        let digest = Digest.of(other.root.bytes)
        if digest == image.digest { return nil }
        guard MediaType.isIndex(other.root.mediaType) else {
            if image.parts.contains(where: { $0.manifest.digest == digest }) { return nil }
            let manifest = try Self.manifest(other.root.bytes)
            let config = try DocumentReading<ImageConfig>.decode(
                other.document(manifest.config),
                as: .config,
                what: "the other image's config"
            )
            guard let own = try? config.platform, let part = image.parts.first(where: { $0.platform == own }) else {
                return "the other image is for \(config.os)/\(config.architecture), which isn't built here"
            }
            return try difference(part, manifest, other)
                ?? "\(part.platform), manifest: \(part.manifest.digest) here, \(digest) there"
        }
        let index = try Self.index(other.root.bytes)
        for part in image.parts {
            guard let there = index.manifests.first(where: { $0.platform == part.platform }) else {
                return "\(part.platform) isn't in the other image"
            }
            guard there.digest != part.manifest.digest else { continue }
            let manifest = try Self.manifest(other.document(there))
            let difference = try difference(part, manifest, other)
            return difference ?? "\(part.platform), manifest: \(part.manifest.digest) here, \(there.digest) there"
        }
        if index.manifests.count != image.parts.count {
            return "the index has \(image.parts.count) manifests here, \(index.manifests.count) there"
        }
        return "the index: "
            + (fieldDifference(image.index.bytes, other.root.bytes) ?? "\(image.digest) here, \(digest) there")
    }

    private static func index(_ bytes: [UInt8]) throws(OCIError) -> ImageIndex {
        try DocumentReading<ImageIndex>.decode(bytes, as: .index, what: "the other image's index")
    }

    private static func manifest(_ bytes: [UInt8]) throws(OCIError) -> ImageManifest {
        try DocumentReading<ImageManifest>.decode(bytes, as: .manifest, what: "the other image's manifest")
    }

    private func difference(_ part: BuiltImage.Part, _ there: ImageManifest, _ other: Other) throws -> String? {
        if part.layers.count != there.layers.count {
            return "\(part.platform): \(part.layers.count) layers here, \(there.layers.count) there"
        }
        for (number, (layer, descriptor)) in zip(part.layers, there.layers).enumerated() {
            guard layer.descriptor.digest != descriptor.digest else { continue }
            let place = "\(part.platform), layer \(number + 1)"
            var hasher = LayerHeaders()
            try other.layer(descriptor) { try hasher.add($0) }
            let (diffID, headers) = hasher.finish()
            if diffID == layer.diffID {
                return
                    "\(place): the same files, compressed otherwise: \(layer.descriptor.digest) here, \(descriptor.digest) there"
            }
            return "\(place), " + (entryDifference(layer, headers) ?? "the tar: \(layer.diffID) here, \(diffID) there")
        }
        guard part.config.digest != there.config.digest else { return nil }
        let own = image.documents.first { $0.digest == part.config.digest }?.bytes ?? []
        let difference = try fieldDifference(own, other.document(there.config))
        return "\(part.platform), config, " + (difference ?? "\(part.config.digest) here, \(there.config.digest) there")
    }

    private func entryDifference(_ layer: BuiltImage.Layer, _ there: [LayerHeaders.Entry]) -> String? {
        guard case .object(let recipe)? = layer.recipe, case .array(let entries)? = recipe["entries"] else {
            return nil
        }
        for (number, entry) in entries.enumerated() {
            guard case .object(let members) = entry, case .string(let path)? = members["path"] else { continue }
            guard number < there.count else { return "/\(path) isn't there" }
            let found = there[number]
            if found.path != path { return "/\(path) is entry \(number + 1) here, and /\(found.path) is there" }
            for (field, value) in found.fields.sorted(by: { $0.key < $1.key }) where members[field] != value {
                return "/\(path), \(field): \(Self.text(members[field])) here, \(Self.text(value)) there"
            }
        }
        return there.count > entries.count ? "/\(there[entries.count].path) is there only" : nil
    }

    private func fieldDifference(_ here: [UInt8], _ there: [UInt8]) -> String? {
        guard let here = try? JSONValue(parsing: here), let there = try? JSONValue(parsing: there) else { return nil }
        return Self.difference(here, there, at: "")
    }

    private static func difference(_ here: JSONValue?, _ there: JSONValue?, at path: String) -> String? {
        if here == there { return nil }
        switch (here, there) {
        case (.object(let left)?, .object(let right)?):
            let keys = Set(left.keys).union(right.keys).sorted()
            return keys.lazy.compactMap { difference(left[$0], right[$0], at: path + "." + $0) }.first
        case (.array(let left)?, .array(let right)?) where left.count == right.count:
            return left.indices.lazy.compactMap { difference(left[$0], right[$0], at: "\(path)[\($0)]") }.first
        default:
            return "\(path.dropFirst()): \(text(here)) here, \(text(there)) there"
        }
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        return String(String(decoding: CanonicalJSON.encode(value), as: UTF8.self).prefix(120))
    }
}
