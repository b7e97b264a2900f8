import ArtifactStore
import ContentAddress
import OCI
import Release

/// What is known of the files in an archive, in JSON.
struct ArchiveShape: Encodable {
    let format: String?
    let members: Int
    let problem: String?

    init(_ summary: ArchiveSummary) {
        format = summary.format
        members = summary.memberCount
        problem = summary.problem
    }
}

/// A file in a released archive, in JSON.
struct ArchivedFileShape: Encodable {
    let archive: ArtifactShape
    let path: String
    let pathHex: String?

    init(_ file: ArchivedFile) {
        archive = ArtifactShape(file.archive)
        path = String(decoding: file.path, as: UTF8.self)
        // Only for names that the text can't show.
        pathHex = Array(path.utf8) == file.path ? nil : Hexadecimal.encode(file.path)
    }
}

/// An archive that was packed from a release, in JSON.
struct PackedArchiveShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let fileName: String
    let digest: Digest
    let recipe: String

    init(_ archive: PackedArchive) {
        name = archive.release.name.text
        version = archive.release.version.text
        platform = "\(archive.platform)"
        fileName = archive.fileName
        digest = archive.digest
        recipe = archive.recipe
    }
}
