import ArtifactStore
import ContentAddress

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
