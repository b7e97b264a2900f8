import CZlib

/// zlib streams in memory (RFC 1950), as programs have them in their sections.
package enum ZlibStream {
    private static let pieceSize = 64 << 10

    /// What a stream holds.
    ///
    /// Throws ``CompressionError/Reason/memory`` for more bytes than the limit, and for what isn't one whole stream.
    package static func decompress(
        _ bytes: UnsafeRawBufferPointer,
        limit: Int
    ) throws(CompressionError.Reason) -> [UInt8] {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        stream.initialize(to: z_stream())
        let structSize = CInt(MemoryLayout<z_stream>.size)
        guard let count = UInt32(exactly: bytes.count),
            inflateInit2_(stream, MAX_WBITS, ZLIB_VERSION, structSize) == Z_OK
        else { throw .memory }
        defer { inflateEnd(stream) }
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
        stream.pointee.avail_in = count
        let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: pieceSize)
        defer { piece.deallocate() }
        var output: [UInt8] = []
        while true {
            stream.pointee.next_out = piece
            stream.pointee.avail_out = UInt32(pieceSize)
            let status = inflate(stream, Z_NO_FLUSH)
            let written = pieceSize - Int(stream.pointee.avail_out)
            guard written <= limit - output.count else { throw .memory }
            output.append(contentsOf: UnsafeBufferPointer(start: piece, count: written))
            switch status {
            case Z_STREAM_END:
                guard stream.pointee.avail_in == 0 else { throw .trailingBytes }
                return output
            case Z_OK where written > 0: continue
            case Z_OK, Z_BUF_ERROR: throw .truncated
            case Z_MEM_ERROR: throw .memory
            default: throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
            }
        }
    }
}
