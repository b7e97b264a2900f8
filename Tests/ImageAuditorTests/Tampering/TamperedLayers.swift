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
        Tampering("a whiteout of the parent directory", .whiteout, .ambiguous) {
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
        Tampering("a layer that overlaybd mounts from another blob", .notRead, .incomplete) {
            $0.layers[0].annotations["containerd.io/snapshot/overlaybd/blob-digest"] = .string("sha256:0")
        },
        Tampering("a layer that nydus mounts by another one's metadata", .notRead, .incomplete) {
            $0.layers[0].annotations["containerd.io/snapshot/nydus-blob"] = .string("true")
        },
        Tampering("a layer under the name of another snapshot", .notRead, .incomplete) {
            $0.layers[0].annotations["containerd.io/snapshot.ref"] = .string("sha256:0")
        },
        Tampering("an archive that is a file system to containerd", .notRead, .incomplete) {
            $0.layers[0].mediaType = "application/vnd.erofs.layer.v1"
        },
        Tampering("an archive that is said to be encrypted", .notRead, .incomplete) {
            $0.layers[0].mediaType += "+encrypted"
        },
        Tampering("a layer of no media type", .notRead, .incomplete) { $0.layers[0].mediaType = "" },
        Tampering("an archive in a skippable frame before the layer", .readingsDiffer, .ambiguous) {
            // The frame's magic number and size are the name of a first entry, which buildah 1.28 takes as such.
            let other = [UInt8].with { $0.file("usr/bin/agent", evil, mode: 0o755) }
            let size = UInt32(512 - 8 + other.count)
            let name = Array("P*M\u{18}".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
            let first = TarBuilder.header { block in
                TarBuilder.put(name, at: 0, in: &block)
                TarBuilder.put(TarBuilder.octal(0, 11), at: 124, in: &block)
                block[156] = UInt8(ascii: "0")
            }
            $0.layers[0] = try .init($0.layers[0].tar, by: "zstd -q", suffix: "+zstd")
            $0.layers[0].blob = first + other + $0.layers[0].blob
        },
        Tampering("a prefix that only Go reads in GNU tar's header", .readingsDiffer, .ambiguous) {
            $0.layer { layer in
                layer.raw(
                    TarBuilder.header { block in
                        TarBuilder.put(Array("agent".utf8), at: 0, in: &block)
                        TarBuilder.put(TarBuilder.octal(0, 11), at: 124, in: &block)
                        block[156] = UInt8(ascii: "0")
                        TarBuilder.put(Array("ustar  \0".utf8), at: 257, in: &block)
                        TarBuilder.put(Array("usr/bin".utf8), at: 345, in: &block)
                    }
                )
            }
        },
        Tampering("a file that is sparse to GNU tar alone", .readingsDiffer, .ambiguous) {
            $0.layer { $0.file("x", agent, pax: [("GNU.sparse.major", Array("1".utf8))]) }
        },
        Tampering("a global header that brings capabilities", .globalHeader, .ambiguous) {
            var global = TarBuilder()
            global.add("g", "g", content: TarBuilder.record("SCHILY.xattr.security.capability", [1]))
            $0.layers[0] = .init(global.bytes + $0.layers[0].tar)
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
        Tampering("directories 10,000 deep, through links", .limit, .incomplete) { image in
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
