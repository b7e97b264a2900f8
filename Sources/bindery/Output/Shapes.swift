import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

// The JSON shapes of docs/cli.md. They are promises: members are added, never renamed.

/// An artifact in JSON.
struct ArtifactShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let file: String
    let digest: Digest
    let size: Int64
    let fileName: String
    let mode: String
    let putAt: String
    let putBy: String
    let annotations: [String: String]

    init(_ artifact: Artifact) {
        name = artifact.key.name.text
        version = artifact.key.version.text
        platform = artifact.key.platform.description
        file = artifact.key.file.text
        digest = artifact.digest
        size = artifact.size
        fileName = artifact.fileName
        mode = FileMode.text(artifact.mode)
        putAt = artifact.putAt.rfc3339
        putBy = artifact.putBy
        annotations = artifact.annotations
    }
}

/// A release in JSON.
struct ReleaseShape: Encodable {
    let name: String
    let version: String
    let size: Int64
    let putAt: String
    let artifacts: [ArtifactShape]
    let revocation: RevocationShape?

    init(_ release: Release, _ mark: Revocation?) {
        name = release.key.name.text
        version = release.key.version.text
        size = release.size
        putAt = release.putAt.rfc3339
        artifacts = release.artifacts.map(ArtifactShape.init)
        revocation = mark.map(RevocationShape.init)
    }
}

/// A removed artifact in JSON.
struct TombstoneShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let file: String
    let digest: Digest
    let removedAt: String
    let removedBy: String
    let reason: String?
    let harmless: Bool

    init(_ tombstone: Tombstone) {
        name = tombstone.key.name.text
        version = tombstone.key.version.text
        platform = tombstone.key.platform.description
        file = tombstone.key.file.text
        digest = tombstone.digest
        removedAt = tombstone.removedAt.rfc3339
        removedBy = tombstone.removedBy
        reason = tombstone.reason
        harmless = tombstone.isHarmless
    }
}

extension Tombstone {
    /// For people: `app 1.2.3 linux/amd64, removed 2026-11-27 by ci@build-7: wrong binary`.
    var summary: Message {
        "\(key), removed \(removedAt.shown) by \(removedBy)" + (reason.map { ": \($0)" } ?? "")
    }
}
