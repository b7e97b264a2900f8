package import Archive
import ContentAddress
package import OCI

/// What `docker save` writes, and podman, buildah and skopeo as `docker-archive:`: a tar archive with `manifest.json`,
/// configs and uncompressed layers (Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
///
/// The archive has no OCI manifest, so one is made from the config: each layer is described by its diffID, and reading
/// a layer checks it against that. A layer that is stored compressed is handed out uncompressed.
package struct DockerArchiveSource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    /// What the archive has beside the image.
    package let notes: ContainerNotes
    /// The image's names.
    package let listing: ImageListing
    private let index: TarIndex
    private let manifest: ImageDocument
    private let configName: String
    private let configDigest: Digest
    private let layers: [Digest: TarIndex.Place]

    /// Opens `docker-archive:FILE[:REF]`; `-` is standard input.
    ///
    /// Throws ``TransportError/ambiguous(place:choices:)`` when the file has several images and the reference is missing.
    package init(path: String, reference: String?, budget: WorkBudget = WorkBudget()) throws(TransportError) {
        let name = "docker-archive:\(path)" + (reference.map { ":\($0)" } ?? "")
        try self.init(TarIndex(opening: path, budget: budget), reference: reference, name: name, budget: budget)
    }

    init(
        _ index: TarIndex,
        reference: String?,
        name: String,
        budget: WorkBudget = WorkBudget()
    ) throws(TransportError) {
        do throws(TransportError) {
            try self.init(reading: index, reference: reference, name: name, budget: budget)
        } catch {
            throw index.isOfNoImage ? error : index.ambiguities.first ?? error
        }
    }

    private init(
        reading index: TarIndex,
        reference: String?,
        name: String,
        budget: WorkBudget
    ) throws(TransportError) {
        self.index = index
        self.name = name
        let agreement = try ArchiveAgreement.check(index)
        let table = if let agreement { agreement.listing } else { try DockerListing(index) }
        let item = try Self.choose(reference, from: table, place: name)
        listing = ImageListing(names: item.names)
        var notes = agreement?.notes ?? ContainerNotes()
        if agreement == nil { notes.ambiguities = table.ambiguities }
        notes.ambiguities = index.ambiguities + notes.ambiguities
        notes.further = try agreement?.further(beside: item) ?? []
        configName = item.config
        let bytes = try index.bytes(of: item.config)
        let config = ImageDocument(mediaType: MediaType.dockerConfig, bytes: bytes)
        configDigest = config.digest
        try Self.check(config, isNamed: item.config, in: index.path)
        let diffIDs = try Self.diffIDs(of: config)
        guard diffIDs.count == item.layers.count else {
            throw .document(
                what: "\(index.path): manifest.json",
                reason: "it lists \(item.layers.count) layers and the config \(diffIDs.count)"
            )
        }
        var layers: [Digest: TarIndex.Place] = [:]
        var descriptors: [Descriptor] = []
        for (diffID, layer) in zip(diffIDs, item.layers) {
            guard let place = index.place(of: layer) else { throw .notFound(what: "layer \(layer)", place: index.path) }
            let (size, isUnclear) = try Self.uncompressedSize(index, place, layer, budget)
            if isUnclear {
                let reason = "the layer \(layer) begins in a way that some tools don't take for compression"
                notes.ambiguities.append(.ambiguousContainer(place: index.path, reason: reason))
            }
            if let other = layers[diffID], other != place {
                // One name for two files: both have to be what it says, or the second would never be looked at.
                let reader = try DecompressingReader(index.reader(place), what: "layer \(layer)")
                try BlobStream(reader, what: "layer \(layer)", size: size, digest: diffID).drain()
            }
            layers[diffID] = layers[diffID] ?? place
            descriptors.append(Descriptor(mediaType: MediaType.dockerLayer, digest: diffID, size: size))
        }
        self.notes = notes
        self.layers = layers
        var made = ImageManifest(config: config.descriptor, layers: descriptors)
        made.mediaType = MediaType.dockerManifest
        do {
            manifest = ImageDocument(mediaType: MediaType.dockerManifest, bytes: try CanonicalJSON.encode(made))
        } catch {
            throw .document(what: "\(index.path): manifest.json", reason: "\(error)")
        }
    }

    /// The manifest made from the config.
    package func root() -> ImageDocument { manifest }

    /// Opens the config, or a layer's uncompressed bytes.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if let place = layers[descriptor.digest] {
            return try DecompressingReader(index.reader(place), what: "layer \(descriptor.digest.short)")
        }
        if descriptor.digest == configDigest, let place = index.place(of: configName) { return index.reader(place) }
        // Those of the archive's other images.
        return try ArchiveFiles(index: index).open(descriptor)
    }

    private static func choose(
        _ reference: String?,
        from listing: DockerListing,
        place: String
    ) throws(TransportError) -> DockerListing.Item {
        let candidates = listing.candidates(reference)
        // Where one name stands for several, Docker takes the last.
        guard let last = candidates.last else {
            let what = reference.map { "image '\($0)'" } ?? "image"
            throw .absent(what, from: place, whichHas: listing.items.flatMap(\.names))
        }
        let isNoted = reference != nil && !listing.ambiguities.isEmpty
        guard isNoted || candidates.allSatisfy({ $0.config == last.config }) else {
            throw .ambiguous(place: place, choices: listing.items.flatMap(\.names))
        }
        return last
    }

    // Whether the config can be read in two ways is asked by whoever reads it.
    private static func diffIDs(of config: ImageDocument) throws(TransportError) -> [Digest] {
        do throws(OCIError) {
            let what = "the image config \(config.digest.short)"
            return try DocumentReading<ImageConfig>(config.bytes, as: .config, what: what).value.rootfs.diffIDs
        } catch {
            throw TransportError(error)
        }
    }

    // The config's name is its digest, in both forms that engines write: `<hex>.json` and `blobs/sha256/<hex>`.
    private static func check(_ config: ImageDocument, isNamed name: String, in place: String) throws(TransportError) {
        let last = name.split(separator: "/").last ?? ""
        let hex = last.hasSuffix(".json") ? last.dropLast(5) : last
        guard let digest = try? Digest(hex: hex) else { return }
        guard digest == config.digest else {
            throw .digest(what: "\(place): the config \(name)", expected: digest, found: config.digest)
        }
    }

    // Layers are stored uncompressed by engines and most tools; a compressed one has to be read to know its size.
    private static func uncompressedSize(
        _ index: TarIndex,
        _ place: TarIndex.Place,
        _ layer: String,
        _ budget: WorkBudget
    ) throws(TransportError) -> (size: Int64, hasUnclearStart: Bool) {
        let reader = try DecompressingReader(index.reader(place), what: "layer \(layer)", budget: budget)
        guard reader.compression != .none else { return (place.count, false) }
        return (try reader.drain(what: "layer \(layer) of \(index.path)", budget: budget), reader.hasUnclearStart)
    }
}

extension BlobReader {
    /// Reads to the end for the checks alone, and counts; with a budget, as bytes that are unpacked.
    ///
    /// Throws ``TransportError/spent(what:_:)`` beyond the budget.
    @discardableResult
    package func drain(what: String = "a layer", budget: WorkBudget? = nil) throws(TransportError) -> Int64 {
        var total: Int64 = 0
        try forEachPiece { bytes throws(TransportError) in
            total += Int64(bytes.count)
            do throws(WorkBudget.Spent) {
                try budget?.take(Int64(bytes.count), .unpacked)
            } catch {
                throw .spent(what: what, error)
            }
        }
        return total
    }
}
