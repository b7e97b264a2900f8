import ContentAddress
import OCI
import Release

extension ImageDocument {
    /// What kind of artifact an index or manifest is; nil for an image.
    func artifactType() throws(TransportError) -> String? {
        if MediaType.isIndex(mediaType) { return try index().artifactType }
        guard MediaType.isManifest(mediaType) else {
            throw .document(what: "the root \(digest.short)", reason: "it is a \(mediaType)")
        }
        let manifest = try manifest()
        // An artifact without a type of its own has its config's (OCI image specification 1.1, manifest.md).
        return manifest.artifactType ?? (manifest.config.mediaType == MediaType.empty ? MediaType.empty : nil)
    }

    /// Whether it is a release that `bindery copy` or `export` has written (docs/bundle-format.md), whichever version.
    package func isRelease() throws(TransportError) -> Bool {
        guard MediaType.isIndex(mediaType), let type = try index().artifactType else { return false }
        return type.hasPrefix(BundleType.releases)
    }

    /// Whether it is a release, or a manifest of one.
    package func isPartOfRelease() throws(TransportError) -> Bool {
        if MediaType.isIndex(mediaType) { return try isRelease() }
        let type = try manifest().artifactType
        return type == BundleType.artifact || type == BundleType.platformFiles
    }

    /// What a part of a bundle with this root is.
    package enum PartKind: String {
        case release, image, proofs, referrers, delta
    }

    /// What a part of a bundle with this root is; an image where it is anything else.
    package func partKind() throws(TransportError) -> PartKind {
        if try isRelease() { return .release }
        switch try? artifactType() {
        case BundleType.proofs: return .proofs
        case BundleType.referrers: return .referrers
        case BundleType.delta: return .delta
        default: return .image
        }
    }
}
