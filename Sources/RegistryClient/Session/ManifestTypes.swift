import OCI

/// The manifests that we read, as `Accept` lists them.
enum ManifestTypes {
    /// Indexes and manifests, OCI's and Docker's.
    static let accepted = [
        MediaType.imageIndex, MediaType.imageManifest, MediaType.dockerManifestList, MediaType.dockerManifest,
    ]

    /// Whether a media type is one of them.
    static func contains(_ type: String) -> Bool { accepted.contains(type) }
}
