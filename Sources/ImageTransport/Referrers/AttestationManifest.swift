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
    let blobs: [Digest: [UInt8]]

    private static let emptyConfig = Array("{}".utf8)

    init(_ attestation: StoredAttestation, subject: Descriptor) throws(TransportError) {
        let config = Self.emptyConfig
        var manifest = ImageManifest(
            config: Descriptor(mediaType: MediaType.empty, digest: .of(config), size: Int64(config.count)),
            layers: [
                Descriptor(
                    mediaType: MediaType.sigstoreBundle,
                    digest: attestation.digest,
                    size: Int64(attestation.bytes.count)
                )
            ],
            annotations: [
                "dev.sigstore.bundle.content": "dsse-envelope",
                "dev.sigstore.bundle.predicateType": attestation.predicateType,
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
            throw .document(what: "the manifest of the statement \(attestation.digest.short)", reason: "\(error)")
        }
        blobs = [.of(config): config, attestation.digest: attestation.bytes]
    }
}
