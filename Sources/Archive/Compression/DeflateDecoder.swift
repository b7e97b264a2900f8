import CDeflate
import CZlib

/// Raw DEFLATE (RFC 1951) by zlib, as the members of a zip file are compressed.
final class DeflateDecoder: StreamDecoder {
    // zlib keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isComplete = false

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CompressionError(.memory, .gzip, at: 0)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        guard !isComplete else {
            guard input.isEmpty else { throw .trailingBytes }
            return 0
        }
        let count: Int
        (count, isComplete) = try stream.code(&input, into: output)
        return count
    }
}

extension UnsafeMutablePointer<z_stream> {
    /// Inflates some input to some output; says how much came out, and whether the stream is complete.
    func code(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> (count: Int, isComplete: Bool) {
        let available = min(input.count, largestPiece)
        pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        pointee.avail_in = UInt32(available)
        pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let room = min(output.count, largestPiece)
        pointee.avail_out = UInt32(room)
        let status = inflate(self, Z_NO_FLUSH)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(available - Int(pointee.avail_in)))
        switch status {
        case Z_OK, Z_BUF_ERROR, Z_STREAM_END: return (room - Int(pointee.avail_out), status == Z_STREAM_END)
        case Z_MEM_ERROR: throw .memory
        default: throw .corrupt(pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
    }
}

/// The CRC-32 of zip and gzip, of bytes that come in pieces.
package struct CRC32 {
    /// The value so far.
    package private(set) var value: UInt32 = 0

    /// Of no bytes.
    package init() {}

    /// Takes further bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = libdeflate_crc32(value, bytes.baseAddress, bytes.count)
    }
}
