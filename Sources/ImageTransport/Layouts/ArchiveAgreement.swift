import ContentAddress
import OCI

/// Whether the two tables of an archive speak of the same images: `manifest.json`, which Docker and podman read, and
/// `index.json`, which containerd takes as soon as it is there.
///
/// Each image of the first must be one that the second leads to, with the same config, layers and names.
struct ArchiveAgreement {
    // Indexes in indexes are followed so deep, and so many manifests are read.
    private static let largestDepth = 4
    private static let largestCount = 256

    /// An image that `index.json` leads to, and the entry that does.
    private struct Member {
        let descriptor: Descriptor
        let top: Int
        let manifest: ImageManifest
    }

    /// What `manifest.json` has.
    let listing: DockerListing
    private let index: TarIndex
    private let files: ArchiveFiles
    private var members: [Member] = []
    private var tops: [Descriptor] = []
    private(set) var notes = ContainerNotes()

    /// Compares the two tables; nil for an archive that has only one.
    static func check(_ index: TarIndex) throws(TransportError) -> ArchiveAgreement? {
        guard index.place(of: "manifest.json") != nil, index.place(of: "index.json") != nil else { return nil }
        return try ArchiveAgreement(index, DockerListing(index))
    }

    private init(_ index: TarIndex, _ listing: DockerListing) throws(TransportError) {
        self.index = index
        self.listing = listing
        files = ArchiveFiles(index: index)
        notes.ambiguities = listing.ambiguities
        let bytes = try files.bytes(of: "index.json", limit: ImageDocument.largestSize)
        do throws(TransportError) {
            let view = try ImageDocument(mediaType: MediaType.imageIndex, bytes: bytes).index()
            tops = view.manifests
            for member in view.foreignMembers { note("index.json: \(member)") }
        } catch {
            guard case .ambiguousDocument = error else { throw error }
            notes.ambiguities.append(error)
            return
        }
        for (number, top) in tops.enumerated() { try follow(top, from: number, depth: 0) }
        for item in listing.items {
            let same = listing.items.filter { $0.config == item.config && $0.layers == item.layers }
            try compare(item, Set(same.flatMap(\.names).map(DockerListing.fullName)))
        }
        let both = tops.compactMap { name(of: $0) }
        if Set(both).count < both.count {
            let first = both.first { name in both.count { $0 == name } > 1 } ?? ""
            // Entries that are the same but for other annotations are one.
            let digests = Set(tops.filter { name(of: $0) == first }.map(\.digest))
            if digests.count > 1 { note("'\(first)' stands for two images in index.json") }
        }
    }

    private mutating func follow(_ descriptor: Descriptor, from top: Int, depth: Int) throws(TransportError) {
        guard index.place(of: "blobs/sha256/\(descriptor.digest.hex)") != nil else {
            notes.absent.insert(descriptor.digest)
            return
        }
        guard members.count < Self.largestCount, depth <= Self.largestDepth else {
            return note("index.json leads to more images than are read, or indexes in indexes")
        }
        let isIndex = MediaType.isIndex(descriptor.mediaType)
        guard isIndex || MediaType.isManifest(descriptor.mediaType) else { return }
        do throws(TransportError) {
            let document = try files.document(descriptor)
            if isIndex {
                let view = try document.index()
                for member in view.foreignMembers { note("an index in it: \(member)") }
                for next in view.manifests { try follow(next, from: top, depth: depth + 1) }
            } else {
                members.append(Member(descriptor: descriptor, top: top, manifest: try document.manifest()))
            }
        } catch {
            guard case .ambiguousDocument = error else { throw error }
            notes.ambiguities.append(error)
        }
    }

    private mutating func compare(_ item: DockerListing.Item, _ names: Set<String>) throws(TransportError) {
        let same = try members(of: item)
        guard !same.isEmpty else {
            return note("the image '\(item.names.first ?? item.config)' of manifest.json isn't in index.json")
        }
        let reached = Set(same.map(\.top))
        for (number, top) in tops.enumerated() {
            if let name = name(of: top) {
                guard !names.isEmpty, names.contains(name) != reached.contains(number) else { continue }
                note("'\(name)' is one image in manifest.json, and another in index.json")
            } else if reached.contains(number), let tag = top.annotations?[Annotation.referenceName] {
                // Without a full name there is at most a tag.
                let isSame = names.contains { $0 == DockerListing.fullName(tag) || $0.hasSuffix(":" + tag) }
                if !isSame, let first = names.min() {
                    note("an image is '\(first)' in manifest.json, and '\(tag)' in index.json")
                }
            }
        }
    }

    // The images of index.json that an entry of manifest.json is.
    private func members(of item: DockerListing.Item) throws(TransportError) -> [Member] {
        let config = Digest.of(try index.bytes(of: item.config))
        return members.filter { $0.manifest.config.digest == config && hasLayers(of: item, $0.manifest) }
    }

    private func hasLayers(of item: DockerListing.Item, _ manifest: ImageManifest) -> Bool {
        item.layers.count == manifest.layers.count
            && zip(item.layers, manifest.layers).allSatisfy { path, layer in
                index.place(of: path).map { $0 == index.place(of: "blobs/sha256/\(layer.digest.hex)") } ?? false
            }
    }

    // The name that containerd gives an entry's image.
    private func name(of top: Descriptor) -> String? {
        top.annotations?[Annotation.containerdName].map(DockerListing.fullName)
    }

    private mutating func note(_ reason: String) {
        guard notes.ambiguities.count < 16 else { return }
        notes.ambiguities.append(.ambiguousContainer(place: index.path, reason: reason))
    }

    /// What an engine that reads `index.json` could choose from, beside an image of `manifest.json`: the other members
    /// of the entries that lead to it.
    func further(beside item: DockerListing.Item) throws(TransportError) -> [Descriptor] {
        let same = try members(of: item)
        let reached = Set(same.map(\.top))
        let own = Set(same.map(\.descriptor.digest))
        var seen: Set<Descriptor> = []
        return members.filter { reached.contains($0.top) && !own.contains($0.descriptor.digest) }.map(\.descriptor)
            .filter { seen.insert($0).inserted }
    }
}
