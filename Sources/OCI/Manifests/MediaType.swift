/// The media types that images are made of (OCI image specification 1.1, media-types.md; Docker image manifest v2,
/// schema 2).
package enum MediaType {
    /// An OCI image index.
    package static let imageIndex = "application/vnd.oci.image.index.v1+json"
    /// An OCI image manifest.
    package static let imageManifest = "application/vnd.oci.image.manifest.v1+json"
    /// An OCI image config.
    package static let imageConfig = "application/vnd.oci.image.config.v1+json"
    /// A plain tar layer.
    package static let layer = "application/vnd.oci.image.layer.v1.tar"
    /// A tar layer in gzip.
    package static let layerGzip = "application/vnd.oci.image.layer.v1.tar+gzip"
    /// A tar layer in Zstandard.
    package static let layerZstd = "application/vnd.oci.image.layer.v1.tar+zstd"
    /// The empty JSON object that stands for "no config".
    package static let empty = "application/vnd.oci.empty.v1+json"

    /// Docker's manifest list.
    package static let dockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json"
    /// Docker's manifest.
    package static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    /// Docker's image config.
    package static let dockerConfig = "application/vnd.docker.container.image.v1+json"
    /// Docker's layer, a tar in gzip.
    package static let dockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    /// Docker's plain tar layer.
    package static let dockerLayer = "application/vnd.docker.image.rootfs.diff.tar"

    /// A statement of in-toto, as a layer.
    package static let statement = "application/vnd.in-toto+json"

    /// A sigstore bundle, version 0.3, as a layer and as an artifact's type.
    package static let sigstoreBundle = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// Whether a media type is a manifest of Docker's schema 1, which some engines still convert.
    package static func isOldManifest(_ type: String) -> Bool {
        type == "application/vnd.docker.distribution.manifest.v1+json"
            || type == "application/vnd.docker.distribution.manifest.v1+prettyjws"
    }

    /// Whether a media type is an index of manifests, OCI's or Docker's.
    package static func isIndex(_ type: String) -> Bool {
        type == imageIndex || type == dockerManifestList
    }

    /// Whether a media type is a layer's that engines unpack as an archive: OCI's, those that mustn't be distributed,
    /// too, or Docker's.
    package static func isLayer(_ type: String) -> Bool {
        let ociPrefix = "application/vnd.oci.image.layer."
        return ["v1.tar", "nondistributable.v1.tar"].contains { kind in
            ["", "+gzip", "+zstd"].contains { type == ociPrefix + kind + $0 }
        }
            || [dockerLayer, "application/vnd.docker.image.rootfs.foreign.diff.tar"].contains { plain in
                ["", ".gzip", ".zstd"].contains { type == plain + $0 }
            }
    }

    /// Whether a media type is an image's config, OCI's or Docker's.
    package static func isConfig(_ type: String) -> Bool {
        type == imageConfig || type == dockerConfig
    }

    /// Whether engines take what has a media type for an image's config: a config's own, or one of those that
    /// registries once gave instead (distribution#1621) and Docker takes since.
    package static func standsForConfig(_ type: String) -> Bool {
        isConfig(type) || ["application/octet-stream", "application/json", "text/html", ""].contains(type)
    }

    /// Whether a media type is an image manifest, OCI's or Docker's.
    package static func isManifest(_ type: String) -> Bool {
        type == imageManifest || type == dockerManifest
    }
}
