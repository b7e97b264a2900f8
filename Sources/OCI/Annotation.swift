/// The predefined annotation keys (OCI image specification 1.1, annotations.md).
package enum Annotation {
    /// RFC 3339 time at which the thing was built.
    package static let created = "org.opencontainers.image.created"
    /// Where the source is.
    package static let source = "org.opencontainers.image.source"
    /// The source's revision.
    package static let revision = "org.opencontainers.image.revision"
    /// The packaged software's version.
    package static let version = "org.opencontainers.image.version"
    /// A title for people; for a file, its name.
    package static let title = "org.opencontainers.image.title"
    /// The name of the tag, in an index.
    package static let referenceName = "org.opencontainers.image.ref.name"
    /// An image's name in full, in an archive's index: containerd and Docker's image store take it from there.
    package static let containerdName = "io.containerd.image.name"
    /// The digest of the image this one is based on.
    package static let baseDigest = "org.opencontainers.image.base.digest"
    /// The reference of the image this one is based on.
    package static let baseName = "org.opencontainers.image.base.name"
}
