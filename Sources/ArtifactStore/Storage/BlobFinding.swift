import ContentAddress
import Glibc
import SystemIO

/// What reading a stored blob came to.
enum BlobFinding: Sendable {
    case bytes(Digest, size: Int64)
    case unreadable(SystemError)

    /// Reads all of a file; `progress` gets the bytes since its last call.
    init(_ path: String, buffer: ReadBuffer, progress: @Sendable (Int64) -> Void) {
        do throws(SystemError) {
            let file = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try file.status().kind == .file else {
                throw SystemError(call: "read", path: path, code: EINVAL, detail: "it is not a regular file")
            }
            let (digest, size) = try Digest.of(into: buffer.bytes) { bytes throws(SystemError) in
                let count = try file.read(into: bytes)
                progress(Int64(count))
                return count
            }
            self = .bytes(digest, size: size)
        } catch {
            self = .unreadable(error)
        }
    }
}
