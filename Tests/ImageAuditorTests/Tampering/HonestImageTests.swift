import ContentAddress
import Foundation
import TestSupport
import Testing

/// Images that are odd and harmless, or as builders write them, cost no verdict; each is the counterpart of a trick.
@Suite struct HonestImageTests {
    static let layers: [Trick] = [
        Trick(image: "nothing", .exact) { _ in },
        Trick("a whiteout of a lower layer's file", .exact, below: { $0.file("etc/x", bundle) }) {
            $0.file("etc/.wh.x", [])
        },
        Trick(
            "a whiteout of a lower layer's directory",
            .exact,
            below: {
                $0.directory("var"); $0.file("var/x", bundle)
            }
        ) {
            $0.file(".wh.var", [])
        },
        Trick(
            "an opaque directory, the mark first",
            .exact,
            below: {
                $0.directory("var"); $0.file("var/x", bundle)
            }
        ) {
            $0.directory("var"); $0.file("var/.wh..wh..opq", []); $0.file("var/y", bundle)
        },
        Trick("a file that goes and comes back in one layer", .exact) {
            $0.file("etc/.wh.ca.pem", [])
            $0.file("etc/ca.pem", bundle)
        },
        Trick(
            "a file over a directory",
            .exact,
            below: {
                $0.directory("var"); $0.file("var/x", bundle)
            }
        ) { $0.file("var", bundle) },
        Trick("a file over a file", .exact, below: { $0.file("var", bundle) }) { $0.file("var", bundle, mode: 0o600) },
        Trick("a directory named again", .exact) {
            $0.directory("usr"); $0.directory("usr/bin", mode: 0o700)
        },
        Trick("a hard link within its layer", .exact) {
            $0.file("x", bundle); $0.hardLink("y", to: "x")
        },
        Trick(
            "a hard link that goes later",
            .exact,
            below: {
                $0.file("x", bundle); $0.hardLink("y", to: "x")
            }
        ) { $0.file(".wh.y", []) },
        Trick("a hard link with fewer permissions than its file", .exact) {
            $0.file("x", bundle, mode: 0o755); $0.add("y", "1", link: "x", mode: 0o644)
        },
        Trick("a name twice, the same", .exact) {
            $0.file("x", bundle); $0.file("x", bundle)
        },
        Trick("a path through forty links", .contains) { layer in
            layer.directory("l40")
            for number in 0..<40 { layer.symbolicLink("l\(number)", to: "l\(number + 1)") }
            layer.file("l0/x", bundle)
        },
        Trick("names with ./ in front", .exact) {
            $0.directory("./"); $0.directory("./etc"); $0.file("./etc/x", bundle)
        },
        Trick("names that only begin with dots", .exact) {
            $0.directory("..data"); $0.file("..data/..x", bundle); $0.file("...", bundle)
        },
        Trick("a whiteout of a name that begins with dots", .exact, below: { $0.file("..x", bundle) }) {
            $0.file(".wh...x", [])
        },
        Trick("a long name", .exact) { $0.file(String(repeating: "long/", count: 40) + "x", bundle) },
        Trick("a long name by a record", .exact) {
            $0.file("x", bundle, pax: [("path", Array((String(repeating: "l", count: 150)).utf8))])
        },
        Trick("a name beyond ASCII", .exact) { $0.file("ünï", bundle) },
        Trick("an owner and an attribute of a user", .exact) {
            $0.file("x", bundle, uid: 1000, gid: 1000, pax: [("SCHILY.xattr.user.note", [1])])
        },
        Trick("times by records", .exact) {
            $0.file("x", bundle, pax: [("mtime", Array("1700000000.123456789".utf8)), ("atime", Array("1".utf8))])
        },
        Trick("a record twice, the same", .exact) {
            $0.file("x", bundle, pax: [("path", Array("y".utf8)), ("path", Array("y".utf8))])
        },
        Trick("a file with a file's whole mode", .exact) { $0.add("x", "0", content: bundle, mode: 0o100755) },
        Trick("an access control list that says the mode once more, and whom else it gives a part of it", .exact) {
            let list = "user::rw-,user:lisa:r--:502,group::r--,mask::r--,other::r--"
            $0.file("x", bundle, pax: [("SCHILY.acl.access", Array(list.utf8))])
        },
        Trick("a comment", .exact) { $0.file("x", bundle, pax: [("comment", Array("built".utf8))]) },
        Trick("an empty layer", .exact, layer: { _ in }),
    ]

