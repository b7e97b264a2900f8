import CLZMA

/// LZMA streams by liblzma: one, without a checksum.
final class LZMADecoder: StreamDecoder {
    private let stream: UnsafeMutablePointer<lzma_stream>
    private(set) var isComplete = false

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        guard lzma_alone_decoder(stream, XZDecoder.memoryLimit) == LZMA_OK else {
            throw CompressionError(.memory, .lzma, at: 0)
        }
    }

    deinit {
        lzma_end(stream)
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
        let (status, count) = stream.code(&input, into: output)
        switch status {
        case LZMA_OK, LZMA_BUF_ERROR: break
        case LZMA_STREAM_END: isComplete = true
        case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw .memory
        default: throw .corrupt("liblzma status \(status.rawValue)")
        }
        return count
    }
}

extension UnsafeMutablePointer<lzma_stream> {
    /// Moves some input to some output; says how much came out.
    func code(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> (status: lzma_ret, count: Int) {
        let available = input.count
        pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        pointee.avail_in = available
        pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        pointee.avail_out = output.count
        let status = lzma_code(self, LZMA_RUN)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(available - pointee.avail_in))
        return (status, output.count - pointee.avail_out)
    }
}
