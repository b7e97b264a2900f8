import ArtifactStore
import ContentAddress
import Glibc
import SystemIO

/// A file of a directory, hashed.
enum FileDigest {
    /// The digest of what is there; nil where there is nothing.
    static func read(_ path: String) throws(SystemError) -> Digest? {
        do throws(SystemError) {
            // Without O_NONBLOCK the opening of a pipe would wait for a writer.
            return try File.open(path, O_RDONLY | O_NONBLOCK).digest()
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }
}
