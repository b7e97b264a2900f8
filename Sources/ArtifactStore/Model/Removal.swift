package import ContentAddress
package import OCI
package import Release

/// One thing to remove from the store.
package enum Removal: Hashable, Sendable {
    /// Artifacts of a release: all, or those of one platform or one path.
    case release(ReleaseKey, platform: ArtifactPlatform? = nil, file: ReleasePath? = nil)
    /// Files of a draft, which leave no tombstone.
    case draft(ReleaseKey, platform: ArtifactPlatform? = nil, file: ReleasePath? = nil)
    /// A name of an image, or by its digest the image with all its names.
    case image(ImageReference)

    /// What a removal took away.
    package enum Outcome: Sendable {
        case artifacts([Artifact])
        /// A name, or with a digest the image itself.
        case image(ImageReference, Digest)
    }

    /// Names go before their images, and images before the releases that they hold.
    var rank: Int {
        switch self {
        case .image(let reference): reference.digest == nil ? 0 : 1
        case .release, .draft: 2
        }
    }
}
