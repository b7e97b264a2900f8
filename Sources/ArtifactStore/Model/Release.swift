public import OCI

/// All artifacts of one name and version.
public struct Release: Hashable, Sendable {
    /// Its key.
    public let key: ReleaseKey
    /// Its artifacts, by platform.
    public let artifacts: [Artifact]

    /// When its first artifact was put.
    public var putAt: Timestamp {
        artifacts.map(\.putAt).min() ?? Timestamp(milliseconds: 0)
    }

    /// The sum of its artifacts' sizes in bytes.
    public var size: Int64 {
        artifacts.reduce(0) { $0 &+ $1.size }
    }
}
