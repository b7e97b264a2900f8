import Printable
import Release

/// A file in a released archive.
package struct ArchivedFile: Hashable, Sendable, CustomStringConvertible {
    /// The archive.
    package let archive: Artifact
    /// Where the file is in it, in raw bytes.
    package let path: [UInt8]

    /// For people: `usr/bin/tool in tool_1.2.3_linux_amd64.tar.gz of tool 1.2.3`.
    package var description: String {
        "\(printable(path)) in \(printable(archive.fileName)) of \(archive.key.name) \(archive.key.version)"
    }
}
