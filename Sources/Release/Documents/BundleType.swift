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
    /// The artifact type of the manifest of proofs about a part.
    package static let proofs = "application/vnd.dev.bindery.proofs.v1"
    /// The media type of a signed statement: a sigstore bundle.
    package static let attestation = "application/vnd.dev.sigstore.bundle.v0.3+json"
    /// The media type of a builder's own attestation: a DSSE envelope, or a sigstore bundle.
    package static let provenance = "application/vnd.dev.bindery.provenance.v1+json"
    /// The media type of a signed mark: a DSSE envelope.
    package static let revocation = "application/vnd.dev.bindery.revocation.v1+json"
    /// The media type of an excerpt of a log.
    package static let log = "application/vnd.dev.bindery.log.v1+json"
    /// The artifact type of the manifest that says what a bundle leaves out.
    package static let delta = "application/vnd.dev.bindery.delta.v1"
    /// The media type of the document that lists it.
    package static let deltaDocument = "application/vnd.dev.bindery.delta.v1+json"
    /// The artifact type of the index of what others attached to a part.
    package static let referrers = "application/vnd.dev.bindery.referrers.v1"
    /// The media type of a public key in PEM.
    package static let key = "application/x-pem-file"

    /// Whether a part of this artifact type is a release.
    package static func isRelease(_ artifactType: String?) -> Bool { [release, files].contains(artifactType) }
}
