import ContentAddress
import Foundation
import ImageTransport
import ImageTransportContract
import OCI
import TestSupport
import Testing

/// Every transport against the contract, on the same image.
@Suite struct ImageSourceTests {
    static func image() throws -> TestImage {
        var image = TestImage()
        var lower = TarBuilder()
        lower.file("tool", (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, mode: 0o755)
        var upper = TarBuilder()
        upper.file("note", "second layer")
        image.layers = [
            try .init(lower.archive, by: "gzip -n", suffix: "+gzip"),
            try .init(upper.archive, by: "zstd -q", suffix: "+zstd"),
        ]
        return image
    }

    @Test func anOCILayoutInADirectory() throws {
        try withTemporaryDirectory { directory in
            let image = try Self.image()
            try image.write(layout: directory + "/oci", tag: "v1")
            for reference in ["oci:\(directory)/oci", "oci:\(directory)/oci:v1"] {
                let source = try ImageSources.open(ImageLocation(parsing: reference))
                #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
            }
        }
    }

    @Test func anIndexOfTwoPlatforms() throws {
        try withTemporaryDirectory { directory in
            var other = try Self.image()
            other.architecture = "arm64"
            try TestImage.write([Self.image(), other], layout: directory + "/oci")
            let source = try ImageSources.open(.layout(path: directory + "/oci", tag: nil))
            #expect(
                try source.root().index().manifests.map { $0.platform?.description } == ["linux/amd64", "linux/arm64"]
            )
            #expect(try ImageSourceContract.check(source).count == 2)
        }
    }

    @Test(arguments: ["tar -C oci -cf image.tar .", "tar -C oci -czf image.tar .", "tar -C oci -cJf image.tar ."])
    func anOCILayoutInAnArchive(command: String) throws {
        try withTemporaryDirectory { directory in
            let image = try Self.image()
            try image.write(layout: directory + "/oci")
            try Shell.run(command, in: directory)
            let source = try ImageSources.open(.layoutArchive(path: directory + "/image.tar", tag: "latest"))
            #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
        }
    }

    @Test(arguments: [
        ("docker-archive", "docker-archive:out:test:1"), ("dir", "dir:out"), ("oci-archive", "oci-archive:out"),
    ])
    func whatSkopeoWrites(label: String, reference: String) throws {
        try withTemporaryDirectory { directory in
            var image = try Self.image()
            // docker-archive and dir of this skopeo know no zstd.
            image.layers[1] = try .init(image.layers[1].tar, by: "gzip -n", suffix: "+gzip")
            try image.write(layout: directory + "/oci")
            try Shell.run("skopeo copy -q --insecure-policy oci:oci:latest \(reference)", in: directory)
            let text = reference.replacingOccurrences(of: ":out", with: ":\(directory)/out")
            let source = try ImageSources.open(ImageLocation(parsing: text))
            #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
        }
    }

    @Test(arguments: ["plain", "gzip", "bzip2", "xz"])
    func aDockerArchiveWithLayersInAnyCompression(command: String) throws {
        try withTemporaryDirectory { directory in
            var image = TestImage { $0.file("a", "content") }
            if command != "plain" { image.layers[0] = try .init(image.layers[0].tar, by: command, suffix: "") }
            let path = directory + "/image.tar"
            try Data(image.dockerArchive()).write(to: URL(fileURLWithPath: path))
            let source = try ImageSources.open(.dockerArchive(path: path, reference: nil))
            #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
        }
    }

    // docker 20.10 and older write a layer that two images share once, and link to it.
    @Test func aDockerArchiveWhoseLayerIsASymbolicLink() throws {
        try withTemporaryDirectory { directory in
            let image = TestImage { $0.file("a", "content") }
            var archive = TarBuilder()
            archive.symbolicLink("second/layer.tar", to: "../first/layer.tar")
            archive.file("first/layer.tar", image.layers[0].blob)
            archive.file("config.json", image.config)
            archive.file("manifest.json", #"[{"Config":"config.json","RepoTags":null,"Layers":["second/layer.tar"]}]"#)
            let path = directory + "/image.tar"
            try Data(archive.archive).write(to: URL(fileURLWithPath: path))
            let source = try ImageSources.open(.dockerArchive(path: path, reference: nil))
            #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
        }
    }

    @Test func aDockerArchiveFromAPipe() throws {
        try withTemporaryDirectory { directory in
            let image = TestImage { $0.file("a", "content") }
            try Data(image.dockerArchive()).write(to: URL(fileURLWithPath: directory + "/image.tar"))
            try Shell.run("mkfifo pipe", in: directory)
            try Shell.run(beside: "exec cat image.tar > pipe", in: directory) {
                let source = try ImageSources.open(.dockerArchive(path: directory + "/pipe", reference: "test"))
                #expect(try ImageSourceContract.check(source) == [image.layers.map(\.tar)])
            }
        }
    }
}
