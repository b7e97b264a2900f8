import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// Layers that say other things than a container sees.
extension TamperedImageTests {
    static let layers: [Tampering] = [
        Tampering("an executable in a whiteout's clothes", .whiteout, .ambiguous) {
            $0.layer { $0.file("bin/.wh..wh.evil", evil, mode: 0o755) }
        },
        Tampering("a whiteout with content", .whiteout, .ambiguous) { $0.layer { $0.file("usr/bin/.wh.agent", evil) } },
        Tampering("a whiteout of the parent folder", .whiteout, .ambiguous) {
            $0.layer { $0.file("usr/bin/.wh...", []) }
        },
        Tampering("a whiteout in the file's own layer", .whiteout, .ambiguous) {
            $0.layers[0] = .init(
                .with { layer in
                    layer.file("usr/bin/agent", agent, mode: 0o755)
                    layer.file("usr/bin/.wh.agent", [])
                }
            )
        },
        Tampering("two entries for one name", .duplicate, .ambiguous) {
            $0.layers[0] = .init(
                .with { layer in
                    layer.file("usr/bin/agent", agent, mode: 0o755)
                    layer.file("usr/bin/agent", evil, mode: 0o755)
                }
            )
        },
        Tampering("a path out of the root", .outside, .ambiguous) {
            $0.layer { $0.file("../../usr/bin/agent", evil, mode: 0o755) }
        },
        Tampering("a hard link to nothing", .refused, .ambiguous) { $0.layer { $0.hardLink("bin/x", to: "nowhere") } },
        Tampering("a file below a file", .refused, .ambiguous) { $0.layer { $0.file("usr/bin/agent/x", "y") } },
        Tampering("an entry of a type that is none", .refused, .ambiguous) { $0.layer { $0.add("x", "Z") } },
        Tampering("a contiguous file, which engines refuse", .readingsDiffer, .ambiguous) {
            $0.layer { $0.add("x", "7") }
        },
        Tampering("a table of contents for lazy pulling", .notRead, .incomplete) {
            $0.layers[0].annotations["containerd.io/snapshot/stargz/toc.digest"] = .string("sha256:0")
        },
        Tampering("a directory's entry in another way for GNU tar", .readingsDiffer, .ambiguous) {
            $0.layer { $0.add("x/", "0") }
        },
        Tampering("bytes after the archive's end", .trailer, .ambiguous) {
            $0.layers[0] = .init($0.layers[0].tar + evil)
        },
        Tampering("a global header that renames", .globalHeader, .ambiguous) {
            var global = TarBuilder()
            global.add("g", "g", content: TarBuilder.record("path", Array("usr/bin/evil".utf8)))
            $0.layers[0] = .init(global.bytes + $0.layers[0].tar)
        },
        Tampering("a layer that is compressed in secret", .compression, .exact) {
            let plain = $0.layers[0].mediaType
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "")
            $0.layers[0].mediaType = plain
        },
        Tampering("a wrong diffID", .damaged, nil) {
            $0.diffIDs = [Digest.of("other"), Digest.of($0.layers[1].tar)]
        },
        Tampering("a diffID too few", .layerCount, nil) { $0.diffIDs = [Digest.of($0.layers[0].tar)] },
        Tampering("a layer cut short", .damaged, nil) {
            $0.layers[0] = .init(Array($0.layers[0].tar.prefix(2000)))
        },
        Tampering("a negative size", .damaged, nil) {
            $0.layer { $0.add("x", "0", size: [UInt8](repeating: 0xFF, count: 12)) }
        },
        Tampering("a sparse file of 8 EiB", .limit, .incomplete) {
            $0.layer {
                $0.file(
                    "x",
                    [],
                    pax: [
                        ("GNU.sparse.map", Array("0,0".utf8)), ("GNU.sparse.numblocks", Array("1".utf8)),
                        ("GNU.sparse.size", Array("9000000000000000000".utf8)),
                    ]
                )
            }
        },
        Tampering("folders 10,000 deep, through links", .limit, .incomplete) { image in
            image.layer { layer in
                for level in 0..<20 {
                    let prefix = level == 0 ? "d/" : "l\(level)/"
                    layer.directory(prefix + String(repeating: "d/", count: 500) + "e")
                    layer.symbolicLink("l\(level + 1)", to: prefix + String(repeating: "d/", count: 500) + "e")
                }
            }
        },
    ]
}
