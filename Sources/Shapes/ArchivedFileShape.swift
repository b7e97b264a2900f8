package import ArtifactStore
import ContentAddress

/// A file in a released archive, in JSON.
package struct ArchivedFileShape: Encodable {
    let archive: ArtifactShape
    let path: String
    let pathHex: String?

    package init(_ file: ArchivedFile) {
        archive = ArtifactShape(file.archive)
        path = String(decoding: file.path, as: UTF8.self)
        // Only for names that the text can't show.
        pathHex = Array(path.utf8) == file.path ? nil : Hexadecimal.encode(file.path)
    }
}
