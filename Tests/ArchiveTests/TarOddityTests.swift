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

    /// A file with other bytes in places of its header.
    private static func patched(_ builder: inout TarBuilder, _ fields: [Int: String]) {
        var file = TarBuilder()
        file.add("a", "0")
        var header = file.bytes
        for (start, text) in fields { header.replaceSubrange(start..<(start + text.utf8.count), with: text.utf8) }
        header.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = header.prefix(512).reduce(0) { $0 + Int($1) }
        TarBuilder.put(TarBuilder.octal(sum, 6) + [0], at: 148, in: &header)
        builder.raw(header)
    }

    private static func listed(_ words: String, _ oddities: TarOddities, _ list: String) -> Case {
        Case("an access control list: \(words)", oddities) {
            $0.file("a", [], pax: [("SCHILY.acl.access", Array(list.utf8))])
        }
    }

    static let cases = [
        Case("a file", []) { $0.file("a", "x") },
        Case("a directory with a slash", []) { $0.directory("a") },
        Case("a directory of v7", []) { patched(&$0, [0: "a/", 156: "\0", 257: "\0\0\0\0\0\0\0\0"]) },
        Case("v7's type in another dialect", .oldType) { $0.add("a/", "\0") },
        Case("a directory of v7 by a record's name alone", .oldType) {
            $0.add("p", "x", content: records(("path", "a/")))
            patched(&$0, [156: "\0", 257: "\0\0\0\0\0\0\0\0"])
        },
        Case("a file with a slash", .trailingSlash) { $0.add("a/", "0", content: [1]) },
        Case("a sparse file whose own name has a slash", [.trailingSlash, .sparse]) {
            let pairs = [
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "a/"),
                ("GNU.sparse.realsize", "0"),
            ]
            let map = Array("0\n".utf8) + Array(repeating: 0, count: 510)
            $0.file("b", map, pax: pairs.map { ($0.0, Array($0.1.utf8)) })
        },
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
        Case("a long name behind a PAX header", .mixedHeaders) {
            $0.add("p", "x", content: records(("size", "1")))
            $0.add("@LongLink", "L", content: Array("c\0".utf8))
            $0.file("b", [1])
        },
        Case("a long name of nothing", .emptyRecord) {
            $0.add("@LongLink", "L", content: [])
            $0.file("b", [1])
        },
        Case("a long link of nothing", .emptyRecord) {
            $0.add("@LongLink", "K", content: [0])
            $0.add("b", "2", link: "a")
        },
        Case("a key behind blanks", .unclearKey) { $0.file("b", [1], pax: [(" path", Array("a".utf8))]) },
        Case("a key behind a blank of another kind", .unclearKey) {
            $0.file("b", [1], pax: [("\tsize", Array("9".utf8))])
        },
        Case("a name of two dots within", .parentInName) { $0.file("c/../b", [1]) },
        Case("a name of two dots at the end", .parentInName) { $0.directory("c/..") },
        Case("names that begin and end with dots", []) { $0.file("..c/d../...", [1]) },
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
        Case("an attribute in two ways that differ", .foreignAttribute) {
            $0.file("b", [1], pax: [("SCHILY.xattr.user.a", [1]), ("LIBARCHIVE.xattr.user.a", Array("Ag".utf8))])
        },
        Case("an attribute in both ways, padded", []) {
            let pax = [
                ("SCHILY.xattr.user.a", Array("ab?>".utf8)), ("LIBARCHIVE.xattr.user.a", Array("YWI/Pg==".utf8)),
            ]
            $0.file("b", [1], pax: pax)
        },
        Case("Solaris' map of holes", .looseSparseRecords) {
            $0.file("b", [1], pax: [("SUN.holesdata", Array(" 0 1".utf8))])
        },
        Case("GNU tar's map of holes for a file without", .looseSparseRecords) {
            patched(&$0, [257: "ustar  \0", 386: "00000000000\0", 398: "00000000005\0"])
        },
        Case("a sparse name alone", .looseSparseRecords) {
            $0.file("b", [1], pax: [("GNU.sparse.name", Array("a".utf8))])
        },
        Case("a sparse format without its minor number", .looseSparseRecords) {
            $0.file("b", [1], pax: [("GNU.sparse.major", Array("1".utf8))])
        },
        Case("star's size of a sparse file", .looseSparseRecords) {
            $0.file("b", [1], pax: [("SCHILY.realsize", Array("5".utf8))])
        },
        Case("an empty path", .emptyRecord) { $0.file("b", [1], pax: [("path", [])]) },
        Case("an empty size", .emptyRecord) { $0.file("b", [1], pax: [("size", [])]) },
        Case("an empty comment", []) { $0.file("b", [1], pax: [("comment", [])]) },
        Case("a file with the mode of one", []) { $0.add("b", "0", mode: 0o100755) },
        Case("a hard link with the mode of a file", []) { $0.add("b", "1", link: "a", mode: 0o100755) },
        Case("a hard link with the mode of a symbolic link", []) { $0.add("b", "1", link: "a", mode: 0o120777) },
        Case("a directory with the mode of one", []) { $0.add("b/", "5", mode: 0o040755) },
        Case("a file with the mode of a link", .typeInMode) { $0.add("b", "0", mode: 0o120755) },
        Case("a directory with the mode of a file", .typeInMode) { $0.add("b/", "5", mode: 0o100755) },
        Case("a prefix of ustar", []) { patched(&$0, [345: "usr"]) },
        Case("a prefix in GNU tar's header", .unclearPrefix) { patched(&$0, [257: "ustar  \0", 345: "usr"]) },
        Case("a prefix of ustar that is a slash", .unclearPrefix) { patched(&$0, [345: "/"]) },
        Case("a number behind a NUL", .unclearNumber) { patched(&$0, [124: "\0000000005\0"]) },
        Case("a number on both sides of a NUL", .unclearNumber) { patched(&$0, [108: "000\0001\0"]) },
        Case("a number behind blanks", []) { patched(&$0, [108: "     0\0 "]) },
        Case("no name, and bytes where readers sum none", .unclearHeader) {
            $0.add("p", "x", content: records(("path", "a")))
            patched(&$0, [0: "\0", 504: "x"])
        },
        Case("no name", []) {
            $0.add("p", "x", content: records(("path", "a")))
            patched(&$0, [0: "\0"])
        },
        Case("times in GNU tar's header", .timesForPrefix) { patched(&$0, [257: "ustar  \0", 345: "00000000000\0"]) },
        Case("a prefix behind another magic that begins like ustar's", .unclearPrefix) {
            patched(&$0, [257: "ustar 00", 345: "usr"])
        },
        Case("a prefix in a header of v7", .unclearPrefix) { patched(&$0, [257: "\0\0\0\0\0\0\0\0", 345: "usr"]) },
        Case("a prefix of star's without an end", .unclearPrefix) {
            patched(
                &$0,
                [345: String(repeating: "p", count: 131), 476: "00000000000\0", 488: "00000000000\0", 508: "tar\0"]
            )
        },
        listed("the mode once more", [], "user::rw-,user:lisa:rwx:502,group::r--,group:x:rwx,mask::rwx,other::r--"),
        listed("the mode once more, in lines", [], "user::rw-\ngroup::r--\nother::r--\n"),
        listed("another owner's mode", .otherMetadata, "user::rwx,group::r--,other::r--"),
        listed("another group's mode", .otherMetadata, "user::rw-,group::rw-,other::r--"),
        listed("another mode of others", .otherMetadata, "user::rw-,group::r--,other::---"),
        listed("names that nobody knows", .otherMetadata, "u::rw-,group::r--,other::r--"),
        listed("letters that are none", .otherMetadata, "user::rw?,group::r--,other::r--"),
        listed("too few fields", .otherMetadata, "user"),
        Case("a device's number in a record", .otherMetadata) {
            $0.add("a", "3", pax: [("SCHILY.devminor", Array("5".utf8))], device: (1, 3))
        },
        Case("a device's number in a file's record", []) {
            $0.file("a", [], pax: [("SCHILY.devmajor", Array("5".utf8))])
        },
        Case("star's header without times", .unclearPrefix) { patched(&$0, [476: "zzzzzzzzzzz\0", 508: "tar\0"]) },
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
