import NIOCore
import SystemIO

/// An open blob whose bytes are those of its digest.
final class BlobFile: Sendable {
    /// The open file.
    let file: File

    init(_ file: consuming File) { self.file = file }

    /// Some of the bytes.
    ///
    /// Blocks. Throws ``ShortFile`` where the file ends before them.
    func bytes(_ range: Range<Int64>) throws -> ByteBuffer {
        let count = Int(range.upperBound - range.lowerBound)
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        var place = range.lowerBound
        while place < range.upperBound {
            let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(range.upperBound - place)) {
                try file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: $0[..<Int(range.upperBound - place)]),
                    at: place
                )
            }
            guard read > 0 else { throw ShortFile() }
            place += Int64(read)
        }
        return buffer
    }

    /// The file has fewer bytes than the index says.
    struct ShortFile: Error {}
}
