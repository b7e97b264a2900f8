import TestSupport

/// Headers of entries that GNU tar, libarchive and Go read in different ways (docs/layers.md, "The archive").
enum TamperedHeaders {
    static let all: [Trick] = records + names + sizes + fields

    private static let records: [Trick] = [
        Trick("two PAX headers before an entry", .ambiguous) {
            $0.add("p", "x", content: TarBuilder.record("path", text("etc/ca.pem")))
            $0.file("x", bundle, pax: [("uname", text("u"))])
        },
        Trick("a global header between a PAX header and its entry", .ambiguous) {
            $0.add("p", "x", content: TarBuilder.record("path", text("etc/ca.pem")))
            $0.add("g", "g", content: TarBuilder.record("comment", text("c")))
            $0.file("x", bundle)
        },
        Trick("a record that takes the path away", .ambiguous) { $0.file("x", bundle, pax: [("path", [])]) },
        Trick("a record that takes a link's target away", .ambiguous) {
            $0.add("x", "2", link: "etc", pax: [("linkpath", [])])
        },
        Trick("an attribute that libarchive alone reads", .ambiguous) {
            $0.file("x", bundle, pax: [("LIBARCHIVE.xattr.security.capability", text("AQ"))])
        },
        Trick("a name that GNU tar's sparse files alone have", .ambiguous) {
            $0.file("x", bundle, pax: [("GNU.sparse.name", text("usr/bin/agent"))])
        },
        Trick("star's size of a sparse file", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.realsize", text("5"))])
        },
    ]

    private static let names: [Trick] = [
        Trick("a long name, and another one by a record", .ambiguous) {
            $0.add("@LongLink", "L", content: text("etc/x\0"))
            $0.file("x", bundle, pax: [("path", text("usr/bin/agent"))])
        },
        Trick("a long link, and another one by a record", .ambiguous) {
            $0.add("@LongLink", "K", content: text("etc\0"))
            $0.add("x", "2", pax: [("linkpath", text("usr"))])
        },
        Trick("two long names", .ambiguous) {
            $0.add("@LongLink", "L", content: text("etc/x\0"))
            $0.add("@LongLink", "L", content: text("usr/bin/agent\0"))
            $0.file("x", bundle)
        },
    ]

    private static let sizes: [Trick] = [
        Trick("another size by a record", .ambiguous) {
            $0.add("x", "0", content: bundle, size: TarBuilder.octal(0, 11), pax: [("size", text("\(bundle.count)"))])
        },
        Trick("a symbolic link with a size", .ambiguous) {
            $0.add("x", "2", link: "etc", size: TarBuilder.octal(512, 11))
        },
        Trick("a sparse file in GNU tar's first form", .ambiguous) {
            let zero = "00000000000\0"
            $0.raw(header([(156, "S"), (257, "ustar  \0"), (386, zero), (398, zero), (483, zero)]))
        },
    ]

    private static let fields: [Trick] = [
        Trick("an owner of more than 32 bits", .ambiguous) { $0.file("x", bundle, pax: [("uid", text("4294967301"))]) },
        Trick("a group that means none", .ambiguous) { $0.file("x", bundle, pax: [("gid", text("4294967295"))]) },
        Trick("a directory's owner that means none", .ambiguous) {
            $0.add("usr/", "5", mode: 0o755, pax: [("uid", text("4294967295"))])
        },
        Trick("a file with a symbolic link's mode", .ambiguous) { $0.add("x", "0", content: bundle, mode: 0o120755) },
        Trick("a directory with a file's mode", .ambiguous) { $0.add("x/", "5", mode: 0o100755) },
        Trick("a prefix behind magic that only begins like ustar's", .ambiguous) {
            $0.raw(header([(257, "ustar 00"), (345, "usr/bin")]))
        },
        Trick("star's header without times", .ambiguous) {
            $0.raw(header([(257, "ustar\0" + "00"), (476, "zzzzzzzzzzz\0"), (508, "tar\0")]))
        },
    ]

    // The header of an empty file.
    private static func header(_ fields: [(Int, String)]) -> [UInt8] {
        TarBuilder.header { block in
            TarBuilder.put(text("agent"), at: 0, in: &block)
            TarBuilder.put(text("0000644"), at: 100, in: &block)
            for start in [108, 116] { TarBuilder.put(TarBuilder.octal(0, 7), at: start, in: &block) }
            for start in [124, 136] { TarBuilder.put(TarBuilder.octal(0, 11), at: start, in: &block) }
            block[156] = UInt8(ascii: "0")
            for (start, text) in fields { TarBuilder.put(self.text(text), at: start, in: &block) }
        }
    }

    private static let bundle = Trick.bundle
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
}
