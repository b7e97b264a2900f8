import CZlib

/// gzip by zlib: any number of members, each with its header, checksum and length checked (RFC 1952), and zeros after
/// the last one, which tape-minded writers leave.
final class GzipDecoder: StreamDecoder {
    private enum State {
        case member
        case betweenMembers
        case trailingZeros
    }

    // zlib keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.member

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 adds gzip framing to the largest window.
        let windowBits = MAX_WBITS + 16
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw CompressionError(.memory, .gzip, at: 0) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var isComplete: Bool { state != .member }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int {
        guard try beginMember(&input) else { return 0 }
        let (count, isComplete) = try stream.code(&input, into: output)
        if isComplete { state = .betweenMembers }
        return count
    }

    // Decides what comes after a member: a further one, or zeros to the end. False when there is nothing to inflate.
    private func beginMember(_ input: inout UnsafeRawBufferPointer) throws(CompressionError.Reason) -> Bool {
        if state == .member { return true }
        guard let first = input.first else { return false }
        if state == .betweenMembers, first != 0 {
            guard first == 0x1F else { throw .trailingBytes }
            inflateReset(stream)
            state = .member
            return true
        }
        state = .trailingZeros
        input = UnsafeRawBufferPointer(rebasing: input.drop { $0 == 0 })
        guard input.isEmpty else { throw .trailingBytes }
        return false
    }
}
