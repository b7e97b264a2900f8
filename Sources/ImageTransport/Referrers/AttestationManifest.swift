import ArtifactStore
import ContentAddress
import OCI

/// A signed statement that the store keeps, as the manifest by which it refers to its subject: the form in which cosign
/// attaches a sigstore bundle.
///
/// A pure function of the bundle and the subject, so that the same statement is attached once, from whatever store.
struct AttestationManifest {
    let document: ImageDocument
    /// The blobs that the manifest names.
    private(set) var blobs: [Digest: [UInt8]]

    private static let emptyConfig = Array("{}".utf8)

    init(_ attestation: StoredAttestation, subject: Descriptor) throws(TransportError) {
        let size = Int64(attestation.bytes.count)
        try self.init(attestation.digest, size: size, attestation.predicateType, subject: subject)
        blobs[attestation.digest] = attestation.bytes
    }

    /// Whether a store has made a manifest of a statement, and makes it again of that.
    static func isMade(_ document: ImageDocument) -> Bool {
        guard let manifest = try? document.manifest(), let subject = manifest.subject,
            let layer = manifest.layers.first,
            let type = manifest.annotations?[predicateType],
            let made = try? AttestationManifest(layer.digest, size: layer.size, type, subject: subject)
        else { return false }
        return made.document.bytes == document.bytes
    }

    private static let predicateType = "dev.sigstore.bundle.predicateType"

    private init(
        _ statement: Digest,
        size: Int64,
        _ predicateType: String,
        subject: Descriptor
    ) throws(TransportError) {
        let config = Self.emptyConfig
        var manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.empty, digest: .of(config), size: Int64(config.count)),
            layers: [
                Descriptor(
                    mediaType: MediaType.sigstoreBundle,
                    digest: statement,
                    size: size
                )
            ],
            annotations: [
                "dev.sigstore.bundle.content": "dsse-envelope",
                Self.predicateType: predicateType,
                // The time at which the statement came differs from store to store.
                Annotation.created: Timestamp(milliseconds: 0).rfc3339,
            ]
        )
        manifest.artifactType = MediaType.sigstoreBundle
        manifest.subject = Descriptor(mediaType: subject.mediaType, digest: subject.digest, size: subject.size)
        do {
            document = ImageDocument(
                mediaType: MediaType.imageManifest,
                bytes: try CanonicalJSON.encode(manifest)
            )
        } catch {
            throw .document(what: "the manifest of the statement \(statement.short)", reason: "\(error)")
        }
        blobs = [.of(config): config]
    }
}
