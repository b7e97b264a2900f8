package import ArtifactStore
package import ContentAddress
package import OCI
package import Release
import SystemIO

/// Writes releases and images of a store into one layout, for another store (docs/bundle-format.md).
///
/// The bytes depend on the releases and images alone: not on the order in which they are named, nor on the store.
package struct BundleExport {
    /// What goes into a bundle.
    package enum Item: Hashable, Sendable {
        /// A release with all its files.
        case release(ReleaseKey)
        /// An image with its bases.
        case image(ImageReference)
    }

    /// A part of a bundle.
    package struct Part: Sendable {
        /// What it is called in the layout: `name@version` for a release, `repository:tag` for an image.
        package let name: String
        /// Its index or manifest.
        package let root: ImageDocument
        /// The release that it is; nil for an image and for proofs.
        package let release: ReleaseKey?
        let artifactType: String?
        fileprivate(set) var blobs: [Descriptor]
        package let source: any ImageSource
        /// Those of its blobs that no document is.
        fileprivate var contents: Set<Digest> = []
    }

    /// The parts in the bundle's order: by name.
    package private(set) var parts: [Part] = []
    /// What it leaves out; nil for a bundle that is whole.
    package private(set) var delta: BundleDelta?
    /// What a person should know: bases that aren't in the store.
    package private(set) var remarks: [String] = []

    private let store: Store

    /// Reads the documents of what is to be exported.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for a release or image that isn't in the store.
    package init(_ items: [Item], from store: Store) throws {
        self.store = store
        for item in Set(items) {
            switch item {
            case .release(let release):
                try add(
                    ReleaseSource(store: store, release: release, statements: false),
                    named: release.description,
                    release
                )
            case .image(let reference): try add(reference)
            }
        }
        parts.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        remarks.sort()
    }

    /// The sum of its blobs' sizes in bytes.
    package var size: Int64 {
        blobs.values.reduce(0) { $0 &+ $1.size }
    }

    private var blobs: [Digest: Descriptor] {
        Dictionary(parts.flatMap(\.blobs).map { ($0.digest, $0) }) { first, _ in first }
    }

    /// Adds proofs about a part, behind all parts that are there.
    package mutating func add(_ proofs: BundleProofs, about part: Part) throws(TransportError) {
        let source = try proofs.source(about: part.root.descriptor)
        parts.append(Part(part.name + BundleProofs.suffix, source, BundleType.proofs))
    }

    /// Adds what others attached to a part, such as their signatures, behind all parts that are there; what is beyond the
    /// bounds of what travels is a remark.
    package mutating func addReferrers(of part: Part) throws(TransportError) {
        let referrers = try ImageReferrers(to: ImageOutline(of: part.source), in: part.source)
        remarks += referrers.leftOut.map { "left behind: \($0)" }
        guard let found = try BundleReferrers(referrers, about: part.root.descriptor) else { return }
        let name = part.name + BundleReferrers.suffix
        var added = Part(name, found.source, BundleType.referrers, from: part.source)
        added.blobs = found.blobs + added.blobs
        parts.append(added)
    }

    /// Leaves out the contents that the other side has, by its digests and the names of what it has them by, and says so;
    /// the documents stay.
    package mutating func leaveOut(_ present: [Digest: String], since: BundleDelta.Point?) throws(TransportError) {
        var absences: [Digest: BundleDelta.Absence] = [:]
        for number in parts.indices {
            let contents = parts[number].contents
            parts[number].blobs.removeAll { descriptor in
                guard contents.contains(descriptor.digest), let part = present[descriptor.digest] else { return false }
                absences[descriptor.digest] = .init(digest: descriptor.digest, size: descriptor.size, part: part)
                return true
            }
        }
        let delta = BundleDelta(since: since, leftOut: absences.values)
        let source = try delta.source()
        parts.append(Part(BundleDelta.partName, source, BundleType.delta))
        self.delta = delta
    }

    private mutating func add(
        _ source: some ImageSource,
        named name: String,
        _ release: ReleaseKey? = nil
    ) throws {
        guard !parts.contains(where: { $0.name == name }) else { return }
        let outline = try ImageOutline(of: source)
        if let type = try outline.root.artifactType(), !BundleType.isRelease(type) {
            throw TransportError.bundle(
                part: name,
                .document(what: "its root", reason: "it is an artifact of the type \(type), which no bundle carries")
            )
        }
        parts.append(
            Part(
                name: name,
                root: outline.root,
                release: release,
                artifactType: (source as? ReleaseSource)?.artifactType,
                blobs: outline.blobs,
                source: source,
                contents: outline.contents
            )
        )
        // An image from outside may say that it is its own base: the check above ends that.
        for part in outline.parts { try addBase(of: part.manifest, name) }
    }

    private mutating func add(_ reference: ImageReference) throws {
        guard let image = try store.image(reference) else {
            throw StoreError.notFound(
                what: "the image \(reference)",
                hint: "run `bindery images` to list the images; a release is name@version"
            )
        }
        try add(image.digest, as: reference)
    }

    private mutating func add(_ digest: Digest, as reference: ImageReference) throws {
        var name = reference
        // An image that is kept by its digest alone gets a tag that says so: without any it would go with the next
        // collection in the store that it comes to.
        let tag = try name.tag ?? Tag(parsing: name.digest == nil ? "latest" : "sha256-\(digest.hex)")
        name = ImageReference(registry: name.registry, repository: name.repository, tag: tag)
        let source = try StoreSource(
            store: store,
            reference: ImageReference(registry: name.registry, repository: name.repository, digest: digest),
            statements: false
        )
        try add(source, named: name.description)
    }

    // An image's own blobs have all of the base's layers, but `FROM` finds a base by its index or manifest.
    private mutating func addBase(of manifest: ImageManifest, _ image: String) throws {
        guard let text = manifest.annotations?[Annotation.baseDigest], let digest = try? Digest(parsing: text) else {
            return
        }
        let written = manifest.annotations?[Annotation.baseName] ?? ""
        let reference = try (try? ImageReference(parsing: written)) ?? ImageReference(parsing: "base")
        let byDigest = ImageReference(registry: reference.registry, repository: reference.repository, digest: digest)
        guard try store.image(byDigest) != nil else {
            let remark = "the base \(written) (\(digest.short)) of \(image) is not in the store, and stays behind"
            if !remarks.contains(remark) { remarks.append(remark) }
            return
        }
        // By the name that FROM finds it by here, so that FROM finds it there, too; a name that has moved on meanwhile
        // isn't given back to the old image.
        let name = ImageReference(registry: reference.registry, repository: reference.repository, tag: reference.tag)
        let named = try store.image(name)
        let standing = named?.digest == digest ? named?.references ?? [] : []
        try add(digest, as: name.lookups.first { standing.contains($0.tagged) } ?? byDigest)
    }

    /// Writes the layout.
    ///
    /// Every blob is checked on its way. `progress` gets the number of bytes that are done since its last call.
    package func write(to writer: any LayoutWriter, progress: (Int64) -> Void = { _ in }) throws(TransportError) {
        try writer.prepare(for: Array(blobs.values))
        for part in parts {
            for descriptor in part.blobs where !writer.has(descriptor) {
                do throws(TransportError) {
                    try copy(descriptor, part.source, to: writer)
                } catch {
                    throw .bundle(part: part.name, error)
                }
                progress(descriptor.size)
            }
        }
        try writer.finish(
            parts.map { part in
                var entry = part.root.descriptor
                entry.annotations = [Annotation.referenceName: part.name]
                entry.artifactType = part.artifactType
                return entry
            }
        )
    }

    private func copy(
        _ descriptor: Descriptor,
        _ source: any ImageSource,
        to writer: any LayoutWriter
    ) throws(TransportError) {
        if let file = try source.verifiedFile(descriptor), try writer.add(file, descriptor) { return }
        try writer.add(try source.blob(descriptor), descriptor)
    }
}

extension BundleExport.Part {
    /// A part of documents in memory; its other blobs are in `place`, where there are any.
    fileprivate init(
        _ name: String,
        _ source: MemorySource,
        _ artifactType: String,
        from place: (any ImageSource)? = nil
    ) {
        self.init(
            name: name,
            root: source.index,
            release: nil,
            artifactType: artifactType,
            blobs: (source.documents + [source.index]).map(\.descriptor),
            source: place.map { LayeredSource(source, over: $0) } ?? source
        )
    }
}
