import Archive
import TestSupport
import Testing

/// Entries that readers of tar archives in use take in different ways, and ordinary ones beside them.
@Suite struct TarOddityTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let oddities: TarOddities
        let build: @Sendable (inout TarBuilder) -> Void

        init(_ name: String, _ oddities: TarOddities, _ build: @escaping @Sendable (inout TarBuilder) -> Void) {
            testDescription = name
            self.oddities = oddities
            self.build = build
        }
    }

    private static func records(_ pairs: (String, String)...) -> [UInt8] {
        pairs.flatMap { TarBuilder.record($0.0, Array($0.1.utf8)) }
    }

    static let cases = [
        Case("a file", []) { $0.file("a", "x") },
        Case("a directory with a slash", []) { $0.directory("a") },
        Case("a directory of v7", []) { $0.add("a/", "\0") },
        Case("a file with a slash", .trailingSlash) { $0.add("a/", "0", content: [1]) },
        Case("a path once", []) { $0.file("b", [1], pax: [("path", Array("a".utf8))]) },
        Case("a path twice, the same", []) {
            $0.file("b", [1], pax: [("path", Array("a".utf8)), ("path", Array("a".utf8))])
        },
        Case("a path twice, differing", .repeatedRecord) {
            $0.file("b", [1], pax: [("path", Array("a".utf8)), ("path", Array("c".utf8))])
        },
        Case("two PAX headers", .repeatedHeader) {
            $0.add("p", "x", content: records(("path", "a")))
            $0.file("b", [1], pax: [("uname", Array("u".utf8))])
        },
        Case("a global header behind a PAX header", .repeatedHeader) {
            $0.add("p", "x", content: records(("path", "a")))
            $0.add("g", "g", content: records(("comment", "c")))
            $0.file("b", [1])
        },
        Case("a global header before a PAX header", []) {
            $0.add("g", "g", content: records(("comment", "c")))
            $0.file("b", [1], pax: [("path", Array("a".utf8))])
        },
        Case("a long name and the same PAX path", []) {
            $0.add("@LongLink", "L", content: Array("a\0".utf8))
            $0.file("b", [1], pax: [("path", Array("a".utf8))])
        },
        Case("a long name and another PAX path", .twoNames) {
            $0.add("@LongLink", "L", content: Array("c\0".utf8))
            $0.file("b", [1], pax: [("path", Array("a".utf8))])
        },
        Case("a long link and another PAX link", .twoNames) {
            $0.add("@LongLink", "K", content: Array("c\0".utf8))
            $0.add("b", "2", pax: [("linkpath", Array("a".utf8))])
        },
        Case("the same size twice", []) { $0.file("b", [1], pax: [("size", Array("1".utf8))]) },
        Case("two sizes", .twoSizes) {
            $0.add("b", "0", content: [1], size: TarBuilder.octal(0, 11), pax: [("size", Array("1".utf8))])
        },
        Case("a symbolic link with a size", .sizeWithoutContent) {
            $0.add("b", "2", link: "a", size: TarBuilder.octal(512, 11))
        },
        Case("an attribute in both ways", []) {
            $0.file("b", [1], pax: [("SCHILY.xattr.user.a b", [1]), ("LIBARCHIVE.xattr.user.a%20b", Array("AQ".utf8))])
        },
        Case("an attribute of libarchive alone", .foreignAttribute) {
            $0.file("b", [1], pax: [("LIBARCHIVE.xattr.user.a", Array("AQ".utf8))])
        },
        Case("a sparse name alone", .sparseName) { $0.file("b", [1], pax: [("GNU.sparse.name", Array("a".utf8))]) },
    ]

    @Test(arguments: cases) func isSeen(_ odd: Case) throws {
        var builder = TarBuilder()
        odd.build(&builder)
        var reader = TarReader(appliesGlobalHeaders: false)
        var last: TarEntry?
        try builder.archive.withUnsafeBytes { bytes in
            var input = bytes
            while let event = try reader.next(&input) {
                if case .entry(let entry) = event { last = entry }
            }
        }
        #expect(last?.oddities == odd.oddities)
        #expect(odd.oddities.isEmpty == odd.oddities.words.isEmpty)
    }
}
