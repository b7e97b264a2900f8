import TestSupport
import Testing

/// An image whose layers change what lower ones have, in the ways that engines have to get right.
struct HardImage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let layers: [@Sendable (inout TarBuilder) -> Void]

    var image: TestImage {
        var image = TestImage()
        for layer in layers { image.layer(layer) }
        return image
    }

    static let all = [
        HardImage(
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
        HardImage(
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
        HardImage(
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
        HardImage(
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
        HardImage(
            testDescription: "a hard link whose other name is replaced later",
            layers: [
                {
                    $0.file("a", "first", mode: 0o755); $0.add("b", "1", link: "a", mode: 0o755)
                },
                { $0.file("a", "second") },
            ]
        ),
        HardImage(
            testDescription: "a hard link to a file of a lower layer",
            layers: [
                { $0.file("d/a", "first", mode: 0o755) },
                { $0.hardLink("b", to: "d/a") },
                { $0.file("d/.wh.a", []) },
            ]
        ),
        HardImage(
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
        HardImage(
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
        HardImage(
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
        HardImage(
            testDescription: "links that lead out of the root",
            layers: [
                {
                    $0.symbolicLink("up", to: "../../../.."); $0.directory("in")
                },
                { $0.file("up/in/file", "x") },
            ]
        ),
        HardImage(testDescription: "parents that no layer has", layers: [{ $0.file("a/b/c/d", "x") }]),
        HardImage(
            testDescription: "modes, owners and metadata that change",
            layers: [
                {
                    $0.directory("d", mode: 0o1777); $0.file("d/s", [1], mode: 0o4755, uid: 0, gid: 0)
                },
                { $0.directory("d", mode: 0o750) },
            ]
        ),
        HardImage(
            testDescription: "paths with ., // and a leading slash",
            layers: [
                {
                    $0.file("./a//b", "1"); $0.file("/c/./d", "2")
                }, { $0.file("./a/.wh.b", []) },
            ]
        ),
        HardImage(
            testDescription: "long paths and names of many kinds",
            layers: [
                {
                    $0.file(String(repeating: "directory-with-a-name/", count: 30) + "leaf", "1")
                    $0.file("ünï", "2")
                    $0.file("x", [3], pax: [("path", Array("latin".utf8) + [0xE9])])
                }
            ]
        ),
        HardImage(
            testDescription: "10,000 files, half of them removed",
            layers: [
                { layer in for number in 0..<10_000 { layer.file("d\(number % 50)/f\(number)", "\(number)") } },
                { layer in for number in stride(from: 0, to: 50, by: 2) { layer.file(".wh.d\(number)", []) } },
            ]
        ),
        HardImage(
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
        HardImage(testDescription: "an empty layer", layers: [{ $0.file("a", "1") }, { _ in }]),
    ]
}
