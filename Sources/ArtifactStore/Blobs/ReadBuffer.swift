import Glibc

/// Memory that one thread fills and another reads, in turn; who may touch it is settled by the caller.
final class ReadBuffer: Sendable {
    /// 256 KiB: stays in the second-level cache, so that what was read is hashed and written from there.
    static let size = 256 * 1024

    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init() {
        bytes = .allocate(byteCount: Self.size, alignment: 4096)
    }

    deinit {
        bytes.deallocate()
    }

    /// Whether the first bytes, up to `count`, are all 0: where a file has holes.
    func isZero(_ count: Int) -> Bool {
        guard count > 0, let start = bytes.baseAddress, bytes[0] == 0 else { return count == 0 }
        // Each byte equals its successor, and the first is 0.
        return memcmp(start, start + 1, count - 1) == 0
    }
}
