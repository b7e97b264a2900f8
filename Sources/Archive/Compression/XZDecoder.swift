import CLZMA

/// xz by liblzma: any number of streams with padding between them.
final class XZDecoder: StreamDecoder {
    // What `xz -9` needs is 65 MiB; more than twice that is not a container layer.
    private static let memoryLimit: UInt64 = 160 << 20

    // LZMA_CONCATENATED, a macro that Swift does not import.
    private static let concatenated: UInt32 = 0x08

    private let stream: UnsafeMutablePointer<lzma_stream>
    private var atEnd = false

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        let status = lzma_stream_decoder(stream, Self.memoryLimit, Self.concatenated)
        guard status == LZMA_OK else { throw CompressionError(.memory, .xz, at: 0) }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    // With LZMA_CONCATENATED only the end of all input tells whether the last stream is whole: ask, with nothing more.
    var isComplete: Bool {
        if atEnd { return true }
        var spare: UInt8 = 0
        return withUnsafeMutablePointer(to: &spare) { spare in
            stream.pointee.next_in = nil
            stream.pointee.avail_in = 0
            stream.pointee.next_out = spare
            stream.pointee.avail_out = 1
            atEnd = lzma_code(stream, LZMA_FINISH) == LZMA_STREAM_END
            return atEnd
        }
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        let available = input.count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = available
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(available - stream.pointee.avail_in))
        switch status {
        case LZMA_OK, LZMA_BUF_ERROR, LZMA_STREAM_END: break
        case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw .memory
        default: throw .corrupt("liblzma status \(status.rawValue)")
        }
        return output.count - stream.pointee.avail_out
    }
}
