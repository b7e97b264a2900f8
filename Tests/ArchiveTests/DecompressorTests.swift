import Archive
import Foundation
import TestSupport
import Testing

/// Streams by the formats' own programs, whole, joined, padded, cut and damaged.
@Suite struct DecompressorTests {
    static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }

    static func decompress(
        _ compression: Compression,
        _ bytes: [UInt8],
        pieces: Int,
        room: Int = 10_000
    ) throws -> [UInt8] {
        var decompressor = try Decompressor(compression)
        var output = [UInt8](repeating: 0, count: room)
        var result: [UInt8] = []
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                var input = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)])
                while true {
                    let count = try output.withUnsafeMutableBytes { try decompressor.decompress(&input, into: $0) }
                    guard count > 0 else { break }
                    result += output[..<count]
                }
                #expect(input.isEmpty)
            }
        }
        try decompressor.finish()
        return result
    }

    static func compress(_ commands: String) throws -> [UInt8] {
        try withTemporaryDirectory { directory in
            try Data(content).write(to: URL(fileURLWithPath: directory + "/f"))
            return try Shell.run("split -n 2 f half-; { \(commands); }", in: directory).output
        }
    }

    @Test(arguments: [
        ("gzip", Compression.gzip, "gzip -c f"),
        ("gzip without a name", .gzip, "gzip -9nc f"),
        ("gzip by Python, with all header fields", .gzip, allFields),
        ("gzip in two members", .gzip, "gzip -c half-aa; gzip -1c half-ab"),
        ("gzip padded with zeros", .gzip, "gzip -c f; head -c 5000 /dev/zero"),
        ("zstd", .zstd, "zstd -qc f"),
        ("zstd with a long window", .zstd, "zstd -q --ultra -22 -c f"),
        ("zstd in two frames", .zstd, "zstd -qc half-aa; zstd -qc half-ab"),
        ("zstd after a skippable frame", .zstd, #"printf '\x5a\x2a\x4d\x18\x03\x00\x00\x00abc'; zstd -qc f"#),
        ("bzip2", .bzip2, "bzip2 -c f"),
        ("bzip2 in two streams", .bzip2, "bzip2 -c half-aa; bzip2 -c half-ab"),
        ("xz", .xz, "xz -c f"),
        ("xz in two streams", .xz, "xz -c half-aa; xz -c half-ab"),
        ("xz with padding", .xz, "xz -c half-aa; head -c 8 /dev/zero; xz -c half-ab; head -c 4 /dev/zero"),
        ("none", .none, "cat f"),
    ])
    func readsWhatTheFormatsOwnProgramsWrite(label: String, compression: Compression, commands: String) throws {
        let bytes = try Self.compress(commands)
        #expect(Compression(detecting: bytes.prefix(Compression.prefixLength)) == compression)
        for pieces in [17, 4096, bytes.count] {
            #expect(try Self.decompress(compression, bytes, pieces: pieces) == Self.content, "pieces of \(pieces)")
        }
        #expect(try Self.decompress(compression, bytes, pieces: 4096, room: 100) == Self.content)
    }

    @Test("an LZMA stream is known in archives only, and read to its end", arguments: ["", " --lzma1=dict=64KiB,lc=3"])
    func lzma(options: String) throws {
        let bytes = try Self.compress("xz --format=lzma -c\(options) f")
        #expect(Compression(detecting: bytes) == .none)
        #expect(Compression(detectingInArchive: bytes.prefix(Compression.archivePrefixLength)) == .lzma)
        for pieces in [1, 17, 4096, bytes.count] {
            #expect(try Self.decompress(.lzma, bytes, pieces: pieces) == Self.content, "pieces of \(pieces)")
        }
        #expect(try Self.decompress(.lzma, bytes, pieces: 4096, room: 100) == Self.content)
        for count in [1, 13, 20, bytes.count / 2, bytes.count - 1] {
            let error = #expect(throws: CompressionError.self) {
                try Self.decompress(.lzma, Array(bytes.prefix(count)), pieces: 4096)
            }
            #expect(error?.reason == .truncated, "after \(count) bytes")
        }
        for pieces in [1, 4096] {
            let error = #expect(throws: CompressionError.self) {
                try Self.decompress(.lzma, bytes + Array("rubbish".utf8), pieces: pieces)
            }
            #expect(error?.reason == .trailingBytes)
        }
        // A tar archive may begin with a file of this name, and a text with this letter.
        #expect(Compression(detectingInArchive: Array("]".utf8) + [UInt8](repeating: 0, count: 511)) == .none)
        #expect(Compression(detectingInArchive: Array("] is a bracket, no stream".utf8)) == .none)
    }

    static let allFields = #"""
        python3 -c "
        import sys, zlib, struct
        d = open('f', 'rb').read()
        h = bytes([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3]) + struct.pack('<H', 4) + b'ABCD' + b'name\0' + b'remark\0'
        h += struct.pack('<H', zlib.crc32(h) & 0xffff)
        c = zlib.compressobj(6, zlib.DEFLATED, -15)
        sys.stdout.buffer.write(h + c.compress(d) + c.flush() + struct.pack('<II', zlib.crc32(d), len(d)))
        "
        """#

    @Test(arguments: [
        (Compression.gzip, "gzip -c f"), (.zstd, "zstd -qc f"), (.bzip2, "bzip2 -c f"), (.xz, "xz -c f"),
    ])
    func aStreamCutShortIsTruncated(compression: Compression, command: String) throws {
        let bytes = try Self.compress(command)
        for count in [1, 5, 20, bytes.count / 2, bytes.count - 1] {
            let error = #expect(throws: CompressionError.self) {
                try Self.decompress(compression, Array(bytes.prefix(count)), pieces: 4096)
            }
            #expect(error?.reason == .truncated, "after \(count) bytes")
        }
    }

    @Test(arguments: [
        (Compression.gzip, "gzip -c f"), (.zstd, "zstd -qc --check f"), (.bzip2, "bzip2 -c f"), (.xz, "xz -c f"),
    ])
    func aFlippedBitIsFound(compression: Compression, command: String) throws {
        let bytes = try Self.compress(command)
        for place in [bytes.count / 3, bytes.count / 2, bytes.count - 12] {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: CompressionError.self) { try Self.decompress(compression, damaged, pieces: 4096) }
        }
    }

    @Test(arguments: [
        (Compression.gzip, "gzip -c f; printf rubbish"), (.gzip, "gzip -c f; head -c 9 /dev/zero; printf x"),
        (.zstd, "zstd -qc f; printf rubbish"), (.bzip2, "bzip2 -c f; printf rubbish"), (.xz, "xz -c f; printf rubbish"),
        (.xz, "xz -c f; head -c 3 /dev/zero; xz -c f"), (.xz, "xz -c f; head -c 4 /dev/zero; printf x"),
    ])
    func bytesAfterTheEndAreAnError(compression: Compression, commands: String) throws {
        let bytes = try Self.compress(commands)
        for pieces in [1, 4096] {
            let error = #expect(throws: CompressionError.self) {
                try Self.decompress(compression, bytes, pieces: pieces)
            }
            if compression == .xz { #expect(error?.reason == .trailingBytes) }
        }
    }

    @Test func aBombIsHeldInTheOutputBufferOnly() throws {
        let bytes = try withTemporaryDirectory {
            try Shell.run("head -c 100M /dev/zero | gzip -1 | gzip -9", in: $0).output
        }
        let once = try Self.decompress(.gzip, bytes, pieces: 4096)
        var decompressor = try Decompressor(.gzip)
        var total = 0
        var output = [UInt8](repeating: 0, count: 65_536)
        try once.withUnsafeBytes { bytes in
            var input = bytes
            while true {
                let count = try output.withUnsafeMutableBytes { try decompressor.decompress(&input, into: $0) }
                guard count > 0 else { break }
                total += count
            }
        }
        try decompressor.finish()
        #expect(total == 100 << 20)
    }
}
