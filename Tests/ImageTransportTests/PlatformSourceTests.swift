import ContentAddress
import Glibc
import ImageTransport
import OCI
import SystemIO
import TestSupport
import Testing

/// One platform of an index, copied alone.
@Suite struct PlatformSourceTests {
    private static func image(_ architecture: String) -> TestImage {
        var image = TestImage { $0.file("a", architecture) }
        image.architecture = architecture
        return image
    }

    private func withLayout(
        _ images: [TestImage],
        without missing: Digest? = nil,
        _ body: (LayoutSource, String) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            try TestImage.write(images, layout: directory + "/in")
            if let missing { try Directory.remove(directory + "/in/blobs/sha256/\(missing.hex)") }
            try body(try LayoutSource(directory: directory + "/in", tag: nil), directory)
        }
    }

    @Test(
        "a platform goes on where another one's blobs are missing, and the error says which and how",
        arguments: [
            (Digest.of(image("amd64").manifest), "the image for linux/amd64"),
            (Digest.of(image("amd64").config), "the config of the image for linux/amd64"),
            (Digest.of(image("amd64").layers[0].blob), "a layer of the image for linux/amd64"),
        ]
    )
    func onePlatform(_ missing: Digest, _ words: String) throws {
        let wanted = Self.image("arm64")
        try withLayout([Self.image("amd64"), wanted], without: missing) { source, directory in
            let error = #expect(throws: TransportError.self) {
                try ImageCopy.run(from: source, to: LayoutDestination(directory: directory + "/all", tag: "1"))
            }
            #expect(error?.description.contains(", \(words) in ") == true)
            #expect(error?.description.contains("--platform") == true)
            let chosen = try PlatformSource(source, platform: try Platform(parsing: "linux/arm64"))
            let root = try ImageCopy.run(from: chosen, to: LayoutDestination(directory: directory + "/out", tag: "1"))
            #expect(root.digest == .of(wanted.manifest))
            let index = try File.open(directory + "/out/index.json", O_RDONLY).readBytes(limit: 1 << 20)
            #expect(
                String(decoding: index, as: UTF8.self).contains(#""platform":{"architecture":"arm64","os":"linux"}"#)
            )
            #expect(try Directory.names(in: directory + "/out/blobs/sha256").count == 3)
        }
    }

    @Test("a platform whose manifest is missing is said to be the one that was asked for")
    func missingPlatform() throws {
        let wanted = Self.image("arm64")
        try withLayout([Self.image("amd64"), wanted], without: .of(wanted.manifest)) { source, _ in
            let error = #expect(throws: TransportError.self) {
                try PlatformSource(source, platform: try Platform(parsing: "linux/arm64"))
            }
            #expect(error?.description.contains(", the image for linux/arm64 in ") == true)
            #expect(error?.description.contains("--platform") == false)
        }
    }

    @Test("what isn't there is said with what is", arguments: ["linux/arm/v7", "linux/amd64"])
    func otherPlatform(platform: String) throws {
        try withLayout([Self.image("arm64"), Self.image("s390x")]) { source, _ in
            let error = #expect(throws: TransportError.self) {
                try PlatformSource(source, platform: try Platform(parsing: platform))
            }
            #expect(error?.description.contains("linux/arm64, linux/s390x") == true)
        }
    }

    @Test(
        "a member without a platform, or with half of one, has its config's",
        arguments: ["{}", #"{"os":"linux","architecture":""}"#, #"{"architecture":"arm64"}"#, "null"]
    )
    func platformOfTheConfig(written: String) throws {
        try withTemporaryDirectory { directory in
            let wanted = Self.image("arm64")
            try TestImage.write([Self.image("amd64"), wanted], layout: directory) { index in
                index.replacing(#"{"architecture":"arm64","os":"linux"}"#, with: written)
            }
            let source = try LayoutSource(directory: directory, tag: nil)
            let chosen = try PlatformSource(source, platform: try Platform(parsing: "linux/arm64"))
            #expect(chosen.root().digest == .of(wanted.manifest))
            #expect(
                try IndexMembers.all(of: source).map(\.platform) == [
                    .init(parsing: "linux/amd64"), .init(parsing: "linux/arm64"),
                ]
            )
        }
    }

    /// Indexes in each other around an image, the outermost first, and an image beside them.
    private func nested(_ depth: Int, twice: Bool = false, _ directory: String) throws -> [Digest] {
        let inner = Self.image("arm64")
        try inner.write(layout: directory)
        var member = JSONValue.object(TestImage.descriptor(inner.manifest, MediaType.imageManifest))
        var digests: [Digest] = []
        for _ in 1..<depth {
            let bytes = CanonicalJSON.encode(["schemaVersion": 2, "manifests": [member]])
            let path = directory + "/blobs/sha256/" + Digest.of(bytes).hex
            try File.open(path, O_WRONLY | O_CREAT, mode: 0o644).write(bytes)
            member = .object(TestImage.descriptor(bytes, MediaType.imageIndex))
            digests.append(.of(bytes))
        }
        let text = String(decoding: CanonicalJSON.encode(member), as: UTF8.self)
        let members = twice ? text + "," + text : text
        try TestImage.write([Self.image("amd64")], layout: directory) { index in
            index.replacing(#""manifests":["#, with: #""manifests":[\#(members),"#)
        }
        return digests
    }

    @Test("indexes in indexes are four deep at most, and each is read once", arguments: [2, 4, 5])
    func nestedIndexes(depth: Int) throws {
        try withTemporaryDirectory { directory in
            _ = try nested(depth, twice: true, directory)
            let source = try LayoutSource(directory: directory, tag: nil)
            let choose = { try PlatformSource(source, platform: try Platform(parsing: "linux/arm64")) }
            guard depth < 5 else {
                let error = #expect(throws: TransportError.self) { try choose() }
                #expect(error?.description.contains("to a depth of 4") == true)
                #expect(throws: TransportError.self) { try ImageOutline(of: source) }
                return
            }
            #expect(try choose().root().digest == .of(Self.image("arm64").manifest))
            #expect(
                try IndexMembers.all(of: source).compactMap(\.platform).map(\.description) == [
                    "linux/arm64", "linux/amd64",
                ]
            )
        }
    }

    @Test func aNestedIndexThatIsntThereIsNobodysChoice() throws {
        try withTemporaryDirectory { directory in
            let missing = try #require(try nested(2, directory).last)
            try Directory.remove(directory + "/blobs/sha256/\(missing.hex)")
            let source = try LayoutSource(directory: directory, tag: nil)
            let chosen = try PlatformSource(source, platform: try Platform(parsing: "linux/amd64"))
            #expect(chosen.root().digest == .of(Self.image("amd64").manifest))
        }
    }

    @Test func anIndexWithAManifestOfSchema1IsNotCopied() throws {
        let old = "application/vnd.docker.distribution.manifest.v1+prettyjws"
        try withTemporaryDirectory { directory in
            try TestImage.write([Self.image("amd64")], layout: directory) { index in
                index.replacing("application/vnd.oci.image.manifest.v1+json", with: old)
            }
            let source = try LayoutSource(directory: directory, tag: nil)
            let error = #expect(throws: TransportError.self) { try ImageOutline(of: source) }
            #expect(error?.description.contains("convert it to a current manifest") == true)
        }
    }

    @Test("two images for the platform are a question, and an image without an index is one of its config's platform")
    func others() throws {
        var second = Self.image("arm64")
        second.annotations = ["a": "b"]
        let platform = try Platform(parsing: "linux/arm64")
        try withLayout([Self.image("arm64"), second]) { source, _ in
            let error = #expect(throws: TransportError.self) { try PlatformSource(source, platform: platform) }
            guard case .ambiguous = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
        try withTemporaryDirectory { directory in
            try Self.image("arm64").write(layout: directory)
            let source = try LayoutSource(directory: directory, tag: nil)
            #expect(try PlatformSource(source, platform: platform).root() == source.root())
            #expect(throws: TransportError.self) {
                try PlatformSource(source, platform: try Platform(parsing: "linux/amd64"))
            }
        }
    }

    @Test(
        "an image that names no platform is for any that it doesn't speak against",
        arguments: [
            ("", "", true), ("linux", "", true), ("", "arm64", true), ("windows", "", false), ("", "amd64", false),
        ]
    )
    func unsaid(os: String, architecture: String, isTaken: Bool) throws {
        var image = Self.image("arm64")
        (image.os, image.architecture) = (os, architecture)
        try withTemporaryDirectory { directory in
            try image.write(layout: directory)
            let source = try LayoutSource(directory: directory, tag: nil)
            let chosen = try? PlatformSource(source, platform: try Platform(parsing: "linux/arm64")).root()
            let root = source.root()
            #expect((chosen == root) == isTaken)
        }
    }
}
