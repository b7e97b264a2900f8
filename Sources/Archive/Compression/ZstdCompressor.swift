import CZstd

/// Zstandard: one frame with a checksum (RFC 8878).
final class ZstdCompressor: StreamEncoder {
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private var consumed: Int64 = 0

    init(level: Int) throws(CompressionError) {
        guard let context = ZSTD_createCCtx() else { throw CompressionError(.memory, .zstd, at: 0) }
        self.context = context
        output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level)))
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
    }

    deinit {
        ZSTD_freeCCtx(context)
        output.deallocate()
    }

    func add(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        guard !bytes.isEmpty else { return }
        try run(bytes, ZSTD_e_continue, sink)
        consumed += Int64(bytes.count)
    }

    func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        try run(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, sink)
    }

    private func run(
        _ bytes: UnsafeRawBufferPointer,
        _ end: ZSTD_EndDirective,
        _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(CompressionError) {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var room = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let rest = try check(ZSTD_compressStream2(context, &room, &input, end))
            if room.pos > 0 { sink(UnsafeRawBufferPointer(rebasing: output[..<room.pos])) }
            if end == ZSTD_e_end ? rest == 0 : input.pos == input.size { return }
        }
    }

    @discardableResult
    private func check(_ status: Int) throws(CompressionError) -> Int {
        guard ZSTD_isError(status) == 0 else {
            throw CompressionError(.corrupt(String(cString: ZSTD_getErrorName(status))), .zstd, at: consumed)
        }
        return status
    }
}
