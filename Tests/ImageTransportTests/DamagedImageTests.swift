import Archive
import ContentAddress
import Foundation
import ImageTransport
import OCI
import TestSupport
import Testing

/// Images that aren't what they say: each is refused, and with the reason.
@Suite struct DamagedImageTests {
    private func withLayout(
        _ change: (inout TestImage) throws -> Void = { _ in },
        _ body: (String, TestImage) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            var image = TestImage { $0.file("a", [UInt8](repeating: 5, count: 5000)) }
            try change(&image)
            try image.write(layout: directory)
            try body(directory, image)
        }
    }

    private func readLayer(_ directory: String) throws {
        let source = try ImageSources.open(.layout(path: directory, tag: nil))
        let manifest = try source.root().manifest()
        let config = try source.document(manifest.config).config()
        let stream = LayerStream(of: source, manifest.layers[0], diffID: config.rootfs.diffIDs[0])
        while try stream.next() != nil {}
    }

    @Test func aCompressedLayerOfAnArchiveIsNotReadWithoutEnd() throws {
        // 5 GB of zeros in a few kilobytes: its size has to be known before it is read, and is never found out.
        try withTemporaryDirectory { directory in
            var image = TestImage { $0.file("a", "1") }
            image.layers[0].blob = try Shell.run(
                "head -c 500M /dev/zero | bzip2 -9 > part; for _ in {1..10}; do cat part; done",
                in: directory
            ).output
            try Data(image.dockerArchive()).write(to: URL(fileURLWithPath: directory + "/image.tar"))
            let error = #expect(throws: TransportError.self) {
                _ = try DockerArchiveSource(path: directory + "/image.tar", reference: nil)
            }
            guard case .spent = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    /// As an engine writes a layer in which nothing changed.
    @Test(arguments: ["gzip -n", "zstd -q", "bzip2", "cat"])
    func aLayerOfNothingIsNotDamaged(command: String) throws {
        try withTemporaryDirectory { directory in
            var image = TestImage { $0.file("a", "1") }
            image.layers[0].blob = try Shell.run("\(command) < /dev/null", in: directory).output
            image.diffIDs = [.of([UInt8]())]
            try image.write(layout: directory)
            try readLayer(directory)
            image.diffIDs = [.of("else")]
            try image.write(layout: directory + "/other")
            #expect(throws: TransportError.self) { try readLayer(directory + "/other") }
        }
    }

    @Test func aFlippedByteInALayer() throws {
        try withLayout { directory, image in
            let path = "\(directory)/blobs/sha256/\(Digest.of(image.layers[0].blob).hex)"
            try Shell.run("printf X | dd of=\(path) bs=1 seek=600 conv=notrunc status=none", in: directory)
            let error = #expect(throws: TransportError.self) { try readLayer(directory) }
            guard case .digest = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    @Test(arguments: ["truncate -s -1", "truncate -s +1"])
    func aLayerOfAnotherSize(command: String) throws {
        try withLayout { directory, image in
            try Shell.run("\(command) \(directory)/blobs/sha256/\(Digest.of(image.layers[0].blob).hex)", in: directory)
            let error = #expect(throws: TransportError.self) { try readLayer(directory) }
            guard case .size = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    @Test(arguments: [true, false])
    func aWrongDiffID(isCompressed: Bool) throws {
        try withLayout({
            $0.diffIDs = [Digest.of("another layer")]
            if isCompressed { $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "+gzip") }
        }) { directory, image in
            let found = Digest.of(image.layers[0].tar)
            let error = #expect(throws: TransportError.self) { try readLayer(directory) }
            #expect(
                error
                    == .digest(
                        what: "layer \(Digest.of(image.layers[0].blob).short), uncompressed,",
                        expected: .of("another layer"),
                        found: found
                    )
            )
        }
    }

    @Test func aChangedManifest() throws {
        try withLayout { directory, image in
            let path = "\(directory)/blobs/sha256/\(Digest.of(image.manifest).hex)"
            try Shell.run("sed -i 's/schemaVersion\":2/schemaVersion\":3/' \(path)", in: directory)
            #expect(throws: TransportError.self) { try ImageSources.open(.layout(path: directory, tag: nil)) }
        }
    }

    @Test func aDamagedGzipLayer() throws {
        try withLayout({
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "+gzip")
            $0.layers[0].blob.removeLast(10)
        }) { directory, _ in
            let error = #expect(throws: TransportError.self) { try readLayer(directory) }
            guard case .compression(_, let reason) = error else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(reason.reason == .truncated)
        }
    }

    @Test func aBombIsStoppedAtTheLimit() throws {
        try withLayout({
            $0.layers[0] = try .init([UInt8](repeating: 0, count: 64 << 20), by: "gzip -n", suffix: "+gzip")
        }) { directory, _ in
            let source = try ImageSources.open(.layout(path: directory, tag: nil))
            let layer = try source.root().manifest().layers[0]
            let stream = LayerStream(of: source, layer, diffID: nil, budget: WorkBudget(bytes: 1 << 20))
            let error = #expect(throws: TransportError.self) { while try stream.next() != nil {} }
            guard case .spent = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(stream.uncompressedCount < 2 << 20)
        }
    }

    @Test func aPipeInPlaceOfABlobDoesNotBlock() throws {
        try withLayout { directory, image in
            let path = "\(directory)/blobs/sha256/\(Digest.of(image.layers[0].blob).hex)"
            try Shell.run("rm \(path); mkfifo \(path)", in: directory)
            #expect(throws: TransportError.self) { try readLayer(directory) }
        }
    }

    @Test(arguments: [
        ("no manifest", "{}", "manifest.json"),
        ("no list", #"{"Config":"c"}"#, "manifest.json"),
        ("too few layers", #"[{"Config":"config.json","RepoTags":[],"Layers":[]}]"#, "layers"),
        ("a missing layer", #"[{"Config":"config.json","RepoTags":[],"Layers":["../../etc/passwd"]}]"#, "passwd"),
        ("a missing config", #"[{"Config":"/etc/passwd","RepoTags":[],"Layers":["a"]}]"#, "passwd"),
        ("a link loop", #"[{"Config":"config.json","RepoTags":[],"Layers":["loop"]}]"#, "loop"),
    ])
    func aDockerArchiveThatContradictsItself(label: String, manifest: String, word: String) throws {
        try withTemporaryDirectory { directory in
            let image = TestImage { $0.file("a", "content") }
            var archive = TarBuilder()
            archive.file("config.json", image.config)
            archive.symbolicLink("loop", to: "loop")
            archive.file("manifest.json", manifest)
            let path = directory + "/image.tar"
            try Data(archive.archive).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: TransportError.self) {
                try ImageSources.open(.dockerArchive(path: path, reference: nil))
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(word))
        }
    }

    @Test func aConfigThatIsNotWhatItsNameSays() throws {
        try withTemporaryDirectory { directory in
            let image = TestImage { $0.file("a", "content") }
            var archive = TarBuilder()
            let name = "\(Digest.of("something else").hex).json"
            archive.file("l", image.layers[0].blob)
            archive.file(name, image.config)
            archive.file("manifest.json", #"[{"Config":"\#(name)","RepoTags":[],"Layers":["l"]}]"#)
            let path = directory + "/image.tar"
            try Data(archive.archive).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: TransportError.self) {
                try ImageSources.open(.dockerArchive(path: path, reference: nil))
            }
            guard case .digest = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
    }

    @Test func anArchiveCutShort() throws {
        try withTemporaryDirectory { directory in
            let bytes = TestImage { $0.file("a", [UInt8](repeating: 1, count: 3000)) }.dockerArchive()
            for count in stride(from: 0, to: bytes.count - 1024, by: 100) {
                try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: directory + "/image.tar"))
                #expect(throws: TransportError.self) {
                    try ImageSources.open(.dockerArchive(path: directory + "/image.tar", reference: nil))
                }
            }
        }
    }

    @Test func severalImagesNeedAName() throws {
        try withTemporaryDirectory { directory in
            try TestImage { $0.file("a", "1") }.write(layout: directory, tag: "one")
            try TestImage.write(
                [TestImage { $0.file("a", "1") }, TestImage { $0.file("a", "2") }],
                layout: directory,
                tag: "both",
                asIndex: false
            )
            let error = #expect(throws: TransportError.self) {
                try ImageSources.open(.layout(path: directory, tag: nil))
            }
            guard case .ambiguous = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(throws: TransportError.self) { try ImageSources.open(.layout(path: directory, tag: "none")) }
        }
    }
}
