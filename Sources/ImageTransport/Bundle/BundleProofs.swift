import ArtifactStore
import ContentAddress
import OCI
import Release

/// What a bundle carries about one of its parts for whoever doesn't trust the place it comes from: signed statements, marks,
/// an excerpt of the log, public keys (docs/bundle-format.md, section 5).
package struct BundleProofs: Sendable, Hashable {
    /// Sigstore bundles.
    package var attestations: [[UInt8]] = []
    /// Builders' own attestations about files of a release, byte for byte.
    package var provenance: [[UInt8]] = []
    /// Envelopes of marks, the earliest first.
    package var revocations: [[UInt8]] = []
    /// An excerpt of the log.
    package var log: [UInt8]?
    /// Public keys in PEM, which nobody trusts for being here.
    package var keys: [[UInt8]] = []

    /// Whether anybody may have attached them, so that a wrong one counts for nothing and spoils nothing.
    package var isAttached = false

    /// Nothing.
    package init() {}

    package var isEmpty: Bool { attestations.isEmpty && provenance.isEmpty && revocations.isEmpty && log == nil }

    /// What is behind the name of the part that they are about.
    package static let suffix = "+proofs"

    private static let largestBlob: Int64 = 64 << 20
    private static let mostBlobs = 4096
    private static let largestSum: Int64 = 256 << 20

    private var blobs: [(type: String, bytes: [UInt8])] {
        attestations.map { (BundleType.attestation, $0) } + provenance.map { (BundleType.provenance, $0) }
            + revocations.map { (BundleType.revocation, $0) }
            + (log.map { [(BundleType.log, $0)] } ?? []) + keys.map { (BundleType.key, $0) }
    }

    /// The part that carries them about another one.
    func source(about subject: Descriptor) throws(TransportError) -> MemorySource {
        let documents = blobs.map { ImageDocument(mediaType: $0.type, bytes: $0.bytes) }
        var manifest = ImageManifest(
            config: ReleaseDocuments.config.descriptor,
            layers: documents.map(\.descriptor)
        )
        manifest.artifactType = BundleType.proofs
        manifest.subject = Descriptor(mediaType: subject.mediaType, digest: subject.digest, size: subject.size)
        let root = try ReleaseDocuments.document(MediaType.imageManifest, manifest)
        return MemorySource(index: root, documents: documents + [ReleaseDocuments.config])
    }

    /// Reads such a part; gives what it is about, too.
    static func read(
        _ source: any ImageSource
    ) throws(TransportError) -> (subject: Descriptor, proofs: BundleProofs) {
        let root = try source.root()
        let manifest = try root.manifest()
        guard let subject = manifest.subject else {
            throw .document(what: "its root \(root.digest.short)", reason: "it has no subject")
        }
        _ = try source.document(ReleaseDocuments.config.descriptor)
        guard manifest.layers.count <= mostBlobs else {
            throw .tooLarge(
                what: "its root \(root.digest.short)",
                size: Int64(manifest.layers.count),
                limit: Int64(mostBlobs),
                unit: "proofs"
            )
        }
        var proofs = BundleProofs()
        var sum: Int64 = 0
        var seen: Set<Digest> = []
        for layer in manifest.layers {
            guard seen.insert(layer.digest).inserted else {
                throw .document(what: "its root \(root.digest.short)", reason: "a proof stands there twice")
            }
            sum = sum.addingReportingOverflow(max(0, layer.size)).partialValue
            guard sum >= 0, sum <= largestSum else {
                throw .tooLarge(what: "all of its proofs", size: sum, limit: largestSum)
            }
            let bytes = try source.bytes(of: layer, limit: largestBlob)
            switch layer.mediaType {
            case BundleType.attestation: proofs.attestations.append(bytes)
            case BundleType.provenance: proofs.provenance.append(bytes)
            case BundleType.revocation: proofs.revocations.append(bytes)
            case BundleType.key: proofs.keys.append(bytes)
            case BundleType.log where proofs.log == nil: proofs.log = bytes
            default:
                throw .document(
                    what: "its root \(root.digest.short)",
                    reason:
                        "a proof of the type \(layer.mediaType) isn't one that this version knows, or is the second of its kind"
                )
            }
        }
        guard try proofs.source(about: subject).index.bytes == root.bytes else {
            throw .document(
                what: "its root \(root.digest.short)",
                reason: "it isn't written as docs/bundle-format.md says: another program made or changed it"
            )
        }
        return (subject, proofs)
    }
}

/// Documents in memory before the blobs of another source.
struct LayeredSource: ImageSource {
    private let documents: MemorySource
    private let place: any ImageSource

    init(_ documents: MemorySource, over place: any ImageSource) {
        (self.documents, self.place) = (documents, place)
    }

    var name: String { place.name }

    func root() -> ImageDocument { documents.index }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if descriptor.digest == documents.index.digest { return try documents.open(descriptor) }
        return try place.open(descriptor)
    }
}

/// Documents in memory.
struct MemorySource: ImageSource {
    let index: ImageDocument
    let documents: [ImageDocument]

    var name: String { "documents in memory" }

    func root() -> ImageDocument { index }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        guard let document = (documents + [index]).first(where: { $0.digest == descriptor.digest }) else {
            throw .notFound(what: "blob \(descriptor.digest)", place: name)
        }
        return MemoryReader(document.bytes)
    }
}
