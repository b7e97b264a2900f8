package import ArtifactStore
import ContentAddress
import OCI
import Release

/// Brings the releases and images of a bundle into a store: all of them or none (docs/bundle-format.md).
package struct BundleImport {
    private let bundle: BundleSource
    private let request: ImportRequest
    private let contents: [Content]

    /// A blob, and the first part that names it.
    private struct Content {
        let descriptor: Descriptor
        let part: String
    }

    /// Reads and checks all documents of a bundle, and none of its contents.
    ///
    /// Throws ``TransportError/bundle(part:_:)`` for what is wrong with a part.
    package init(_ bundle: BundleSource) throws(TransportError) {
        self.bundle = bundle
        var request = ImportRequest(source: bundle.name, artifacts: [], images: [], blobs: [:])
        var contents: [Content] = []
        for part in bundle.parts {
            let place = "\(part.name) in \(bundle.name)"
            do throws(TransportError) {
                for descriptor in try Self.read(part, bundle, into: &request) {
                    if let size = request.blobs[descriptor.digest] {
                        guard size == descriptor.size else {
                            throw .size(what: "blob \(descriptor.digest)", expected: descriptor.size, found: size)
                        }
                        continue
                    }
                    request.blobs[descriptor.digest] = descriptor.size
                    contents.append(Content(descriptor: descriptor, part: place))
                }
            } catch {
                throw .bundle(part: place, error)
            }
        }
        self.request = request
        self.contents = contents
    }

    /// What is in it and isn't in a store; nothing changes.
    ///
    /// Throws ``StoreError`` for keys that are taken, as ``run(into:progress:)`` does.
    package func preview(in store: Store?) throws(StoreError) -> ImportPreview {
        try ImportPreview(request, in: store)
    }

    /// The sum of all contents' sizes in bytes, those that the store has included.
    package var size: Int64 { contents.reduce(0) { $0 &+ $1.descriptor.size } }

    /// Reads a part's documents into the request; gives the blobs that the store is to have of it.
    private static func read(
        _ part: BundleSource.Part,
        _ bundle: BundleSource,
        into request: inout ImportRequest
    ) throws(TransportError) -> [Descriptor] {
        let source = try bundle.source(part)
        let root = try source.root()
        let type = try root.artifactType()
        if BundleType.isRelease(type) {
            let files = try ReleaseDocuments.read(source)
            // `bindery copy` names it as registries do, by its tag.
            guard files.first?.key.release.description == part.name || !part.name.contains("@") else {
                throw .document(what: "its root \(root.digest.short)", reason: "it is another release")
            }
            request.artifacts += files
            return files.map { Descriptor(mediaType: BundleType.content, digest: $0.digest, size: $0.size) }
        }
        if let type {
            throw .document(
                what: "its root \(root.digest.short)",
                reason: "the artifactType \(type) is none that this version knows"
            )
        }
        let outline = try ImageOutline(of: source)
        try outline.checkConfigs { descriptor throws(TransportError) in try source.document(descriptor).bytes }
        let layers = outline.parts.flatMap(\.manifest.layers)
        request.images.append(
            ImageRecord(
                digest: outline.root.digest,
                mediaType: outline.root.mediaType,
                blobs: Set(outline.blobs.map(\.digest)),
                artifacts: layers.reduce(into: []) { $0.formUnion($1.recipeFiles) },
                references: [try reference(part.name)]
            )
        )
        for descriptor in outline.blobs where descriptor.size < 0 {
            throw .document(what: "the descriptor of \(descriptor.digest)", reason: "its size is \(descriptor.size)")
        }
        return outline.blobs
    }

    private static func reference(_ name: String) throws(TransportError) -> ImageReference {
        guard let reference = try? ImageReference(parsing: name), reference.tag != nil, reference.digest == nil else {
            throw .unsuitable(
                name,
                rule: "a bundle's parts are called name@version or repository:tag; import it as one image, with --tag"
            )
        }
        return reference
    }

    /// Copies what the store hasn't got, and names all of it in one transaction.
    ///
    /// `progress` gets the number of bytes that are done since its last call. Throws ``TransportError`` for contents that
    /// are not what the documents say, and ``StoreError`` for keys that are taken: nothing is imported then.
    package func run(into store: Store, progress: (Int64) -> Void = { _ in }) throws -> ImportResult {
        let intake = try store.beginImport(request)
        for content in contents {
            if intake.missing.contains(content.descriptor.digest) {
                do {
                    try copy(content.descriptor, to: intake, progress)
                } catch let error as TransportError {
                    throw TransportError.bundle(part: content.part, error)
                }
            } else {
                progress(content.descriptor.size)
            }
        }
        do throws(StoreError) {
            return try intake.commit()
        } catch {
            throw Self.explain(error)
        }
    }

    private func copy(_ descriptor: Descriptor, to intake: StoreImport, _ progress: (Int64) -> Void) throws {
        let what = "blob \(descriptor.digest)"
        let reader = try bundle.open(descriptor)
        var rest = descriptor.size
        let (digest, size) = try intake.add(descriptor.digest) { sink in
            try reader.copy { bytes in
                rest -= Int64(bytes.count)
                guard rest >= 0 else {
                    throw TransportError.size(what: what, expected: descriptor.size, found: nil)
                }
                try sink(bytes)
                progress(Int64(bytes.count))
            }
        }
        guard size == descriptor.size else {
            throw TransportError.size(what: what, expected: descriptor.size, found: size)
        }
        guard digest == descriptor.digest else {
            throw TransportError.digest(what: what, expected: descriptor.digest, found: digest)
        }
    }

    // A file that isn't for its platform is, here, a bundle that isn't what a store wrote.
    private static func explain(_ error: StoreError) -> any Error {
        switch error {
        case .wrongPlatform(let place, let given, let found):
            TransportError.bundle(part: place, .document(what: "its file", reason: "it is \(found), not for \(given)"))
        case .damagedProgram(let place, let reason):
            TransportError.bundle(part: place, .document(what: "its file", reason: "\(reason)"))
        default: error
        }
    }
}
