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
        Trick("a path by a record with a blank before its key", .ambiguous) {
            $0.file("usr/x", bundle, pax: [(" path", text("usr/bin/agent"))])
        },
        Trick("an attribute whose two forms differ", .ambiguous) {
            let name = "security.capability"
            $0.file("x", bundle, pax: [("SCHILY.xattr." + name, [1]), ("LIBARCHIVE.xattr." + name, text("Ag"))])
        },
        Trick("a map of holes that Go doesn't know", .ambiguous) {
            $0.file("x", bundle, pax: [("SUN.holesdata", text(" 0 5 9"))])
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
        Trick("an archive in a long name behind a size", .ambiguous) {
            var hidden = TarBuilder()
            hidden.add("usr/x\0", "0", content: bundle)
            $0.add("p", "x", content: TarBuilder.record("size", text("0")))
            $0.add("@LongLink", "L", content: text("usr/\0") + hidden.bytes)
            $0.add("x", "5", mode: 0o755)
        },
        Trick("a long name of nothing", .ambiguous) {
            $0.add("@LongLink", "L", content: [0])
            $0.file("x", bundle)
        },
        Trick("a name through a directory that isn't there, and back", .ambiguous) { $0.file("bin/../x", bundle) },
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
        Trick("a size behind a NUL", .ambiguous) { $0.raw(header([(124, "\0" + "0000000000")])) },
        Trick("a sparse file by records", .ambiguous) {
            let size = bundle.count
            $0.file(
                "x",
                bundle,
                pax: [
                    ("GNU.sparse.map", text("0,\(size)")), ("GNU.sparse.numblocks", text("1")),
                    ("GNU.sparse.size", text("\(size)")),
                ]
            )
        },
        Trick("a sparse file's fields for a file that isn't", .ambiguous) {
            $0.raw(header([(257, "ustar  \0"), (386, "00000000000\0"), (398, "00000000001\0")]))
        },
        Trick("a sparse file in GNU tar's first form", .ambiguous) {
            let zero = "00000000000\0"
            $0.raw(header([(156, "S"), (257, "ustar  \0"), (386, zero), (398, zero), (483, zero)]))
        },
    ]

    private static let fields: [Trick] = [
        Trick("an access control list with fewer permissions than the mode", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.acl.access", text("user::---,group::---,other::---"))])
        },
        Trick("an access control list that not every reader understands", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.acl.access", text("u::rw-,g::r--,o::r--"))])
        },
        Trick("a device's number by a record", .ambiguous) {
            $0.add("x", "3", pax: [("SCHILY.devminor", text("5"))], device: (1, 3))
        },
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
        Trick("a prefix in v7's header, which Python takes", .ambiguous) {
            $0.raw(header([(257, String(repeating: "\0", count: 8)), (345, "usr/bin")]))
        },
        Trick("a file of v7's type in ustar's header", .ambiguous) {
            $0.raw(header([(156, "\0"), (257, "ustar\0" + "00")]))
        },
        Trick("times where others read a prefix", .ambiguous) {
            $0.raw(header([(257, "ustar  \0"), (345, "13000000000\0"), (357, "13000000000\0")]))
        },
        Trick("a header without a name that not every reader sums to the same", .ambiguous) {
            $0.add("p", "x", content: TarBuilder.record("path", text("etc/x")))
            $0.raw(header([(0, "\0\0\0\0\0"), (504, "x")]))
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
