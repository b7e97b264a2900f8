import CShims
import Glibc

extension File {
    /// Appends all of another file, from its start, at this file's current position: inside the kernel where the file
    /// systems can, else by reading and writing.
    ///
    /// Throws `EIO` when the source ends before `count` bytes.
    package func append(_ source: borrowing File, count: Int64) throws(SystemError) {
        var copied: Int64 = 0
        while copied < count {
            let wanted = Int(min(count - copied, Self.partSize))
            var offset = copied
            let moved = retrying { shim_copy_file_range(source.descriptor, &offset, descriptor, nil, UInt64(wanted)) }
            if moved > 0 {
                copied += Int64(moved)
            } else if moved < 0, copied == 0, [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) {
                return try appendByReading(source, count: count)
            } else if moved < 0 {
                throw SystemError(call: "write", path: path, detail: "\(count - copied) bytes wanted")
            } else {
                throw Self.endsEarly(source, at: copied, expectedSize: count)
            }
        }
    }

    /// 64 MiB: a call can be interrupted between two.
    private static let partSize: Int64 = 64 << 20

    private func appendByReading(_ source: borrowing File, count: Int64) throws(SystemError) {
        var position: Int64 = 0
        let copied = try ReadBuffer().pass(
            atMost: count,
            from: { bytes throws(SystemError) in try source.read(into: bytes, at: position) },
            to: { bytes throws(SystemError) in
                try write(bytes)
                position += Int64(bytes.count)
            }
        )
        guard copied == count else { throw Self.endsEarly(source, at: copied, expectedSize: count) }
    }
}
