import SystemIO
import Testing

@Suite struct ReadBufferTests {
    /// Gives 1, 2, 3 … in pieces of at most 100,000 bytes, and ends after `size`.
    private struct Source {
        let size: Int
        var position = 0

        mutating func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(bytes.count, size - position, 100_000)
            for index in 0..<count { bytes[index] = UInt8(truncatingIfNeeded: position + index) }
            position += count
            return count
        }
    }

    @Test(arguments: [
        (0, Int64.max), (1, .max), (ReadBuffer.size * 2 + 7, .max), (300_000, 0), (300_000, 1), (300_000, 250_001),
    ])
    func handsOutWhatItReads(size: Int, limit: Int64) {
        var source = Source(size: size)
        var seen: [UInt8] = []
        let count = ReadBuffer().pass(
            atMost: limit,
            from: { source.read(into: $0) },
            to: { seen.append(contentsOf: $0) }
        )
        let wanted = min(Int64(size), limit)
        #expect(count == wanted && Int64(source.position) == wanted, "no byte too many is asked for")
        #expect(seen == (0..<Int(wanted)).map { UInt8(truncatingIfNeeded: $0) })
    }

    @Test func zerosAreZeros() {
        let buffer = ReadBuffer()
        buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        #expect(buffer.isZero(0) && buffer.isZero(1) && buffer.isZero(ReadBuffer.size))
        buffer.bytes[ReadBuffer.size - 1] = 1
        #expect(buffer.isZero(ReadBuffer.size - 1) && !buffer.isZero(ReadBuffer.size))
    }
}
