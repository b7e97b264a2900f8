package import OCI

/// The key of an artifact: (name, version, platform).
///
/// It maps to one digest for ever.
package struct ArtifactKey: Hashable, Sendable, Codable {
    /// What was released.
    package let name: RepositoryName
    /// Which version of it.
    package let version: Version
    /// For which platform.
    package let platform: ArtifactPlatform

    /// A key from its parts.
    package init(name: RepositoryName, version: Version, platform: ArtifactPlatform) {
        self.name = name
        self.version = version
        self.platform = platform
    }

    /// The release it belongs to.
    package var release: ReleaseKey { ReleaseKey(name: name, version: version) }
}

extension ArtifactKey: CustomStringConvertible {
    /// For people: `mount-monitor 1.2.3 linux/amd64`.
    package var description: String { "\(name) \(version) \(platform)" }
}
