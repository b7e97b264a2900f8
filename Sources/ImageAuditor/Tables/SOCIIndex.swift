import ContentAddress
import ImageTransport
import OCI

/// An index for lazy pulling that stands beside the image.
///
/// In version 1 of SOCI (github.com/awslabs/soci-snapshotter) it refers to the image's manifest, in version 2 it is a
/// member of the image's index and the manifest names it; nydus' refers to it, too. Its tables are not read: it is only
/// seen that there is one.
enum SOCIIndex {
    private static let annotation = "com.amazon.soci.index-digest"
    private static let typePrefix = "application/vnd.amazon.soci.index."
    private static let referrerType = typePrefix + "v1+json"

    /// Why a finding says that something was not read.
    static let words =
        "there is an index for lazy pulling (SOCI, nydus) by which some engines make files without reading the layers; it isn't "
        + "compared with them"

    /// Whether there is one for an image, as far as its manifest and its source say.
    static func isBeside(
        _ manifest: ImageManifest,
        _ digest: Digest,
        in source: any ImageSource
    ) throws(TransportError) -> Bool {
        if manifest.annotations?[annotation] != nil { return true }
        if try source.hasReferrer(to: digest, ofType: referrerType) { return true }
        return try source.hasReferrer(to: digest, ofType: LayerAcceleration.nydusType)
    }

    /// Whether a manifest is such an index.
    static func isIndex(_ manifest: ImageManifest) -> Bool {
        manifest.artifactType?.hasPrefix(typePrefix) == true || manifest.config.mediaType.hasPrefix(typePrefix)
    }
}
