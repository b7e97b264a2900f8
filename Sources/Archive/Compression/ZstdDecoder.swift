import CZstd

/// Zstandard by libzstd: any number of frames, skippable ones included.
final class ZstdDecoder: StreamDecoder {
    private let stream: OpaquePointer
    private(set) var isComplete = false

    init() throws(CompressionError) {
        guard let stream = ZSTD_createDStream() else { throw CompressionError(.memory, .zstd, at: 0) }
        self.stream = stream
        // 128 MiB, libzstd's own default and what its command line accepts without being asked.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        ZSTD_freeDStream(stream)
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let wasComplete = isComplete
        let status = ZSTD_decompressStream(stream, &target, &source)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(source.pos))
        guard ZSTD_isError(status) == 0 else {
            switch ZSTD_getErrorCode(status) {
            case ZSTD_error_frameParameter_windowTooLarge, ZSTD_error_memory_allocation: throw .memory
            case ZSTD_error_prefix_unknown where wasComplete: throw .trailingBytes
            default: throw .corrupt(String(cString: ZSTD_getErrorName(status)))
            }
        }
        // Called without input or output after a frame's end, the library asks for the next one: not a change.
        if source.pos > 0 || target.pos > 0 { isComplete = status == 0 }
        return target.pos
    }
}
