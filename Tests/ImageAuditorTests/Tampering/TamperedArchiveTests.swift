import Foundation
import TestSupport
import Testing

/// Tar and compression of layers that readers take in different ways.
@Suite struct TamperedArchiveTests {
    static let records: [Trick] = [
        Trick("a record of a path with a zero byte", .damaged) { $0.file("x", bundle, pax: [("path", text("a\0b"))]) },
        Trick("a record of a size that isn't a number", .damaged) {
            $0.file("x", bundle, pax: [("size", text("many"))])
        },
        Trick("a record of a negative size", .damaged) { $0.file("x", bundle, pax: [("size", text("-1"))]) },
        Trick("a record whose length is wrong", .damaged) {
            $0.raw(TarBuilder.entry("pax", "x", Array("99 path=y\n".utf8))); $0.file("x", bundle)
        },
        Trick("a record without an end of line", .damaged) {
            $0.raw(TarBuilder.entry("pax", "x", Array("9 path=yy".utf8))); $0.file("x", bundle)
        },
    ]

    static let headers: [Trick] = [
        Trick("a wrong checksum", .damaged) {
            $0.file("x", bundle); $0.corrupt(at: 0)
        },
        Trick("a size that isn't a number", .damaged) { $0.add("x", "0", content: bundle, size: text("zzzzzzzzzzz")) },
        Trick("a volume's name", .ambiguous) { $0.add("x", "V") },
        Trick("a dump of directories", .ambiguous) { $0.add("x", "D", content: bundle) },
        Trick("a continued volume", .ambiguous) { $0.add("x", "M", content: bundle) },
        Trick(image: "a cut header", .damaged) { image in
            image.layer { $0.file("x", bundle) }
            image.layers[2] = .init(Array(image.layers[2].tar.prefix(300)))
        },
    ]

    static let streams: [Trick] = [
        Trick(image: "bytes behind a gzip stream", .damaged) { image in
            image.layers[1] = try TestImage.Layer(image.layers[1].tar, by: "gzip -n", suffix: "+gzip")
            image.layers[1].blob += Array("more".utf8)
        },
        Trick(image: "a gzip stream cut short", .damaged) { image in
            image.layers[1] = try TestImage.Layer(image.layers[1].tar, by: "gzip -n", suffix: "+gzip")
            image.layers[1].blob.removeLast(12)
        },
        Trick(image: "a wrong gzip checksum", .damaged) { image in
            image.layers[1] = try TestImage.Layer(image.layers[1].tar, by: "gzip -n", suffix: "+gzip")
            image.layers[1].blob[image.layers[1].blob.count - 6] ^= 1
        },
        Trick(image: "a zstd stream cut short", .damaged) { image in
            image.layers[1] = try TestImage.Layer(image.layers[1].tar, by: "zstd -q", suffix: "+zstd")
            image.layers[1].blob.removeLast(6)
        },
    ]

    static let starts: [Trick] = [
        Trick(image: "a gzip stream that is an archive as it stands", .ambiguous) { image in
            image.layers[1] = try polyglot(
                image.layers[1].tar,
                hiding: TarBuilder.of { $0.file("usr/bin/agent", bundle) }
            )
        },
        Trick(image: "the same under gzip's media type", .ambiguous) { image in
            image.layers[1] = try polyglot(
                image.layers[1].tar,
                hiding: TarBuilder.of { $0.file("usr/bin/agent", bundle) }
            )
            image.layers[1].mediaType += "+gzip"
        },
    ]

    // gzip's field for extra data holds what is left of a file's header, and an archive behind it (RFC 1952, 2.3.1.1).
    private static func polyglot(_ tar: [UInt8], hiding hidden: [UInt8]) throws -> TestImage.Layer {
        var layer = try TestImage.Layer(tar, by: "gzip -n", suffix: "")
        let count = 512 - 12 + hidden.count
        let header = TarBuilder.header { block in
            TarBuilder.put(
                [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 3, UInt8(count & 0xFF), UInt8(count >> 8)],
                at: 0,
                in: &block
            )
            TarBuilder.put(text("0000644"), at: 100, in: &block)
            for start in [108, 116] { TarBuilder.put(TarBuilder.octal(0, 7), at: start, in: &block) }
            for start in [124, 136] { TarBuilder.put(TarBuilder.octal(0, 11), at: start, in: &block) }
            block[156] = UInt8(ascii: "0")
        }
        layer.blob = header + hidden + layer.blob.dropFirst(10)
        return layer
    }

    static let ends: [Trick] = [
        Trick("two records of a path", .ambiguous) {
            $0.file("x", bundle, pax: [("path", text("usr/bin/agent")), ("path", text("y"))])
        },
        Trick("two records of a link", .ambiguous) {
            $0.add("x", "2", pax: [("linkpath", text("etc")), ("linkpath", text("usr"))])
        },
        Trick("a sparse file that takes another name", .damaged) {
            $0.file(
                "x",
                bundle,
                pax: [
                    ("GNU.sparse.major", text("1")), ("GNU.sparse.minor", text("0")),
                    ("GNU.sparse.name", text("usr/bin/agent")),
                    ("GNU.sparse.realsize", text("26")),
                ]
            )
        },
        Trick("a file whose name ends with a slash", .ambiguous) { $0.add("x/", "0", content: bundle) },
        Trick("one block of zeros in the middle", .damaged) {
            $0.raw([UInt8](repeating: 0, count: 512)); $0.file("x", bundle)
        },
        Trick("entries behind the end", .ambiguous) {
            $0.raw([UInt8](repeating: 0, count: 1024)); $0.file("usr/bin/agent", bundle)
        },
        Trick(image: "a second gzip member", .ambiguous) { image in
            let second = TarBuilder.of { $0.file("usr/bin/agent", bundle) }
            let first = try TestImage.Layer(image.layers[1].tar, by: "gzip -n", suffix: "+gzip")
            let both = try TestImage.Layer(second, by: "gzip -n", suffix: "+gzip")
            image.layers[1] = first
            image.layers[1].tar += second
            image.layers[1].blob += both.blob
        },
    ]

    @Test(arguments: records + headers + streams + starts + ends + TamperedHeaders.all)
    func isNeverSure(_ trick: Trick) throws { try trick.check() }

    private static let bundle = Trick.bundle
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension TarBuilder {
    /// An archive.
    static func of(_ build: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        build(&builder)
        return builder.archive
    }

    /// One entry's bytes.
    static func entry(_ name: String, _ type: Character, _ content: [UInt8]) -> [UInt8] {
        var builder = TarBuilder()
        builder.add(name, type, content: content)
        return builder.bytes
    }
}
