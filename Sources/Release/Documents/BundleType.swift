/// The types of a bundle's parts (docs/bundle-format.md): releases as artifacts of the OCI image specification 1.1
/// (manifest.md, "Guidelines for Artifact Usage").
///
/// A change of what a part means is a new number.
package enum BundleType {
    /// The artifact type of a release's index.
    package static let release = "application/vnd.dev.bindery.release.v1"
    /// The artifact type of the manifest of one file of a release.
    package static let artifact = "application/vnd.dev.bindery.artifact.v1"
    /// The media type of the file's bytes, the manifest's only layer.
    package static let content = "application/vnd.dev.bindery.artifact.content.v1"
}
