/// Raw DEFLATE by libdeflate, with the CRC-32 of what went in: a gzip stream without its header and trailer.
package struct DeflateCompressor: ~Copyable {
    private let encoder: GzipCompressor

    /// Starts a stream.
    package init(level: Int) throws(CompressionError) {
        encoder = try GzipCompressor(level: level, isFramed: false)
    }

    /// Takes a piece; what comes out goes to `sink`, whose bytes are valid during the call.
    package mutating func add(
        _ bytes: UnsafeRawBufferPointer,
        _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(CompressionError) {
        try encoder.add(bytes, sink)
    }

    /// Ends the stream; gives the checksum.
    package mutating func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) -> UInt32 {
        try encoder.finish(sink)
        return encoder.crc
    }
}
