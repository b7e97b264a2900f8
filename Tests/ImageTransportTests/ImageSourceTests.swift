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

    /// What `docker export` writes; its links lead out of it, or to directories.
    @Test(arguments: ["docker-archive", "oci-archive"])
    func anArchiveOfARootFileSystemIsNoImage(transport: String) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(
                """
                mkdir -p root/usr/bin; touch root/usr/bin/tool; ln -s usr/bin root/bin; ln -s /proc/mounts root/mtab
                tar -cf root.tar -C root usr bin mtab; mkdir root/oci-layout; tar -cf odd.tar -C root usr bin oci-layout
                """,
                in: directory
            )
            func error(_ name: String) throws -> TransportError? {
                let location = try ImageLocation(parsing: "\(transport):\(directory)/\(name)")
                return #expect(throws: TransportError.self) { try ImageSources.open(location) }
            }
            let absence = try error("root.tar")
            #expect(absence?.description.contains("there is no ") == true)
            #expect(absence?.description.contains("rootfs:DIR") == true)
            // With something of an image's, another reader may find one.
            guard case .ambiguousContainer? = try error("odd.tar") else {
                return #expect(Bool(false), "an archive that can be read in two ways is expected")
            }
        }
    }

    @Test(
        "an image that isn't there is said with those that are",
        arguments: ["oci:layout:nope", "oci-archive:layout.tar:nope", "docker-archive:docker.tar:nope"]
    )
    func otherNames(reference: String) throws {
        try withTemporaryDirectory { directory in
            try Self.image().write(layout: directory + "/layout", tag: "v1")
            let source = try LayoutSource(directory: directory + "/layout", tag: nil)
            let name = try ImageReference(parsing: "demo/x:v1")
            let archive = try ArchiveDestination.docker(path: directory + "/docker.tar", reference: name)
            try ImageCopy.run(from: source, to: archive)
            try Shell.run("tar -C layout -cf layout.tar .", in: directory)
            let parts = reference.split(separator: ":", maxSplits: 1)
            let location = try ImageLocation(parsing: "\(parts[0]):\(directory)/\(parts[1])")
            let error = #expect(throws: TransportError.self) { try ImageSources.open(location) }
            #expect(error?.description.contains(", which has ") == true)
            #expect(error?.description.hasSuffix("v1") == true)
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
