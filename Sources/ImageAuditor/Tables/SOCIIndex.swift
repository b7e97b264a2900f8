import OCI

/// An index for lazy pulling that stands beside the image (github.com/awslabs/soci-snapshotter).
///
/// Its tables are not read: it is only seen that there is one.
enum SOCIIndex {
    private static let annotation = "com.amazon.soci.index-digest"
    private static let typePrefix = "application/vnd.amazon.soci.index."

    /// Why a finding says that something was not read.
    static let words =
        "there is an index for lazy pulling (SOCI) by which some engines make files without reading the layers; it isn't "
        + "compared with them"

    /// Whether an image's manifest names such an index.
    static func isNamed(by manifest: ImageManifest) -> Bool { manifest.annotations?[annotation] != nil }

    /// Whether a manifest is such an index.
    static func isIndex(_ manifest: ImageManifest) -> Bool {
        manifest.artifactType?.hasPrefix(typePrefix) == true || manifest.config.mediaType.hasPrefix(typePrefix)
    }
}
