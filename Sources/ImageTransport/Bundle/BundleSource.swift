import ContentAddress
package import OCI
import Release

/// Releases and images that were written for another store (docs/bundle-format.md): a layout such as `bindery export`
/// writes, or one release, such as `bindery copy` takes to a registry.
package struct BundleSource: Sendable {
    /// A release or an image of it.
    package struct Part: Sendable {
        /// What it is called in the layout.
        package let name: String
        /// Its index or manifest.
        package let descriptor: Descriptor
    }

    /// The place it was opened by, `oci:DIR`, `oci-archive:FILE` or `docker://REF`.
    package let name: String
    /// Its parts, in the order of `index.json`.
    package let parts: [Part]
    private let content: Content

    private enum Content {
        /// With the entries of its index.json.
        case layout(any LayoutFiles, [Descriptor])
        case release(any ImageSource)
    }

    /// Opens `oci:DIR[:PART]` or `oci-archive:FILE[:PART]`; an archive may be `-`, standard input.
    ///
    /// Throws what is wrong with the layout: a damaged archive, paths that lead out of it, a file that is missing.
    package init(_ location: ImageLocation) throws(TransportError) {
        let wanted: String?
        let files: any LayoutFiles
        switch location {
        case .layout(let path, let part):
            (name, wanted, files) = ("oci:\(path)", part, DirectoryFiles(path: path))
        case .layoutArchive(let path, let part):
            let index = try TarIndex(opening: path, isLayout: true)
            if let ambiguity = index.ambiguities.first { throw ambiguity }
            (name, wanted, files) = ("oci-archive:\(path)", part, ArchiveFiles(index: index))
        case .dockerArchive, .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container, .registry,
            .store:
            throw .unsuitable("\(location)", rule: "a bundle is oci:DIR or oci-archive:FILE")
        }
        try LayoutVersion.check(files, name, isRequired: true)
        let bytes = try files.bytes(of: "index.json", limit: ImageDocument.largestSize)
        let index = try decodeDocument(ImageIndex.self, bytes, as: .index, "index.json of \(name)")
        var parts: [Part] = []
        var digests: [String: Digest] = [:]
        for descriptor in index.manifests {
            let part: String
            if let written = descriptor.annotations?[Annotation.referenceName] {
                guard descriptor.cosignTag == nil else { continue }
                part = written
            } else {
                guard !LayoutReferrers.isReferrer(descriptor, in: files) else { continue }
                guard let own = try Self.release(descriptor, in: files) else {
                    throw .unsuitable(
                        name,
                        rule: "\(descriptor.digest.short) in it has no name: import it as one image, with --tag"
                    )
                }
                part = own
            }
            if let other = digests.updateValue(descriptor.digest, forKey: part) {
                guard other == descriptor.digest else {
                    throw .document(what: "index.json of \(name)", reason: "'\(part)' stands for two different parts")
                }
                continue
            }
            let belongs =
                part == BundleDelta.partName
                || [BundleProofs.suffix, BundleReferrers.suffix].contains { end in wanted.map { $0 + end } == part }
            if wanted == nil || wanted == part || belongs { parts.append(Part(name: part, descriptor: descriptor)) }
        }
        guard parts.contains(where: { wanted == nil || wanted == $0.name }) else {
            throw .notFound(what: wanted.map { "part '\($0)'" } ?? "part", place: name)
        }
        self.parts = parts
        content = .layout(files, index.manifests)
    }

    /// Takes one release from any place; nil when something else is there.
    package init?(release source: any ImageSource) throws(TransportError) {
        let root = try source.root()
        guard try root.isRelease() else { return nil }
        name = source.name
        parts = [Part(name: try ReleaseDocuments.key(of: root.index(), root).description, descriptor: root.descriptor)]
        content = .release(source)
    }

    /// The signed statements that a place other than a bundle has about a release; nil for a bundle, which carries its own,
    /// and where there are none.
    ///
    /// One that can't be read as such counts for nothing, as if it weren't there.
    func statements(about part: String) throws(TransportError) -> BundleProofs? {
        guard let source = try attachedSource(part) else { return nil }
        let root = try source.root().descriptor
        var proofs = BundleProofs()
        proofs.isAttached = true
        for descriptor in try source.referrers(to: root).prefix(ImageReferrers.largestCount)
        where descriptor.artifactType == MediaType.sigstoreBundle {
            do throws(TransportError) {
                let referrer = try ReferrerSource(source, descriptor, subject: root.digest)
                guard let layer = try referrer.root().manifest().layers.first,
                    layer.mediaType == MediaType.sigstoreBundle, layer.size <= ImageReferrers.largestSize
                else { continue }
                proofs.attestations.append(try source.bytes(of: layer, limit: ImageReferrers.largestSize))
            } catch {
                guard error.isIntegrity || error.isNothingThere else { throw error }
            }
        }
        return proofs.isEmpty ? nil : proofs
    }

    // A release says its name itself; an entry that nobody named leads to it all the same.
    private static func release(
        _ descriptor: Descriptor,
        in files: any LayoutFiles
    ) throws(TransportError) -> String? {
        guard MediaType.isIndex(descriptor.mediaType), let document = try? files.document(descriptor) else {
            return nil
        }
        return try document.isRelease() ? ReleaseDocuments.key(of: document.index(), document).description : nil
    }

    package func source(_ part: Part) throws(TransportError) -> any ImageSource {
        switch content {
        case .release(let source): source
        case .layout(let files, _):
            LayoutSource(files, top: try files.document(part.descriptor), name: "\(name):\(part.name)")
        }
    }

    /// A part with what its place lists as attached to it; nil in a bundle, which carries that in parts of their own.
    func attachedSource(_ part: String) throws(TransportError) -> (any ImageSource)? {
        guard let part = parts.first(where: { $0.name == part }) else { return nil }
        switch content {
        case .release(let source): return source
        case .layout(let files, let entries):
            let isBundle = entries.contains { entry in
                entry.artifactType.map { [BundleType.proofs, BundleType.referrers, BundleType.delta].contains($0) }
                    == true
            }
            guard !isBundle else { return nil }
            return LayoutSource(files, top: try files.document(part.descriptor), name: name, entries: entries)
        }
    }

    /// Whether there is such a blob.
    func has(_ digest: Digest) -> Bool {
        (try? open(Descriptor(mediaType: "", digest: digest, size: 0))) != nil
    }

    /// A blob of any of its parts, unchecked.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` when there is no such blob.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        switch content {
        case .release(let source): try source.open(descriptor)
        case .layout(let files, _): try files.open(descriptor)
        }
    }
}
