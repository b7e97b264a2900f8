package import SystemIO

/// Bytes that are read once, from the start.
package protocol BlobReader: AnyObject {
    /// Reads up to the buffer's size, at least one byte; 0 at the end. Blocks.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int

    /// What the file system says now of the file that holds these bytes and no others; nil where there is none.
    var file: FileStatus? { get }
}

extension BlobReader {
    /// Nil: most bytes come from a stream, or are a part of something.
    package var file: FileStatus? { nil }

    /// Hands out all bytes in pieces.
    package func forEachPiece(
        _ body: (UnsafeRawBufferPointer) throws(TransportError) -> Void
    ) throws(TransportError) {
        try ReadBuffer().pass(from: { bytes throws(TransportError) in try read(into: bytes) }, to: body)
    }

    /// Hands all bytes to a sink, in pieces; throws what the sink throws, too.
    package func copy(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        try ReadBuffer().pass(from: { bytes in try read(into: bytes) }, to: sink)
    }

    /// Reads until the buffer is full or the bytes end; less than the buffer's size means the end.
    func readFully(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        var count = 0
        while count < buffer.count {
            let piece = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            guard piece > 0 else { break }
            count += piece
        }
        return count
    }
}

/// Bytes in memory.
package final class MemoryReader: BlobReader {
    private let bytes: [UInt8]
    private var position = 0

    /// A reader of them.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads up to the buffer's size; 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        bytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)]))
        }
        position += count
        return count
    }
}
