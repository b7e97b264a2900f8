import Glibc

/// Memory that one thread fills and another reads, in turn; who may touch it is settled by the caller.
package final class ReadBuffer: Sendable {
    /// 256 KiB: stays in the second-level cache, so that what was read is hashed and written from there.
    package static let size = 256 * 1024

    package nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    package init() {
        bytes = .allocate(byteCount: Self.size, alignment: 4096)
    }

    deinit {
        bytes.deallocate()
    }

    /// The first bytes.
    package func prefix(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<count]) }

    /// Whether the first bytes, up to `count`, are all 0: where a file has holes.
    package func isZero(_ count: Int) -> Bool {
        guard count > 0, let start = bytes.baseAddress, bytes[0] == 0 else { return count == 0 }
        // Each byte equals its successor, and the first is 0.
        return memcmp(start, start + 1, count - 1) == 0
    }

    /// Hands out what `read` puts into the memory that it is given, piece by piece, until that is nothing.
    ///
    /// Asks for no more than `limit` bytes; gives their number.
    @discardableResult
    package func pass<Failure: Error>(
        atMost limit: Int64 = .max,
        from read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int,
        to body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) -> Int64 {
        var passed: Int64 = 0
        while passed < limit {
            let wanted = Int(min(limit - passed, Int64(bytes.count)))
            let count = try read(UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]))
            guard count > 0 else { break }
            try body(prefix(count))
            passed += Int64(count)
        }
        return passed
    }
}
