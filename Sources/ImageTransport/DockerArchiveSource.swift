internal import Archive
internal import ContentAddress
internal import Foundation
public import OCI

/// What `docker save` writes, and podman, buildah and skopeo as `docker-archive:`: a tar archive with `manifest.json`,
/// configs and uncompressed layers (Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
///
/// The archive has no OCI manifest, so one is made from the config: each layer is described by its diffID, and reading
/// a layer checks it against that. A layer that is stored compressed is handed out uncompressed.
public struct DockerArchiveSource: ImageSource {
    /// The reference it was opened by.
    public let name: String
    private let index: TarIndex
    private let manifest: ImageDocument
    private let configName: String
    private let layers: [Digest: TarIndex.Place]

    /// Opens `docker-archive:FILE[:REF]`; `-` is standard input.
    ///
    /// Throws ``TransportError/ambiguous(place:choices:)`` when the file has several images and the reference is missing.
    public init(path: String, reference: String?) throws(TransportError) {
        let name = "docker-archive:\(path)" + (reference.map { ":\($0)" } ?? "")
        try self.init(TarIndex(opening: path), reference: reference, name: name)
    }

    init(_ index: TarIndex, reference: String?, name: String) throws(TransportError) {
        self.index = index
        self.name = name
        let items = try decodeJSON([Item].self, index.bytes(of: "manifest.json"), "\(index.path): manifest.json")
        let item = try Self.choose(reference, from: items, place: name)
        configName = item.config
        let bytes = try index.bytes(of: item.config)
        let config = ImageDocument(mediaType: MediaType.dockerConfig, bytes: bytes)
        try Self.check(config, isNamed: item.config, in: index.path)
        let diffIDs = try config.config().rootfs.diffIDs
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
            let size = try Self.uncompressedSize(index, place, layer)
            if let other = layers[diffID], other != place {
                // One name for two files: both have to be what it says, or the second would never be looked at.
                let reader = try DecompressingReader(index.reader(place), what: "layer \(layer)")
                try BlobStream(reader, what: "layer \(layer)", size: size, digest: diffID).drain()
            }
            layers[diffID] = layers[diffID] ?? place
            descriptors.append(Descriptor(mediaType: MediaType.dockerLayer, digest: diffID, size: size))
        }
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
    public func root() -> ImageDocument { manifest }

    /// Opens the config, or a layer's uncompressed bytes.
    public func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if let place = layers[descriptor.digest] {
            return try DecompressingReader(index.reader(place), what: "layer \(descriptor.digest.short)")
        }
        guard descriptor.mediaType == MediaType.dockerConfig, let place = index.place(of: configName) else {
            throw .notFound(what: "blob \(descriptor.digest)", place: index.path)
        }
        return index.reader(place)
    }

    private struct Item: Decodable {
        let config: String
        let repoTags: [String]?
        let layers: [String]

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }
    }

    private static func choose(_ reference: String?, from items: [Item], place: String) throws(TransportError) -> Item {
        let wanted = reference.map {
            [$0, $0 + ":latest", "docker.io/" + $0, "docker.io/library/" + $0, "localhost/" + $0]
        }
        let candidates = items.filter { item in
            guard let wanted else { return true }
            return (item.repoTags ?? []).contains { wanted.contains($0) }
        }
        guard let first = candidates.first else {
            throw .notFound(what: reference.map { "image '\($0)'" } ?? "image", place: place)
        }
        guard candidates.allSatisfy({ $0.config == first.config }) else {
            throw .ambiguous(place: place, choices: items.flatMap { $0.repoTags ?? [] })
        }
        return first
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
        _ layer: String
    ) throws(TransportError) -> Int64 {
        let reader = try DecompressingReader(index.reader(place), what: "layer \(layer)")
        guard reader.compression != .none else { return place.count }
        let (most, overflow) = place.count.multipliedReportingOverflow(by: largestRatio)
        return try reader.drain(what: "layer \(layer), uncompressed,", limit: overflow ? .max : max(largestLayer, most))
    }

    /// A compressed layer that is larger than this is refused when it is also much larger than what layers compress to.
    private static let largestLayer: Int64 = 4 << 30
    /// What gzip can make of zeros, ten times; bzip2 and xz can make more, and then it is a bomb.
    private static let largestRatio: Int64 = 10_000
}

extension BlobReader {
    /// Reads to the end for the checks alone, and counts.
    ///
    /// Throws ``TransportError/tooLarge(what:size:limit:)`` beyond the limit.
    @discardableResult
    func drain(what: String = "a layer", limit: Int64 = .max) throws(TransportError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        var total: Int64 = 0
        while true {
            let count = try read(into: buffer)
            guard count > 0 else { return total }
            total += Int64(count)
            guard total <= limit else { throw .tooLarge(what: what, size: total, limit: limit) }
        }
    }
}
