import CDeflate
import CZlib

/// One chunk of a stream, compressed on its own so that it can be put behind others.
///
/// libdeflate ends each stream it makes with a final block. To make one stream of many, the mark on that block is taken
/// off, and an empty stored block leads to the next byte (RFC 1951, section 3.2.4). Where the last block begins only
/// inflating tells: zlib stops at each block and says so. It checks on the way that as much comes out as went in. Mark
/// Adler's gzjoin does the same.
final class DeflateChunk {
    private let compressor: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    // zlib keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Room for chunks of up to `capacity` bytes.
    init(capacity: Int, level: Int) throws(CompressionError) {
        guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
            throw CompressionError(.memory, .gzip, at: 0)
        }
        self.compressor = compressor
        // The empty stored block needs up to six bytes more.
        let bound = libdeflate_deflate_compress_bound(compressor, capacity) + 8
        output = .allocate(byteCount: bound, alignment: 16)
        scratch = .allocate(byteCount: 64 << 10, alignment: 16)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        libdeflate_free_compressor(compressor)
        output.deallocate()
        scratch.deallocate()
        stream.deallocate()
    }

    /// Compresses a chunk; the bytes are valid until the next call.
    ///
    /// Throws when the library fails, or when what it made doesn't inflate to what it was given: a defect of the
    /// library or of the machine's memory.
    func compress(
        _ input: UnsafeRawBufferPointer,
        isLast: Bool
    ) throws(CompressionError) -> UnsafeRawBufferPointer {
        let room = output.count - 8
        let count = libdeflate_deflate_compress(compressor, input.baseAddress, input.count, output.baseAddress, room)
        guard count > 0 else { throw CompressionError(.corrupt("nothing was compressed"), .gzip, at: 0) }
        guard !isLast else { return UnsafeRawBufferPointer(rebasing: output[..<count]) }
        let (lastBlock, end) = try scan(count, expecting: input.count)
        output[lastBlock / 8] &= ~(1 << UInt8(lastBlock % 8))
        // Three zero bits are the empty block's header; the rest of their byte is zero, too.
        var place = (end + 3 + 7) / 8
        if place > count { output[count] = 0 }
        for byte: UInt8 in [0, 0, 0xFF, 0xFF] {
            output[place] = byte
            place += 1
        }
        return UnsafeRawBufferPointer(rebasing: output[..<place])
    }

    /// Finds the bits at which the last block begins, and behind which the stream has ended.
    private func scan(_ count: Int, expecting size: Int) throws(CompressionError) -> (lastBlock: Int, end: Int) {
        stream.pointee = z_stream()
        guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CompressionError(.memory, .gzip, at: 0)
        }
        defer { inflateEnd(stream) }
        stream.pointee.next_in = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        var lastBlock = 0
        var end = 0
        while true {
            stream.pointee.next_out = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(scratch.count)
            let status = inflate(stream, Z_BLOCK)
            // zlib.h, inflate: the low three bits count unused bits of the last byte, 128 tells a block's end, 64 the
            // last block.
            let type = stream.pointee.data_type
            let bit = 8 * Int(stream.pointee.total_in) - Int(type & 7)
            if status == Z_STREAM_END, Int(stream.pointee.total_out) == size { return (lastBlock, end) }
            guard status == Z_OK else { break }
            // Behind the last block zlib stops once more before it passes over the rest of the byte.
            if type & 128 != 0 {
                if type & 64 == 0 { lastBlock = bit } else { end = bit }
            }
        }
        throw CompressionError(
            .corrupt("what was compressed doesn't come out again"),
            .gzip,
            at: Int64(stream.pointee.total_in)
        )
    }
}
