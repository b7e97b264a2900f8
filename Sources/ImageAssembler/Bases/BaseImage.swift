import ContentAddress
import OCI

/// The base image as annotations name it.
struct BaseIdentity: Hashable, Sendable {
    /// The reference in the Dockerfile.
    let name: String
    /// The digest of the index or manifest that it led to.
    let digest: Digest
    /// The digest of the platform's manifest.
    let manifest: Digest
}

/// A base image, ready to be built upon.
struct BaseImage: Sendable {
    let identity: BaseIdentity
    let config: ImageConfig
    /// What the config has besides.
    let members: BaseMembers
    let layers: [(descriptor: Descriptor, diffID: Digest)]
    let files: BaseFiles
}
