package import Archive
package import ContentAddress
package import OCI

/// An OCI image layout, in a directory or in a tar archive (OCI image specification 1.1, image-layout.md).
///
/// Blobs are found by their digest, so that no name from a document ever becomes part of a path.
package struct LayoutSource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    /// What the layout has beside the image.
    package let notes: ContainerNotes
    /// What the image's entry in index.json says.
    package let listing: ImageListing
    private let files: any LayoutFiles
    private let top: ImageDocument
    private let referrers: LayoutReferrers

    /// Opens `oci:DIR[:TAG]`.
    package init(directory: String, tag: String?) throws(TransportError) {
        try self.init(
            DirectoryFiles(path: directory),
            tag: tag,
            name: "oci:\(directory)" + (tag.map { ":\($0)" } ?? "")
        )
    }

    /// Opens `oci-archive:FILE[:TAG]`.
    package init(archive: String, tag: String?, budget: WorkBudget = WorkBudget()) throws(TransportError) {
        let index = try TarIndex(opening: archive, budget: budget)
        var notes = try ArchiveAgreement.check(index)?.notes ?? ContainerNotes()
        notes.ambiguities = index.ambiguities + notes.ambiguities
        do throws(TransportError) {
            try self.init(
                ArchiveFiles(index: index),
                tag: tag,
                name: "oci-archive:\(archive)" + (tag.map { ":\($0)" } ?? ""),
                notes: notes
            )
        } catch {
            throw index.isOfNoImage ? error : notes.ambiguities.first ?? error
        }
    }

    init(
        _ files: any LayoutFiles,
        tag: String?,
        name: String,
        notes: ContainerNotes = ContainerNotes()
    ) throws(TransportError) {
        self.files = files
        self.name = name
        var notes = notes
        try LayoutVersion.check(files, name, isRequired: false)
        let bytes = try files.bytes(of: "index.json", limit: ImageDocument.largestSize)
        let reading: DocumentReading<ImageIndex>
        do throws(OCIError) {
            reading = try DocumentReading(
                bytes,
                as: .index,
                mediaType: MediaType.imageIndex,
                what: "index.json of \(name)"
            )
        } catch {
            throw TransportError(error)
        }
        let manifests = reading.value.manifests
        if tag == nil, manifests.count > 1, Self.isOneImage(reading.value) {
            top = ImageDocument(mediaType: MediaType.imageIndex, bytes: bytes)
            listing = ImageListing()
        } else {
            if let ambiguity = reading.ambiguity { notes.ambiguities.append(TransportError(ambiguity)) }
            let foreign = reading.value.foreignMembers.first { member in
                tag.map { $0 == member.annotations?[Annotation.referenceName] || $0 == member.digest } ?? true
            }
            if let foreign {
                guard manifests.contains(where: { tag == nil || $0.annotations?[Annotation.referenceName] == tag })
                else {
                    throw .document(what: "index.json of \(name)", reason: "\(foreign)")
                }
                notes.ambiguities.append(.ambiguousContainer(place: name, reason: "\(foreign)"))
            }
            let images =
                tag == nil && manifests.count > 1 ? LayoutReferrers.removed(from: manifests, in: files) : manifests
            let chosen = try Self.choose(tag, from: images, place: name, &notes)
            top = try files.document(chosen)
            listing = ImageListing(
                member: chosen.digest,
                named: chosen.annotations?[Annotation.referenceName],
                ofIndex: bytes
            )
        }
        self.notes = notes
        referrers = LayoutReferrers(files, manifests)
    }

    /// One of the images of a layout that is open; of its `entries` some may refer to it.
    init(_ files: any LayoutFiles, top: ImageDocument, name: String, entries: [Descriptor] = []) {
        self.files = files
        self.top = top
        self.name = name
        notes = ContainerNotes()
        listing = ImageListing()
        referrers = LayoutReferrers(files, entries)
    }

    /// The chosen manifest or index.
    package func root() -> ImageDocument { top }

    /// Opens a blob.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        try files.open(descriptor)
    }

    /// Whether index.json names something of an artifact type that refers to a manifest.
    package func hasReferrer(to digest: Digest, ofType type: String) -> Bool {
        referrers.has(digest, type)
    }

    /// What index.json names that refers to a manifest.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try referrers.list(to: subject.digest)
    }

    /// What index.json attaches to a manifest by a tag.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] {
        referrers.tagged(subject.digest)
    }

    // Some builders list the platforms of their one image at the top, without a tag and without an index between.
    private static func isOneImage(_ index: ImageIndex) -> Bool {
        index.manifests.allSatisfy { $0.platform != nil && $0.annotations?[Annotation.referenceName] == nil }
    }

    private static func choose(
        _ tag: String?,
        from all: [Descriptor],
        place: String,
        _ notes: inout ContainerNotes
    ) throws(TransportError) -> Descriptor {
        let candidates = all.filter { descriptor in
            guard let tag else { return true }
            return descriptor.annotations?[Annotation.referenceName] == tag || descriptor.digest.description == tag
        }
        guard let first = candidates.first else {
            let names = all.compactMap { $0.annotations?[Annotation.referenceName] }
            throw .absent(tag.map { "image '\($0)'" } ?? "image", from: place, whichHas: names)
        }
        guard candidates.allSatisfy({ $0.digest == first.digest }) else {
            // With one name for two images, some tools take the first and some the last.
            if let tag {
                notes.ambiguities.append(.ambiguousContainer(place: place, reason: "'\(tag)' stands for two images"))
                return first
            }
            throw .ambiguous(
                place: place,
                choices: candidates.map { $0.annotations?[Annotation.referenceName] ?? $0.digest.description }
            )
        }
        guard candidates.allSatisfy({ $0.mediaType == first.mediaType && $0.size == first.size }) else {
            let reason = "\(first.digest.short) stands there with two media types or sizes"
            notes.ambiguities.append(.ambiguousContainer(place: place, reason: reason))
            return first
        }
        if let reason = otherName(of: candidates, among: all) {
            notes.ambiguities.append(.ambiguousContainer(place: place, reason: reason))
        }
        return first
    }

    // The name that containerd takes from an entry has the tag that other tools take, or each would find another image.
    private static func otherName(of candidates: [Descriptor], among all: [Descriptor]) -> String? {
        let names = candidates.reduce(into: Set<String>()) { $0.formUnion(fullNames(of: $1)) }
        // An engine adds Docker Hub, or `latest`, to a name that has none, and finds the other one.
        for other in all where other.digest != candidates.first?.digest {
            if let name = names.intersection(fullNames(of: other)).min() { return "'\(name)' stands for two images" }
        }
        for descriptor in candidates {
            guard let full = descriptor.annotations?[Annotation.containerdName],
                let tag = descriptor.annotations?[Annotation.referenceName],
                let reference = try? ImageReference(parsing: full)
            else { continue }
            // An empty tag isn't a name: containerd writes it where its own name has no registry.
            if !tag.isEmpty, full != tag, (reference.tag?.text ?? "latest") != tag, reference.digest == nil {
                return "an image is '\(full)' to containerd, and '\(tag)' to others"
            }
        }
        return nil
    }

    // A tag alone is not a name.
    private static func fullNames(of descriptor: Descriptor) -> Set<String> {
        let tag = descriptor.annotations?[Annotation.referenceName].flatMap { name in
            name.contains { $0 == "/" || $0 == ":" } ? name : nil
        }
        let names = [descriptor.annotations?[Annotation.containerdName], tag].compactMap(\.self)
        return Set(names.filter { !$0.isEmpty }.map(DockerListing.fullName))
    }
}
