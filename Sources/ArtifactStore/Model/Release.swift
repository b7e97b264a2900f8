package import OCI
package import Release

/// All artifacts of one name and version.
package struct Release: Hashable, Sendable {
    package let key: ReleaseKey
    /// Its artifacts, in the order of ``ArtifactKey/isBefore(_:_:)``.
    package let artifacts: [Artifact]

    /// When its first artifact was put.
    package var putAt: Timestamp {
        artifacts.map(\.putAt).min() ?? Timestamp(milliseconds: 0)
    }

    /// The sum of its artifacts' sizes in bytes.
    package var size: Int64 {
        artifacts.reduce(0) { $0 &+ $1.size }
    }
}
