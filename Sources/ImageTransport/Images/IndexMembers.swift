import ContentAddress
package import OCI

/// What an index leads to: its members, those of indexes in it, and the platform of each.
package enum IndexMembers {
    /// The members of an image's index, indexes followed; none for an image without one.
    ///
    /// A manifest that the index gives no platform, or half of one, has its config's, as in engines.
    package static func all(of source: any ImageSource) throws(TransportError) -> [Descriptor] {
        let root = try source.root()
        guard MediaType.isIndex(root.mediaType) else { return [] }
        var seen: Set<Digest> = [root.digest]
        return try members(of: root, source, depth: 1, &seen)
    }

    /// The platforms of a member of an image's index, or of the members of an index that it is.
    static func platforms(
        of descriptor: Descriptor,
        in source: any ImageSource
    ) throws(TransportError) -> [Platform] {
        guard MediaType.isIndex(descriptor.mediaType) else {
            if let platform = descriptor.platform { return [platform] }
            return [try platform(of: descriptor, source)].compactMap(\.self)
        }
        var seen: Set<Digest> = [descriptor.digest]
        return try members(of: source.document(descriptor), source, depth: 2, &seen).compactMap(\.platform)
    }

    private static func members(
        of index: ImageDocument,
        _ source: any ImageSource,
        depth: Int,
        _ seen: inout Set<Digest>
    ) throws(TransportError) -> [Descriptor] {
        var members: [Descriptor] = []
        for var descriptor in try index.index().manifests {
            guard MediaType.isIndex(descriptor.mediaType) else {
                if descriptor.platform == nil { descriptor.platform = try platform(of: descriptor, source) }
                members.append(descriptor)
                continue
            }
            guard depth < ImageOutline.largestDepth, seen.count < ImageOutline.maximumBlobs else {
                throw .document(
                    what: "the image index \(index.digest.short)",
                    reason: "indexes in indexes are read to a depth of \(ImageOutline.largestDepth)"
                )
            }
            guard seen.insert(descriptor.digest).inserted else { continue }
            guard let nested = try present(descriptor, source) else { continue }
            members += try self.members(of: nested, source, depth: depth + 1, &seen)
        }
        return members
    }

    // What isn't there is nobody's choice.
    private static func present(
        _ descriptor: Descriptor,
        _ source: any ImageSource
    ) throws(TransportError) -> ImageDocument? {
        do throws(TransportError) {
            return try source.document(descriptor)
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    private static func platform(
        of descriptor: Descriptor,
        _ source: any ImageSource
    ) throws(TransportError) -> Platform? {
        guard MediaType.isManifest(descriptor.mediaType) else { return nil }
        guard let manifest = try present(descriptor, source)?.manifest(),
            MediaType.isConfig(manifest.config.mediaType)
        else { return nil }
        return try? source.document(manifest.config).config().platform
    }
}
