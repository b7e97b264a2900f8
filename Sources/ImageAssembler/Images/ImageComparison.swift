import Archive
import ContentAddress
package import ImageTransport
import OCI
import Release

/// Compares an image that was derived here with one that is somewhere else, and names the first thing that differs.
package struct ImageComparison {
    private let image: BuiltImage

    /// Compares with a derived image.
    package init(_ image: BuiltImage) {
        self.image = image
    }

    /// By which derivation an image says that it was made.
    package static func derivation(of other: any ImageSource) throws -> Int {
        let root = try other.root()
        var manifests: [ImageManifest] = []
        if MediaType.isIndex(root.mediaType) {
            for descriptor in try root.index().manifests where MediaType.isManifest(descriptor.mediaType) {
                manifests.append(try other.document(descriptor).manifest())
            }
        } else {
            manifests = [try root.manifest()]
        }
        let numbers = manifests.compactMap { $0.annotations?[Annotation.derivation].flatMap { Int($0) } }
        return max(1, min(numbers.max() ?? 1, BaseDerivation.latest))
    }

    /// The first difference, in a line for a person; nil when the other image is the same to the bit.
    ///
    /// An image of one platform is compared with that platform's part. Throws what reading the other image throws.
    package func firstDifference(with other: any ImageSource) throws -> String? {
        let root = try other.root()
        if root.digest == image.digest { return nil }
        guard MediaType.isIndex(root.mediaType) else {
            if image.parts.contains(where: { $0.manifest.digest == root.digest }) { return nil }
            let config = try other.document(root.manifest().config).config()
            guard let own = try? config.platform, let part = image.parts.first(where: { $0.platform == own }) else {
                return "the other image is for \(config.os)/\(config.architecture), which isn't built here"
            }
            return try difference(part, root, other)
        }
        let index = try root.index()
        for part in image.parts {
            guard let there = index.manifests.first(where: { $0.platform == part.platform }) else {
                return "\(part.platform) isn't in the other image"
            }
            guard there.digest != part.manifest.digest else { continue }
            return try difference(part, other.document(there), other)
        }
        if index.manifests.count != image.memberCount {
            return "the index has \(image.memberCount) manifests here, \(index.manifests.count) there"
        }
        return "the index: "
            + (fieldDifference(image.index.bytes, root.bytes) ?? "\(image.digest) here, \(root.digest) there")
    }

    private func difference(
        _ part: BuiltImage.Part,
        _ document: ImageDocument,
        _ other: any ImageSource
    ) throws -> String {
        let there = try document.manifest()
        if part.layers.count != there.layers.count {
            return "\(part.platform): \(part.layers.count) layers here, \(there.layers.count) there"
        }
        for (number, (layer, descriptor)) in zip(part.layers, there.layers).enumerated() {
            guard layer.descriptor.digest != descriptor.digest else { continue }
            let place = "\(part.platform), layer \(number + 1)"
            let budget = WorkBudget()
            var hasher = LayerHeaders(budget: budget)
            let stream = LayerStream(of: other, descriptor, diffID: nil, budget: budget)
            while let bytes = try stream.next() { try hasher.add(bytes) }
            let (diffID, headers) = hasher.finish()
            if diffID == layer.diffID {
                return
                    "\(place): the same files, compressed otherwise: \(layer.descriptor.digest) here, \(descriptor.digest) there"
            }
            return "\(place), " + (entryDifference(layer, headers) ?? "the tar: \(layer.diffID) here, \(diffID) there")
        }
        guard part.config.digest != there.config.digest else {
            return "\(part.platform), manifest: \(part.manifest.digest) here, \(document.digest) there"
        }
        let own = image.documents.first { $0.digest == part.config.digest }?.bytes ?? []
        let difference = try fieldDifference(own, other.document(there.config).bytes)
        return "\(part.platform), config, " + (difference ?? "\(part.config.digest) here, \(there.config.digest) there")
    }

    private func entryDifference(_ layer: BuiltImage.Layer, _ there: [LayerHeaders.Entry]) -> String? {
        guard case .object(let recipe)? = layer.recipe?.json, case .array(let entries)? = recipe["entries"] else {
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
        guard let here = try? JSONValue(parsing: here, keepsNumbers: true),
            let there = try? JSONValue(parsing: there, keepsNumbers: true)
        else { return nil }
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
