package import ContentAddress
package import OCI
import Printable
package import Release

/// An archive that was derived from a release's files, and is kept with them.
package struct PackedArchive: Hashable, Sendable, CustomStringConvertible {
    /// The release whose files it has.
    package let release: ReleaseKey
    /// The platform whose files it has.
    package let platform: ArtifactPlatform
    /// What it is called.
    package let fileName: String
    /// The digest of its bytes.
    package let digest: Digest
    /// Its size in bytes.
    package let size: Int64
    /// What the bytes depend on beside the release's files.
    package let recipe: String
    /// When it was packed.
    package let packedAt: Timestamp
    /// By whom.
    package let packedBy: String

    /// The same, at the time of the transaction that notes it.
    func packed(at time: Timestamp, by actor: String) -> PackedArchive {
        PackedArchive(
            release: release,
            platform: platform,
            fileName: fileName,
            digest: digest,
            size: size,
            recipe: recipe,
            packedAt: time,
            packedBy: actor
        )
    }

    /// For people: `tool_1.2.3_linux_amd64.tar.gz, packed from tool 1.2.3`.
    package var description: String { "\(printable(fileName)), packed from \(release.name) \(release.version)" }
}
