import ContentAddress

/// A file cut where its content says so, so that equal stretches give equal pieces wherever they stand: how much of a
/// file stands in another one, too (content-defined chunking with a gear hash, as in FastCDC).
struct ContentChunks {
    private(set) var counts: [Chunk: Int] = [:]
    private(set) var size = 0

    struct Chunk: Hashable {
        let hash: UInt64
        let size: Int
    }

    private static let smallest = 512
    private static let largest = 16 << 10
    // Eleven bits of the hash decide: a piece has 2 KiB beyond the smallest on average. The upper bits depend on most
    // of the last 64 bytes.
    private static let mask: UInt64 = 0x7FF << 53

    // Any table of well-mixed numbers does; SplitMix64 makes one that needs no source.
    private static let gear: [UInt64] = {
        var state: UInt64 = 0x42_49_4E_44
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }()

    init(_ bytes: UnsafeRawBufferPointer) {
        size = bytes.count
        Self.gear.withUnsafeBufferPointer { gear in
            var start = 0
            while start < bytes.count {
                let end = Self.end(of: start, in: bytes, gear)
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                counts[Chunk(hash: Self.hash(piece), size: piece.count), default: 0] += 1
                start = end
            }
        }
    }

    private static func end(of start: Int, in bytes: UnsafeRawBufferPointer, _ gear: UnsafeBufferPointer<UInt64>) -> Int
    {
        var hash: UInt64 = 0
        let limit = min(bytes.count, start + largest)
        var position = start
        while position < limit {
            hash = (hash << 1) &+ gear[Int(bytes[position])]
            position += 1
            if hash & mask == 0, position - start >= smallest { return position }
        }
        return limit
    }

    // Two pieces of one size and hash count as equal: this measures similarity, and proves nothing.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        var position = 0
        while position + 8 <= bytes.count {
            value = (value ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
            value ^= value >> 32
            position += 8
        }
        while position < bytes.count {
            value = (value ^ UInt64(bytes[position])) &* 0x100_0000_01B3
            position += 1
        }
        return value
    }

    /// How many of this file's bytes stand in another one, too, in thousandths.
    func share(in other: ContentChunks) -> Int {
        guard size > 0 else { return 0 }
        let common = counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) * $1.key.size }
        return common * 1000 / size
    }
}
