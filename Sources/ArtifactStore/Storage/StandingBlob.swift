import ContentAddress
import Glibc
import SystemIO

/// What stands under a blob's name in the store.
///
/// Whoever may write to the directory may have put it there, so that its name proves nothing: it is a blob only when it
/// is a regular file whose bytes have the digest.
enum StandingBlob: Sendable {
    /// Nothing.
    case absent
    /// The blob; `isHashed` says that it was hashed for this.
    case whole(FileStatus, isHashed: Bool)
    /// Something else: a link, a directory, other bytes, a file that can't be read.
    case bad(reason: String)

    /// The mode of a blob's file: nobody writes to it.
    static let mode: mode_t = 0o444

    /// Looks at a path, follows no link, and hashes a file of the right size that isn't known.
    ///
    /// A file that can be written to gets ``mode``, where this user may set it. Throws what the machine fails at.
    init(
        _ path: String,
        _ digest: Digest,
        size: Int64?,
        known: KnownFiles,
        buffer: ReadBuffer
    ) throws(SystemError) {
        do throws(SystemError) {
            // Not by opening it: that can change the state of a device.
            let kind = try FileStatus.ofLink(path).kind
            guard kind == .file else {
                self = .bad(reason: "it is a \(kind.rawValue)")
                return
            }
            let file = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
            try self.init(file, digest, size: size, known: known, buffer: buffer)
        } catch  where error.isNotFound {
            self = .absent
        } catch  where [EACCES, ELOOP, ENXIO, EIO, ENODEV].contains(error.code) {
            self = .bad(reason: error.description)
        }
    }

    private init(
        _ file: borrowing File,
        _ digest: Digest,
        size: Int64?,
        known: KnownFiles,
        buffer: ReadBuffer
    ) throws(SystemError) {
        var status = try file.status()
        guard status.kind == .file else {
            self = .bad(reason: "it is a \(status.kind.rawValue)")
            return
        }
        if let size, status.size != size {
            self = .bad(reason: "it has \(status.size) bytes, and the bytes of this digest are \(size)")
            return
        }
        // Another user's file, or a file system without modes, keeps its own: what counts is the bytes.
        if status.mode != Self.mode, (try? file.setMode(Self.mode)) != nil { status = try file.status() }
        guard !known.holds(digest, status) else {
            self = .whole(status, isHashed: false)
            return
        }
        // Some FUSE file systems give a file another inode or time at each look: a status that differs only asks for a
        // second reading.
        for _ in 0..<2 {
            let found = try Self.digest(of: file, buffer: buffer)
            guard found == digest else {
                self = .bad(reason: "its \(status.size) bytes are those of \(found)")
                return
            }
            let after = try file.status()
            if after == status { break }
            status = after
        }
        self = .whole(status, isHashed: true)
    }

    private static func digest(of file: borrowing File, buffer: ReadBuffer) throws(SystemError) -> Digest {
        var offset: Int64 = 0
        return try Digest.of(into: buffer.bytes) { bytes throws(SystemError) in
            let count = try file.read(into: bytes, at: offset)
            offset += Int64(count)
            return count
        }.digest
    }
}
