import CDeflate

/// gzip by libdeflate: one member, since naive readers stop behind the first (RFC 1952).
///
/// libdeflate compresses whole buffers only, so the stream is cut into chunks of a fixed size; no match reaches from
/// one chunk into another. The header has no name, no time, and `255` for the system.
final class GzipCompressor: StreamEncoder {
    /// Size of a chunk in bytes: large enough that the cuts cost less than a thousandth, small enough for any memory.
    static let chunkSize = 4 << 20

    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    private let chunk: DeflateChunk
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 4096)
    private var filled = 0
    /// The CRC-32 of what came in.
    private(set) var crc: UInt32 = 0
    private let isFramed: Bool
    private var size: UInt32 = 0
    private var isStarted = false

    /// `isFramed` says whether the header and the trailer are written; without them it is raw DEFLATE.
    init(level: Int, isFramed: Bool = true) throws(CompressionError) {
        self.isFramed = isFramed
        chunk = try DeflateChunk(capacity: Self.chunkSize, level: level)
    }

    deinit {
        input.deallocate()
    }

    func add(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        var rest = bytes
        while !rest.isEmpty {
            // A full chunk waits for more: the last one is compressed in another way.
            if filled == input.count { try flush(isLast: false, sink) }
            let count = min(rest.count, input.count - filled)
            UnsafeMutableRawBufferPointer(rebasing: input[filled..<filled + count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            filled += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        try flush(isLast: true, sink)
        guard isFramed else { return }
        let trailer = [crc.littleEndian, size.littleEndian]
        trailer.withUnsafeBytes(sink)
    }

    private func flush(isLast: Bool, _ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        if !isStarted, isFramed { Self.header.withUnsafeBytes(sink) }
        isStarted = true
        let bytes = UnsafeRawBufferPointer(rebasing: input[..<filled])
        crc = libdeflate_crc32(crc, bytes.baseAddress, bytes.count)
        // RFC 1952: the size is counted modulo 2^32.
        size &+= UInt32(truncatingIfNeeded: bytes.count)
        sink(try chunk.compress(bytes, isLast: isLast))
        filled = 0
    }
}
