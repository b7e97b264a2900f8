import Archive
import TestSupport
import Testing

/// Archives that no honest program writes: each gives one error with its place, and none traps.
@Suite struct TarDamageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: TarError
        let archive: [UInt8]

        init(_ name: String, _ reason: TarError.Reason, at offset: Int64 = 0, _ build: (inout TarBuilder) -> Void) {
            testDescription = name
            error = TarError(reason, at: offset)
            var builder = TarBuilder()
            build(&builder)
            archive = builder.archive
        }
    }

    static let full: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    static let cases: [Case] = [
        Case("a negative size in base 256", .size(-1)) { $0.add("a", "0", size: full) },
        Case("a size that fills 64 bits", .size(.max)) {
            $0.add("a", "0", size: [0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        },
        Case("a size beyond 64 bits", .number(field: "size")) {
            $0.add("a", "0", size: [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        },
        Case("a size that is not an octal number", .number(field: "size")) {
            $0.add("a", "0", size: Array("9999".utf8))
        },
        Case("a negative PAX size", .size(-5)) { $0.file("a", [], pax: [("size", Array("-5".utf8))]) },
        Case("a PAX size beyond 64 bits", .number(field: "size")) {
            $0.file("a", [], pax: [("size", Array("9223372036854775808".utf8))])
        },
        Case("a wrong checksum", .checksum) { $0.raw([UInt8](repeating: 0x41, count: 512)) },
        Case("a lone block of zeros", .loneZeroBlock, at: 512) {
            $0.file("a", [])
            $0.raw([UInt8](repeating: 0, count: 512))
            $0.file("b", [])
        },
        Case("a NUL in a PAX path", .name(field: "path"), at: 512) {
            $0.file("a", [], pax: [("path", [0x61, 0, 0x62])])
        },
        Case("a PAX record longer than the header", .paxRecord, at: 512) {
            $0.add("x", "x", content: Array("99 path=a\n".utf8))
        },
        Case("a PAX record without a newline", .paxRecord, at: 512) {
            $0.add("x", "x", content: Array("9 path=aa".utf8))
        },
        Case("a PAX record of length 0", .paxRecord, at: 512) { $0.add("x", "x", content: Array("0 a=b\n".utf8)) },
        Case("a PAX header of 2 MiB", .extensionTooLarge(2 << 20)) {
            $0.add("x", "x", size: TarBuilder.octal(2 << 20, 11))
        },
        Case("a long name of 8 GiB", .extensionTooLarge(8 << 30 - 1)) {
            $0.add("x", "L", size: TarBuilder.octal(8 << 30 - 1, 11))
        },
        Case("a path of 5,000 directories", .name(field: "path")) {
            $0.file(String(repeating: "a/", count: 5_000) + "b", [])
        },
        Case("overlapping sparse extents", .sparseMap) {
            $0.file("a", [1, 2], pax: sparse("0,1,0,1", blocks: 2, size: 10))
        },
        Case("a sparse extent past the end", .sparseMap) {
            $0.file("a", [1], pax: sparse("10,1", blocks: 1, size: 10))
        },
        Case("a sparse extent that overflows", .sparseMap) {
            $0.file("a", [1], pax: sparse("9223372036854775807,9223372036854775807", blocks: 1, size: 10))
        },
        Case("sparse extents that don't add up", .sparseMap) {
            $0.file("a", [1], pax: sparse("0,2", blocks: 1, size: 10))
        },
        Case("a sparse file with more blocks than listed", .sparseMap) {
            $0.file("a", [1], pax: sparse("0,1", blocks: 4_000_000_000, size: 10))
        },
        Case("a sparse directory", .sparseMap) { $0.add("a", "5", pax: sparse("0,0", blocks: 1, size: 10)) },
        Case("a sparse map of format 1.0 longer than the file", .sparseMap) {
            $0.file(
                "a",
                Array("500\n1\n".utf8),
                pax: [
                    ("GNU.sparse.major", Array("1".utf8)), ("GNU.sparse.minor", Array("0".utf8)),
                    ("GNU.sparse.realsize", Array("10".utf8)),
                ]
            )
        },
        Case("an end inside a PAX header", .truncated, at: 512) {
            $0.add("x", "x", content: Array("10 path=a\n".utf8))
            $0.raw([])
        },
    ]

    static func sparse(_ map: String, blocks: Int64, size: Int) -> [(String, [UInt8])] {
        [("GNU.sparse.map", map), ("GNU.sparse.numblocks", "\(blocks)"), ("GNU.sparse.size", "\(size)")].map {
            ($0.0, Array($0.1.utf8))
        }
    }

    @Test(arguments: cases)
    func eachDamageIsOneErrorWithItsPlace(damage: Case) {
        for pieces in [1, 512, 100_000] {
            let error = #expect(throws: TarError.self) { try Listing.of(damage.archive, pieces: pieces) }
            #expect(error?.reason == damage.error.reason)
            if case .truncated = damage.error.reason { continue }
            #expect(error?.offset == damage.error.offset)
        }
    }

    private static let sample: [UInt8] = {
        var builder = TarBuilder()
        builder.directory("usr")
        builder.file("usr/tool", [UInt8](repeating: 7, count: 1300), pax: [("path", Array("usr/tool2".utf8))])
        builder.file(String(repeating: "long/", count: 40) + "name", [1, 2, 3])
        builder.file("s", [1, 2], pax: sparse("0,1,5,1", blocks: 2, size: 10))
        return builder.archive
    }()

    @Test func anArchiveCutShortIsTruncatedExceptBehindAnEntrysContent() throws {
        let whole = try Listing.of(Self.sample)
        var accepted = 0
        for count in 0..<Self.sample.count {
            do {
                let lines = try Listing.of(Array(Self.sample.prefix(count)), pieces: 512)
                #expect(Array(whole.prefix(lines.count)) == lines)
                accepted += 1
            } catch let error as TarError {
                #expect(error.reason == .truncated)
                #expect(error.offset == count)
            }
        }
        // Between the entries (before the first, after each of the four, and within the end), and in the padding of the
        // three that have content, which umoci leaves out at the end.
        #expect(accepted == 6 + 236 + 509 + 510)
    }

    @Test func anySingleDamagedByteIsReadOrRefusedWithoutATrap() {
        var refused = 0
        for position in Self.sample.indices {
            for value: UInt8 in [0x00, 0xFF] {
                var damaged = Self.sample
                damaged[position] = value
                do { _ = try Listing.of(damaged, pieces: 4096) } catch { refused += 1 }
            }
        }
        #expect(refused > 500)
    }

    @Test func aDamagedReaderStaysDamaged() {
        var reader = TarReader()
        let bytes = [UInt8](repeating: 0x41, count: 512)
        bytes.withUnsafeBytes { bytes in
            for _ in 0..<2 {
                var input = bytes
                #expect(throws: TarError(.checksum, at: 0)) { try reader.next(&input) }
            }
        }
    }
}
