package import ArtifactStore
package import ContentAddress
package import OCI
package import Release

/// Brings the releases and images of a bundle into a store: all of them or none (docs/bundle-format.md).
package struct BundleImport {
    /// A release or an image of the bundle, with what the bundle proves of it.
    package struct Part: Sendable {
        /// What it is called in the bundle.
        package let name: String
        /// The digest of its index or manifest.
        package let root: Digest
        /// The release that it is; nil for an image.
        package let release: ReleaseKey?
        /// Of which releases statements about it speak: its own name, or an image's repository.
        package let repository: RepositoryName
        /// The files of the release.
        package let files: [ImportedArtifact]
        /// Nil where the bundle has none.
        package fileprivate(set) var proofs: BundleProofs?
        /// What others attached to it or to a manifest of it: signatures, SBOMs.
        package fileprivate(set) var referrers: [Digest] = []
        /// That of its index or manifest.
        fileprivate let descriptor: Descriptor
        /// Its documents, to which something may be attached.
        fileprivate var documents: Set<Digest> = []
    }

    /// The releases and images, in the bundle's order.
    package private(set) var parts: [Part] = []
    /// What the bundle leaves out; nil for one that is whole.
    package let delta: BundleDelta?
    let bundle: BundleSource
    private var request: ImportRequest
    private var contents: [Content]
    /// What doesn't come along of what is attached to the parts, a line for each.
    package private(set) var leftOut: [String] = []

    /// A blob, and the first part that names it.
    private struct Content {
        let descriptor: Descriptor
        /// Nil for what is attached to a part.
        let name: String?
        /// The part, and which bundle has it.
        let part: String
    }

    /// Reads and checks all documents of a bundle, and none of its contents.
    ///
    /// What others attached to its parts comes along where `referrers` are wanted. Throws ``TransportError/bundle(part:_:)`` for what is wrong with a part.
    package init(_ bundle: BundleSource, referrers: Bool = true) throws(TransportError) {
        self.bundle = bundle
        var request = ImportRequest(source: bundle.name, artifacts: [], images: [], blobs: [:])
        var contents: [Content] = []
        var delta: BundleDelta?
        var proofs: [(place: String, part: String, about: Descriptor, proofs: BundleProofs)] = []
        var attached: [(place: String, part: String, read: BundleReferrers.Read)] = []
        for part in bundle.parts {
            let place = "\(part.name) in \(bundle.name)"
            do throws(TransportError) {
                let source = try bundle.source(part)
                let root = try source.root()
                if try root.artifactType() == BundleType.proofs {
                    let (subject, read) = try BundleProofs.read(source)
                    proofs.append((place, part.name, subject, read))
                    continue
                }
                if try root.artifactType() == BundleType.referrers {
                    attached.append((place, part.name, try BundleReferrers.Read(source)))
                    continue
                }
                if part.name == BundleDelta.partName {
                    delta = try BundleDelta.read(source)
                    continue
                }
                let (descriptors, found) = try Self.read(part, source, root, into: &request)
                parts.append(found)
                for descriptor in descriptors {
                    if let size = request.blobs[descriptor.digest] {
                        guard size == descriptor.size else {
                            throw .size(what: "blob \(descriptor.digest)", expected: descriptor.size, found: size)
                        }
                        continue
                    }
                    request.blobs[descriptor.digest] = descriptor.size
                    contents.append(Content(descriptor: descriptor, name: part.name, part: place))
                }
            } catch {
                throw .bundle(part: place, error)
            }
        }
        guard !parts.isEmpty else { throw .notFound(what: "release or image", place: bundle.name) }
        self.request = request
        self.contents = contents
        self.delta = delta
        for proof in proofs { try attach(proof) }
        for one in attached {
            let number = try number(of: one.part, BundleReferrers.suffix, about: one.read.about, at: one.place)
            guard parts[number].referrers.isEmpty else { throw Self.wrong(one.place, "there are two of that name") }
            do throws(TransportError) {
                // Also where they stay behind: a bundle is right or wrong, whoever reads it.
                let found = try one.read.referrers(of: parts[number].documents)
                if referrers { add(found, to: number, at: one.place) }
            } catch {
                throw .bundle(part: one.place, error)
            }
        }
        if referrers, attached.isEmpty { try addAttached() }
        for number in parts.indices where parts[number].proofs == nil && parts[number].release != nil {
            parts[number].proofs = try bundle.statements(about: parts[number].name)
        }
    }

    // By both the name and the digest: proofs of another part can't take the place of these.
    private mutating func attach(
        _ found: (place: String, part: String, about: Descriptor, proofs: BundleProofs)
    ) throws(TransportError) {
        let number = try number(of: found.part, BundleProofs.suffix, about: found.about, at: found.place)
        guard parts[number].proofs == nil else { throw Self.wrong(found.place, "there are two of that name") }
        parts[number].proofs = found.proofs
    }

    private func number(
        of part: String,
        _ suffix: String,
        about subject: Descriptor,
        at place: String
    ) throws(TransportError) -> Int {
        guard let number = parts.firstIndex(where: { $0.name + suffix == part }) else {
            throw Self.wrong(place, "its name is not that of a part with \(suffix) behind it")
        }
        let root = parts[number].descriptor
        guard root.digest == subject.digest else {
            throw Self.wrong(place, "its subject \(subject.digest.short) is not \(parts[number].name)")
        }
        guard root.mediaType == subject.mediaType, root.size == subject.size else {
            throw Self.wrong(
                place,
                "its subject is a '\(subject.mediaType)' of \(subject.size) bytes, and \(parts[number].name) isn't"
            )
        }
        return number
    }

    private static func wrong(_ place: String, _ reason: String) -> TransportError {
        .bundle(part: place, .document(what: "its root", reason: reason))
    }

    private mutating func add(_ found: [(record: ReferrerRecord, blobs: [Descriptor])], to part: Int, at place: String)
    {
        for (record, blobs) in found {
            guard !parts[part].referrers.contains(record.digest) else { continue }
            parts[part].referrers.append(record.digest)
            request.referrers.append(record)
            for blob in blobs where request.blobs.updateValue(blob.size, forKey: blob.digest) == nil {
                contents.append(Content(descriptor: blob, name: nil, part: place))
            }
        }
    }

    // A place that isn't a bundle lists what is attached to its images and releases, and anybody may have attached it: what
    // can't be read or is too much is left out.
    private mutating func addAttached() throws(TransportError) {
        for number in parts.indices {
            guard let source = try bundle.attachedSource(parts[number].name) else { continue }
            let found = try ImageReferrers(to: ImageOutline(of: source), in: source)
            leftOut += found.leftOut
            var records: [(record: ReferrerRecord, blobs: [Descriptor])] = []
            for referrer in found.all {
                // Those of a release are statements, which are kept as such.
                let isStatement = parts[number].release != nil && AttestationManifest.isMade(referrer.outline.root)
                guard !isStatement else { continue }
                let record = try ReferrerRecord(referrer.outline, to: referrer.subject, by: referrer.source.tag)
                records.append((record, referrer.outline.blobs))
            }
            add(records, to: number, at: "\(parts[number].name) in \(bundle.name)")
        }
    }

    /// Reads and hashes all contents, and keeps none.
    ///
    /// What a delta leaves out is passed over. Throws ``TransportError/bundle(part:_:)`` for contents that an import
    /// refuses, too: a program that isn't for its platform. One at a time lies in a file without a name.
    package func checkContents(progress: (Int64) -> Void = { _ in }) throws(TransportError) {
        let files = Dictionary(grouping: request.artifacts, by: \.digest)
        let absent = Set(absences.map(\.digest))
        for content in contents where !absent.contains(content.descriptor.digest) {
            do throws(TransportError) {
                let stream = BlobStream(
                    try bundle.open(content.descriptor),
                    what: "blob \(content.descriptor.digest)",
                    size: content.descriptor.size,
                    digest: content.descriptor.digest
                )
                if let named = files[content.descriptor.digest] {
                    try ProgramCheck.run(stream, named, in: bundle.name, progress)
                } else {
                    try stream.skipAll(progress)
                }
            } catch .bundle(let part, let error) {
                throw .bundle(part: part, error)
            } catch {
                throw .bundle(part: content.part, error)
            }
        }
    }

    /// What is in it and isn't in a store; nothing changes.
    ///
    /// Throws ``StoreError`` for keys that are taken, as ``run(into:progress:)`` does.
    package func preview(in store: Store?) throws(StoreError) -> ImportPreview {
        try ImportPreview(request, in: store)
    }

    /// What the bundle leaves out of its parts, as its document says, and isn't in it all the same.
    var absences: [BundleDelta.Absence] {
        (delta?.leftOut ?? []).filter { request.blobs[$0.digest] == $0.size && !bundle.has($0.digest) }
    }

    /// The contents of its parts, those that it leaves out included, each with the name of a part that has it.
    package var names: [Digest: String] {
        let named = contents.compactMap { content in content.name.map { (content.descriptor.digest, $0) } }
        return Dictionary(named) { first, _ in first }
    }

    /// The sum of all contents' sizes in bytes, those that the store has included.
    package var size: Int64 { contents.reduce(0) { $0 &+ $1.descriptor.size } }

    /// Reads a part's documents into the request; gives the blobs that the store is to have of it.
    private static func read(
        _ part: BundleSource.Part,
        _ source: any ImageSource,
        _ root: ImageDocument,
        into request: inout ImportRequest
    ) throws(TransportError) -> (descriptors: [Descriptor], part: Part) {
        let type = try root.artifactType()
        if BundleType.isRelease(type) {
            let files = try ReleaseDocuments.read(source)
            _ = try source.document(ReleaseDocuments.config.descriptor)
            // `bindery copy` names it as registries do, by its tag.
            guard let release = files.first?.key.release, release.description == part.name || !part.name.contains("@")
            else { throw .document(what: "its root \(root.digest.short)", reason: "it is another release") }
            request.artifacts += files
            var found = Part(
                name: part.name,
                root: root.digest,
                release: release,
                repository: release.name,
                files: files,
                descriptor: root.descriptor
            )
            found.documents = [root.digest]
            return (
                files.map { Descriptor(mediaType: BundleType.content, digest: $0.digest, size: $0.size) }, found
            )
        }
        if let type {
            throw .document(
                what: "its root \(root.digest.short)",
                reason: "the artifactType \(type) isn't one that this version knows"
            )
        }
        let outline = try ImageOutline(of: source)
        try outline.checkConfigs { descriptor throws(TransportError) in try source.document(descriptor).bytes }
        let layers = outline.parts.flatMap(\.manifest.layers)
        let reference = try reference(part.name)
        request.images.append(
            ImageRecord(
                digest: outline.root.digest,
                mediaType: outline.root.mediaType,
                blobs: Set(outline.blobs.map(\.digest)),
                artifacts: layers.reduce(into: []) { $0.formUnion($1.recipeFiles) },
                references: [reference]
            )
        )
        for descriptor in outline.blobs where descriptor.size < 0 {
            throw .document(what: "the descriptor of \(descriptor.digest)", reason: "its size is \(descriptor.size)")
        }
        var found = Part(
            name: part.name,
            root: outline.root.digest,
            release: nil,
            repository: reference.repository,
            files: [],
            descriptor: root.descriptor
        )
        found.documents = outline.documents
        return (outline.blobs, found)
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

    /// Copies what the store doesn't have, and names all of it in one transaction.
    ///
    /// `progress` gets the number of bytes that are done since its last call. Throws ``TransportError`` for contents
    /// that are not what the documents say, and ``StoreError`` for keys that are taken: nothing is imported then.
    /// `proofs` are what the caller has verified of the bundle's. Throws ``TransportError/missingBase(_:)`` for a delta
    /// without what it leaves out.
    package func run(
        into store: Store,
        proofs: ImportedProofs = ImportedProofs(),
        progress: (Int64) -> Void = { _ in }
    ) throws -> ImportResult {
        var request = request
        request.proofs = proofs
        let intake = try store.beginImport(request)
        try checkBase { intake.missing.contains($0.digest) }
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
    private static func explain(_ error: StoreError) -> any Error { ProgramCheck.problem(error) ?? error }
}
