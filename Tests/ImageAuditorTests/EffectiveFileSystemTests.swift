import ContentAddress
import Foundation
import Glibc
import ImageAuditor
import ImageFileSystem
import ImageTransport
import TestSupport
import Testing

/// The file system that the audit sees is the one that umoci unpacks.
@Suite struct EffectiveFileSystemTests {
    struct Hard: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let layers: [@Sendable (inout TarBuilder) -> Void]
    }

    static let images = [
        Hard(
            testDescription: "whiteouts of a file, a directory and what isn't there",
            layers: [
                {
                    $0.file("a", "1"); $0.file("d/x", "2"); $0.file("d/e/y", "3"); $0.file("keep", "4")
                },
                {
                    $0.file(".wh.a", []); $0.file(".wh.d", []); $0.file(".wh.nothing", [])
                },
            ]
        ),
        Hard(
            testDescription: "a directory removed and made again",
            layers: [
                {
                    $0.file("d/x", "2"); $0.file("d/e/y", "3")
                },
                {
                    $0.file(".wh.d", []); $0.directory("d", mode: 0o700); $0.file("d/new", "n")
                },
            ]
        ),
        Hard(
            testDescription: "an opaque directory, whose marker comes last",
            layers: [
                {
                    $0.file("d/x", "2"); $0.file("d/e/y", "3")
                },
                {
                    $0.directory("d"); $0.file("d/new", "n"); $0.file("d/.wh..wh..opq", [])
                },
            ]
        ),
        Hard(
            testDescription: "an opaque directory with a directory that stays",
            layers: [
                {
                    $0.file("d/e/old", "2"); $0.file("d/f/old", "3")
                },
                {
                    $0.file("d/.wh..wh..opq", []); $0.directory("d/e"); $0.file("d/e/new", "n")
                },
            ]
        ),
        Hard(
            testDescription: "a hard link whose other name is replaced later",
            layers: [
                {
                    $0.file("a", "first", mode: 0o755); $0.add("b", "1", link: "a", mode: 0o755)
                },
                { $0.file("a", "second") },
            ]
        ),
        Hard(
            testDescription: "a hard link to a file of a lower layer",
            layers: [
                { $0.file("d/a", "first", mode: 0o755) },
                { $0.hardLink("b", to: "d/a") },
                { $0.file("d/.wh.a", []) },
            ]
        ),
        Hard(
            testDescription: "a directory replaced by a file, and back",
            layers: [
                {
                    $0.file("d/x", "1"); $0.file("e", "2")
                },
                {
                    $0.file("d", "file now"); $0.directory("e"); $0.file("e/y", "3")
                },
                {
                    $0.directory("d"); $0.file("d/z", "4")
                },
            ]
        ),
        Hard(
            testDescription: "a file replaced by a symbolic link, and back",
            layers: [
                {
                    $0.file("a", "1"); $0.file("t", "target")
                },
                { $0.symbolicLink("a", to: "t") },
                { $0.symbolicLink("b", to: "t") },
                { $0.file("b", "file again") },
            ]
        ),
        Hard(
            testDescription: "symbolic links among the parent directories",
            layers: [
                {
                    $0.directory("usr/bin"); $0.symbolicLink("bin", to: "usr/bin"); $0.symbolicLink("abs", to: "/usr")
                },
                {
                    $0.file("bin/tool", "t", mode: 0o755); $0.file("abs/share/doc", "d")
                },
                {
                    $0.file("bin/.wh.tool", []); $0.file("abs/bin/other", "o")
                },
            ]
        ),
        Hard(
            testDescription: "links that lead out of the root",
            layers: [
                {
                    $0.symbolicLink("up", to: "../../../.."); $0.directory("in")
                },
                { $0.file("up/in/file", "x") },
            ]
        ),
        Hard(testDescription: "parents that no layer has", layers: [{ $0.file("a/b/c/d", "x") }]),
        Hard(
            testDescription: "modes, owners and metadata that change",
            layers: [
                {
                    $0.directory("d", mode: 0o1777); $0.file("d/s", [1], mode: 0o4755, uid: 0, gid: 0)
                },
                { $0.directory("d", mode: 0o750) },
            ]
        ),
        Hard(
            testDescription: "paths with ., // and a leading slash",
            layers: [
                {
                    $0.file("./a//b", "1"); $0.file("/c/./d", "2")
                }, { $0.file("./a/.wh.b", []) },
            ]
        ),
        Hard(
            testDescription: "long paths and names of many kinds",
            layers: [
                {
                    $0.file(String(repeating: "directory-with-a-name/", count: 30) + "leaf", "1")
                    $0.file("ünï", "2")
                    $0.file("x", [3], pax: [("path", Array("latin".utf8) + [0xE9])])
                }
            ]
        ),
        Hard(
            testDescription: "10,000 files, half of them removed",
            layers: [
                { layer in for number in 0..<10_000 { layer.file("d\(number % 50)/f\(number)", "\(number)") } },
                { layer in for number in stride(from: 0, to: 50, by: 2) { layer.file(".wh.d\(number)", []) } },
            ]
        ),
        Hard(
            testDescription: "owners, of files, directories and what a later layer changes",
            layers: [
                {
                    $0.file("a", Array("1".utf8), uid: 12, gid: 34); $0.add("d/", "5", mode: 0o750, uid: 5, gid: 6)
                    $0.file("d/b", Array("2".utf8), uid: 1_000_000, gid: 7);
                    $0.add("c", "1", link: "a", uid: 12, gid: 34)
                },
                {
                    $0.add("d/", "5", mode: 0o700, uid: 8, gid: 9); $0.file("a", Array("3".utf8), uid: 56, gid: 78)
                },
            ]
        ),
        Hard(testDescription: "an empty layer", layers: [{ $0.file("a", "1") }, { _ in }]),
    ]

    /// Lists every name in a directory: path, kind, mode, owner, and content or target.
    static let list = #"""
        import os, sys, stat, hashlib
        root = os.fsencode(sys.argv[1])
        for directory, names, files in os.walk(root):
            for name in names + files:
                path = os.path.join(directory, name); s = os.lstat(path); shown = path[len(root):]
                if stat.S_ISDIR(s.st_mode): kind, more = 'directory', ''
                elif stat.S_ISLNK(s.st_mode): kind, more = 'symbolic link', os.readlink(path).hex()
                else: kind, more = 'file', hashlib.sha256(open(path, 'rb').read()).hexdigest()
                mode = '' if kind == 'symbolic link' else '%o' % stat.S_IMODE(s.st_mode)
                # Only root can give a file away.
                owner = '%d:%d' % (s.st_uid, s.st_gid) if os.getuid() == 0 else '-'
                print(shown.hex(), kind, mode, owner, more)
        """#

    @Test(arguments: images)
    func isWhatUmociUnpacks(_ hard: Hard) throws {
        try AuditFixture.with { fixture in
            var image = TestImage()
            for layer in hard.layers { image.layer(layer) }
            try image.write(layout: fixture.directory + "/image", tag: "t")
            // Rootless only where it has to be: it changes owners.
            try Shell.run(
                "umoci unpack $([ $(id -u) = 0 ] || echo --rootless) --image image:t bundle > /dev/null 2>&1",
                in: fixture.directory
            )
            try Self.list.write(toFile: fixture.directory + "/list.py", atomically: true, encoding: .utf8)
            let expected = try Shell.run("python3 list.py bundle/rootfs", in: fixture.directory).text.split(
                separator: "\n"
            )
            let tree = try FileTree.ofImage(LayoutSource(directory: fixture.directory + "/image", tag: "t"))
            var found: [Substring] = []
            tree.forEach { path, inode in
                let mode = inode.kind == .symbolicLink ? "" : String(inode.mode, radix: 8)
                let more = inode.digest?.hex ?? Hexadecimal.encode(inode.target)
                let owner = getuid() == 0 ? "\(inode.uid):\(inode.gid)" : "-"
                found.append("\(Hexadecimal.encode(path.bytes)) \(inode.kind.word) \(mode) \(owner) \(more)"[...])
            }
            #expect(found.sorted() == expected.sorted())
        }
    }
}
