import CLZMA

/// xz by liblzma: any number of streams with padding between them (The .xz File Format 1.1, section 2.2).
final class XZDecoder: StreamDecoder {
    private enum State: Equatable {
        case stream
        /// Behind a stream and so many bytes of padding, counted to four.
        case padding(Int)
    }

    // What `xz -9` needs is 65 MiB; more than twice that is not a container layer.
    static let memoryLimit: UInt64 = 160 << 20

    private let stream: UnsafeMutablePointer<lzma_stream>
    private var state = State.stream
    private var isFirst = true

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        guard Self.begin(stream) else { throw CompressionError(.memory, .xz, at: 0) }
    }

    private static func begin(_ stream: UnsafeMutablePointer<lzma_stream>) -> Bool {
        lzma_stream_decoder(stream, memoryLimit, 0) == LZMA_OK
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    var isComplete: Bool { state == .padding(0) }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        guard try beginStream(&input) else { return 0 }
        let (status, count) = stream.code(&input, into: output)
        switch status {
        case LZMA_OK, LZMA_BUF_ERROR: break
        case LZMA_STREAM_END: state = .padding(0)
        // The first bytes aren't those of a stream.
        case LZMA_FORMAT_ERROR where !isFirst: throw .trailingBytes
        case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw .memory
        default: throw .corrupt("liblzma status \(status.rawValue)")
        }
        return count
    }

    // Skips the padding behind a stream, and begins the one that follows; false where there is nothing to decode.
    private func beginStream(_ input: inout UnsafeRawBufferPointer) throws(CompressionError.Reason) -> Bool {
        guard case .padding(let count) = state else { return true }
        let rest = input.drop { $0 == 0 }
        state = .padding((count + input.count - rest.count) % 4)
        input = UnsafeRawBufferPointer(rebasing: rest)
        guard let first = input.first else { return false }
        // liblzma looks at a header once it has twelve bytes of it.
        guard state == .padding(0), first == 0xFD else { throw .trailingBytes }
        guard Self.begin(stream) else { throw .memory }
        (state, isFirst) = (.stream, false)
        return true
    }
}
