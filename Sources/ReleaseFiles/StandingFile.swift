import ArtifactStore
package import ContentAddress
import Glibc
import SystemIO

/// A file that stands where a command would write one, under a name that the command chose.
package struct StandingFile: Error, CustomStringConvertible {
    let path: String
    package var description: String { "\(path) is there with other bytes: --force replaces it" }

    /// Throws when something else than these bytes is at the path.
    package static func refuse(at path: String, unless digest: Digest) throws {
        guard (try? FileStatus.ofLink(path)) != nil else { return }
        guard try File.open(path, O_RDONLY | O_NONBLOCK).digest() != digest else { return }
        throw StandingFile(path: path)
    }
}
