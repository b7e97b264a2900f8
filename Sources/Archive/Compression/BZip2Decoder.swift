import CBZip2

/// bzip2 by libbz2: any number of streams after each other.
final class BZip2Decoder: StreamDecoder {
    // libbz2 keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<bz_stream>
    private var isOpen = false
    private(set) var isComplete = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
    }

    deinit {
        if isOpen { BZ2_bzDecompressEnd(stream) }
        stream.deallocate()
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        guard isOpen || !input.isEmpty else { return 0 }
        if !isOpen {
            guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else { throw .memory }
            isOpen = true
        }
        let available = min(input.count, largestPiece)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self)
        )
        stream.pointee.avail_in = UInt32(available)
        let room = min(output.count, largestPiece)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(room)
        let status = BZ2_bzDecompress(stream)
        let used = available - Int(stream.pointee.avail_in)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(used))
        switch status {
        case BZ_OK:
            if used > 0 { isComplete = false }
        case BZ_STREAM_END:
            BZ2_bzDecompressEnd(stream)
            isOpen = false
            isComplete = true
        case BZ_MEM_ERROR: throw .memory
        case BZ_DATA_ERROR_MAGIC where isComplete: throw .trailingBytes
        default: throw .corrupt("libbz2 status \(status)")
        }
        return room - Int(stream.pointee.avail_out)
    }
}