    static let streams: [Trick] = [
        Trick(image: "a layer compressed by gzip", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "+gzip")
        },
        Trick(image: "a layer compressed by pigz", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "pigz -n", suffix: "+gzip")
        },
        Trick(image: "another kind of compression than said: engines look at the bytes", .exact) {
            let kind = $0.layers[0].mediaType + "+gzip"
            $0.layers[0] = try .init($0.layers[0].tar, by: "zstd -q", suffix: "+zstd")
            $0.layers[0].mediaType = kind
        },
        Trick(image: "a layer in two gzip members", .exact) {
            let half = $0.layers[0].tar.count / 2
            let first = try TestImage.Layer(Array($0.layers[0].tar.prefix(half)), by: "gzip -n", suffix: "+gzip")
            let second = try TestImage.Layer(Array($0.layers[0].tar.dropFirst(half)), by: "gzip -n", suffix: "+gzip")
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "+gzip")
            $0.layers[0].blob = first.blob + second.blob
        },
        Trick(image: "a layer compressed by zstd", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "zstd -q", suffix: "+zstd")
        },
        Trick(image: "a layer of zstd that ends with a skippable frame", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "zstd -q", suffix: "+zstd")
            $0.layers[0].blob += Array("P*M\u{18}".utf8) + [1, 0, 0, 0, 0]
        },
        Trick(image: "a layer that mustn't be distributed", .exact) {
            $0.layers[0].mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar"
        },
        Trick(image: "Docker's layer in zstd", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "zstd -q", suffix: "+zstd")
            $0.layers[0].mediaType = "application/vnd.docker.image.rootfs.diff.tar.zstd"
        },
        Trick(image: "annotations of builders", .exact) {
            $0.layers[0].annotations = [
                "buildkit/createdat": "2026-01-01T00:00:00Z", "containerd.io/uncompressed": "sha256:0",
            ]
        },
        Trick(image: "a global header with a commit, as git writes it", .exact) {
            var global = TarBuilder()
            global.add("g", "g", content: TarBuilder.record("comment", Array("0123".utf8)))
            $0.layers[0] = .init(global.bytes + $0.layers[0].tar)
        },
        Trick(image: "gzip with a name and a time", .exact) {
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip", suffix: "+gzip")
        },
        Trick(image: "no padding at the end, as umoci writes it", .exact) { image in
            var layer = TarBuilder()
            layer.file("etc/x", Trick.bundle)
            image.layers.append(.init(Array(layer.bytes.prefix(512 + Trick.bundle.count))))
        },
        Trick(image: "no blocks at the end", .exact) { image in
            var layer = TarBuilder()
            layer.file("etc/x", Trick.bundle)
            image.layers.append(.init(layer.bytes))
        },
        Trick(image: "a record of 10 KiB", .exact) { image in
            let tar = image.layers[0].tar
            image.layers[0] = .init(tar + [UInt8](repeating: 0, count: (10_240 - tar.count % 10_240) % 10_240))
        },
    ]

    private static func config(_ name: String, _ edit: @escaping @Sendable (String) -> String) -> Trick {
        Trick(image: "config: " + name, .exact) { $0.editConfig = edit }
    }

    private static func manifest(_ name: String, _ edit: @escaping @Sendable (String) -> String) -> Trick {
        Trick(image: "manifest: " + name, .exact) { $0.editManifest = edit }
    }

    private static func configType(_ type: String) -> Trick {
        manifest("a config of the media type \(type)") {
            $0.replacingOccurrences(of: #""application/vnd.oci.image.config.v1+json""#, with: "\"\(type)\"")
        }
    }

    private static func with(_ members: String) -> @Sendable (String) -> String {
        { $0.dropLast() + "," + members + "}" }
    }

    static let documents: [Trick] = [
        config(
            "Docker's own members",
            with(
                #""container":"4a5e","container_config":{"Hostname":"4a5e","Cmd":["/bin/sh"]},"docker_version":"20.10.24","id":"1","parent":"2""#
            )
        ),
        config(
            "history with empty layers",
            with(
                #""history":[{"created":"2026-01-01T00:00:00Z","created_by":"COPY","comment":"buildkit.dockerfile.v0"},{"empty_layer":true}]"#
            )
        ),
        config("unknown members in any case", with(#""X-Build":1,"x-build":2"#)),
        config("members of BuildKit", with(#""moby.buildkit.buildinfo.v1":"e30=","moby.buildkit.cache.v0":null"#)),
        config(
            "labels that differ in case",
            { $0.replacingOccurrences(of: #""Entrypoint":"#, with: #""Labels":{"a":"1","A":"2"},"Entrypoint":"#) }
        ),
        config(
            "volumes and ports",
            {
                $0.replacingOccurrences(
                    of: #""Entrypoint":"#,
                    with: #""Volumes":{"/a":{},"/A":{}},"ExposedPorts":{"80/tcp":{}},"Entrypoint":"#
                )
            }
        ),
        config(
            "null members",
            {
                $0.replacingOccurrences(
                    of: #""Entrypoint":"#,
                    with: #""Cmd":null,"Volumes":null,"Labels":null,"OnBuild":null,"Entrypoint":"#
                )
            }
        ),
        config(
            "Docker's further settings",
            {
                $0.replacingOccurrences(
                    of: #""Entrypoint":"#,
                    with:
                        #""Hostname":"","Domainname":"","AttachStdin":false,"Tty":false,"Image":"sha256:1","MacAddress":"","ArgsEscaped":true,"Entrypoint":"#
                )
            }
        ),
        config("white space and an end of line", { $0.replacingOccurrences(of: ",", with: " ,\n\t") + "\n" }),
        config("an author beyond ASCII, and escapes", with(##""author":"J\u00f6rg \ud83d\ude00 ö""##)),
        config("a creation time", with(#""created":"2026-01-01T00:00:00.123456789Z""#)),
        manifest(
            "annotations",
            {
                $0.replacingOccurrences(
                    of: #""annotations":{}"#,
                    with: #""annotations":{"a":"1","A":"2","org.opencontainers.image.created":"x"}"#
                )
            }
        ),
        manifest("white space", { $0.replacingOccurrences(of: ":{", with: ": {") }),
        configType("application/vnd.docker.container.image.v1+json"),
        configType("application/octet-stream"),
        configType("application/json"),
        manifest("unknown members", with(#""x":{"layers":[],"Layers":[]}"#)),
    ]

    @Test(arguments: layers + streams + documents)
    func staysExact(_ trick: Trick) throws { try trick.check() }

    private static let bundle = Trick.bundle
}
