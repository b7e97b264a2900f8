/// The types of a bundle's parts (docs/bundle-format.md): releases as artifacts of the OCI image specification 1.1
/// (manifest.md, "Guidelines for Artifact Usage").
///
/// A change of what a part means is a new number.
package enum BundleType {
    /// What the artifact types of releases begin with, those of later versions too.
    package static let releases = "application/vnd.dev.bindery.release."
    /// The artifact type of the index of a release that is one program for each platform.
    package static let release = "application/vnd.dev.bindery.release.v1"
    /// The artifact type of the manifest of one file of such a release.
    package static let artifact = "application/vnd.dev.bindery.artifact.v1"
    /// The artifact type of the index of a release of any other files.
    package static let files = "application/vnd.dev.bindery.release.v2"
    /// The artifact type of the manifest of one platform's files of such a release.
    package static let platformFiles = "application/vnd.dev.bindery.artifact.v2"
    /// The media type of a file's bytes.
    package static let content = "application/vnd.dev.bindery.artifact.content.v1"

    /// Whether a part of this artifact type is a release.
    package static func isRelease(_ artifactType: String?) -> Bool { [release, files].contains(artifactType) }
}
