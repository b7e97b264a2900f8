import Archive
import Testing

@Suite struct StreamCompressorTests {
    private static func compress(_ bytes: [UInt8], _ recipe: CompressionRecipe, piece: Int) throws -> [UInt8] {
        var compressor = try StreamCompressor(recipe)
        var output: [UInt8] = []
        try bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + piece)
                try compressor.add(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { output += $0 }
                start = end
            }
        }
        try compressor.finish { output += $0 }
        return output
    }

    private static func decompress(_ bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
        var decompressor = try Decompressor(compression)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes
            while true {
                let count = try buffer.withUnsafeMutableBytes { try decompressor.decompress(&rest, into: $0) }
                guard count > 0 else { break }
                result += buffer[..<count]
            }
        }
        try decompressor.finish()
        return result
    }

    // Text-like, noise, and runs: blocks of all three kinds.
    private static func sample(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            switch index / 100_000 % 3 {
            case 0: return UInt8(truncatingIfNeeded: state >> 33) % 20 + 97
            case 1: return UInt8(truncatingIfNeeded: state >> 40)
            default: return 0
            }
        }
    }

    @Test(arguments: [0, 1, 1000, 4 << 20, (4 << 20) + 1, 8_500_000])
    func gzipIsOneMemberThatComesOutAgain(size: Int) throws {
        let bytes = Self.sample(size)
        let compressed = try Self.compress(bytes, .gzip(level: 2), piece: 1 << 20)
        #expect(Array(compressed.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
        #expect(try Self.decompress(compressed, .gzip) == bytes)
    }

    @Test(arguments: [CompressionRecipe.none, .gzip(level: 1), .gzip(level: 6), .zstd(level: 3)])
    func thePiecesDontMatter(recipe: CompressionRecipe) throws {
        let bytes = Self.sample(5_000_000)
        let whole = try Self.compress(bytes, recipe, piece: bytes.count)
        #expect(try Self.compress(bytes, recipe, piece: 77_777) == whole)
        let compression: Compression =
            switch recipe {
            case .none: .none
            case .gzip: .gzip
            case .zstd: .zstd
            }
        #expect(try Self.decompress(whole, compression) == bytes)
    }

    @Test func namesTellLibraryAndLevel() {
        #expect(CompressionRecipe.standard.name.hasPrefix("gzip/libdeflate-1."))
        #expect(CompressionRecipe.zstd(level: 3).name.hasSuffix("/level-3"))
    }
}
