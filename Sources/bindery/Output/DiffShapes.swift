import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageFileSystem
import Printable
import Release
import Shapes

/// `bindery diff IMAGE IMAGE --json` (docs/cli.md).
struct ImageDiffShape: Encodable {
    struct ReleaseChange: Encodable {
        let platform: String
        let name: String
        let before: Version?
        let after: Version?
    }

    struct Setting: Encodable {
        let platform: String
        let setting: String
        let before: String?
        let after: String?
    }

    struct File: Encodable {
        struct Side: Encodable {
            let kind: String
            let digest: Digest?
            let size: Int64
            let mode: String
            let owner: String
            let identity: String

            init(_ file: AuditedFile) {
                kind = file.kind.word
                digest = file.digest
                size = file.size
                mode = FileDetails.mode(file)
                owner = "\(file.uid):\(file.gid)"
                identity = FileDetails.identity(file).text
            }
        }

        let platform: String
        let path: String
        /// Where the path isn't UTF-8.
        let pathHex: String?
        let change: ImageDifference.FileChange.ChangeKind
        let before: Side?
        let after: Side?

        init(_ file: ImageDifference.FileChange) {
            platform = file.platform
            path = "\(file.path)"
            pathHex = Array(path.utf8) == file.path.bytes ? nil : Hexadecimal.encode(file.path.bytes)
            change = file.kind
            before = file.before.map(Side.init)
            after = file.after.map(Side.init)
        }
    }

    let platformsRemoved: [String]
    let platformsAdded: [String]
    let releases: [ReleaseChange]
    let settings: [Setting]
    let files: [File]

    init(_ difference: ImageDifference) {
        platformsRemoved = difference.platformsRemoved
        platformsAdded = difference.platformsAdded
        releases = difference.releases.map {
            ReleaseChange(platform: $0.platform, name: $0.name, before: $0.before, after: $0.after)
        }
        settings = difference.settings.map {
            Setting(platform: $0.platform, setting: $0.setting, before: $0.before, after: $0.after)
        }
        files = difference.files.map(File.init)
    }
}

/// `bindery diff N@V N@V --json` (docs/cli.md).
struct ReleaseDiffShape: Encodable {
    struct Detail: Encodable {
        let what: String
        let before: String?
        let after: String?
    }

    struct File: Encodable {
        let before: ArtifactShape?
        let after: ArtifactShape?
        let details: [Detail]
    }

    let files: [File]

    init(_ difference: ReleaseDifference) {
        files = difference.files.map { change in
            File(
                before: change.before.map(ArtifactShape.init),
                after: change.after.map(ArtifactShape.init),
                details: change.details.map { Detail(what: $0.what, before: $0.before, after: $0.after) }
            )
        }
    }
}
