import ContentAddress
import OCI

/// The statements about a platform's manifest in the form of BuildKit: a manifest beside it in the index, for no platform,
/// with a layer for each (moby/buildkit, docs/attestations/attestation-storage.md).
struct AttachedStatements {
    /// What stands in the index.
    let descriptor: Descriptor
    /// The manifest, its empty config, and the statements.
    let documents: [BuiltImage.Document]

    init(_ statements: [BuiltImage.Statement], about subject: Descriptor) {
        let config = BuiltImage.Document(MediaType.empty, .object([:]))
        let layers = statements.map { BuiltImage.Document(MediaType.statement, bytes: $0.bytes) }
        let descriptors = zip(statements, layers).map { statement, document in
            var descriptor = document.descriptor
            descriptor.annotations = ["in-toto.io/predicate-type": statement.predicateType]
            return descriptor.json
        }
        let plain = Descriptor(mediaType: subject.mediaType, digest: subject.digest, size: subject.size)
        let manifest = BuiltImage.Document(
            MediaType.imageManifest,
            .object([
                "artifactType": .string("application/vnd.docker.attestation.manifest.v1+json"),
                "config": config.descriptor.json,
                "layers": .array(descriptors),
                "mediaType": .string(MediaType.imageManifest),
                "schemaVersion": .int(2),
                "subject": plain.json,
            ])
        )
        var descriptor = manifest.descriptor
        descriptor.platform = try? Platform(os: "unknown", architecture: "unknown")
        descriptor.annotations = [
            "vnd.docker.reference.digest": subject.digest.description,
            "vnd.docker.reference.type": "attestation-manifest",
        ]
        self.descriptor = descriptor
        documents = layers + [config, manifest]
    }
}
