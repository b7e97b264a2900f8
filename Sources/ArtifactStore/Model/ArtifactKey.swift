public import OCI

/// The key of an artifact: (name, version, platform).
///
/// It maps to one digest for ever.
public struct ArtifactKey: Hashable, Sendable, Codable {
    /// What was released.
    public let name: RepositoryName
    /// Which version of it.
    public let version: Version
    /// For which platform.
    public let platform: ArtifactPlatform

    /// A key from its parts.
    public init(name: RepositoryName, version: Version, platform: ArtifactPlatform) {
        self.name = name
        self.version = version
        self.platform = platform
    }

    /// The release it belongs to.
    public var release: ReleaseKey { ReleaseKey(name: name, version: version) }
}

extension ArtifactKey: CustomStringConvertible {
    /// For people: `mount-monitor 1.2.3 linux/amd64`.
    public var description: String { "\(name) \(version) \(platform)" }
}
