import Glibc
package import Release
import SystemIO

extension PutRequest {
    /// What a put would make of a file, as far as the file and the request say.
    package struct Preview: Sendable {
        /// The key that it would get.
        package let key: ArtifactKey
        /// What it would be called in a context.
        package let fileName: String
        /// The permission bits that it would get.
        package let mode: UInt16
        /// Its size in bytes.
        package let size: Int64
    }

    /// Looks at a file as a put does, and stores nothing.
    ///
    /// Throws what a put would throw for this file alone.
    package func preview() throws(StoreError) -> Preview {
        guard case .path(let path) = source else { throw .notARegularFile(path: sourceName, kind: .pipe) }
        let file = try system { () throws(SystemError) in try File.open(path, O_RDONLY | O_NONBLOCK) }
        let status = try system { () throws(SystemError) in try file.status() }
        guard status.kind == .file else { throw .notARegularFile(path: path, kind: status.kind) }
        let reading = BinaryFacts.read(file)
        return Preview(
            key: ArtifactKey(
                name: name,
                version: version,
                platform: try PendingArtifact.platform(of: self, reading: reading),
                file: self.path
            ),
            fileName: try checkedFileName(),
            mode: PendingArtifact.mode(of: self, sourceMode: UInt16(status.mode & 0o7777), reading: reading),
            size: status.size
        )
    }
}
