import Archive
import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import ImageTransport
import ImageTransportContract
import OCI
import StoreTestSupport
import SystemIO
import TestSupport
import Testing

@Suite struct ImageDestinationTests {
    private let directory: TemporaryStore
    private let store: Store
    private let source: StoreSource

    init() throws {
        directory = try TemporaryStore(at: Timestamp(milliseconds: 0))
        store = try directory.open()
        let reference = try ImageReference(parsing: "image:1")
        try Self.addImage(to: store, as: reference)
        source = try StoreSource(store: store, reference: reference)
    }

    /// Notes an image of two platforms, which share a layer.
    private static func addImage(to store: Store, as reference: ImageReference) throws {
        let batch = try store.beginBatch()
        var manifests: [Descriptor] = []
        var blobs: Set<Digest> = []
        func add(_ bytes: [UInt8], _ type: String) throws -> Descriptor {
            let digest = try batch.add(bytes)
            blobs.insert(digest)
            return Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
        }
        for platform in [try Platform(parsing: "linux/amd64"), try Platform(parsing: "linux/arm64")] {
            let tars = ["shared", platform.architecture].map { text in
                TarWriter.encode(TarHeader(path: text, kind: .file, mode: 0o644, size: Int64(text.utf8.count)))
                    + Array(text.utf8) + TarWriter.padding(after: Int64(text.utf8.count)) + TarWriter.trailer
            }
            let layers = try tars.map { try add($0, MediaType.layer) }
            let config = ImageConfig(platform: platform, diffIDs: layers.map(\.digest))
            let manifest = ImageManifest(
                config: try add(CanonicalJSON.encode(config), MediaType.imageConfig),
                layers: layers
            )
            var descriptor = try add(CanonicalJSON.encode(manifest), MediaType.imageManifest)
            descriptor.platform = platform
            manifests.append(descriptor)
        }
        let index = try add(CanonicalJSON.encode(ImageIndex(manifests: manifests)), MediaType.imageIndex)
        let record = ImageRecord(
            digest: index.digest,
            mediaType: index.mediaType,
            blobs: blobs,
            references: [reference]
        )
        try store.commit(batch, image: record)
    }

    @Test func layout() throws {
        let path = directory.path + "/layout"
        try ImageDestinationContract.check(source) {
            try LayoutDestination(directory: path, tag: "1")
        } read: {
            (try? FileStatus.of(path + "/index.json")) == nil ? nil : try LayoutSource(directory: path, tag: "1")
        }
    }

    @Test(
        "a layout's blob is hashed where it stands, and replaced when it is something else",
        arguments: ["other bytes", "cut short", "empty", "link to the same bytes", "dangling link"]
    )
    func layoutBelievesNothing(kind: String) throws {
        let path = directory.path + "/layout"
        try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "1"))
        let outline = try ImageOutline(of: source)
        for descriptor in outline.blobs {
            let blob = path + "/blobs/sha256/" + descriptor.digest.hex
            let bytes = try File.open(blob).readBytes(limit: 1 << 20)
            try Directory.rename(blob, to: directory.path + "/good")
            switch kind {
            case "other bytes": try Self.write([UInt8(bytes[0] ^ 1)] + bytes.dropFirst(), to: blob)
            case "cut short": try Self.write(Array(bytes.dropLast()), to: blob)
            case "empty": try Self.write([], to: blob)
            case "link to the same bytes": try #require(symlink(directory.path + "/good", blob) == 0)
            default: try #require(symlink("nowhere", blob) == 0)
            }
            try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "2"))
            #expect(try FileStatus.ofLink(blob).kind == .file)
            #expect(try File.open(blob).readBytes(limit: 1 << 20) == bytes)
            #expect(try File.open(directory.path + "/good").readBytes(limit: 1 << 20) == bytes)
        }
    }

    @Test("what no file can replace is the layout's fault", arguments: ["directory", "pipe"])
    func layoutNamesWhatItCannotReplace(kind: String) throws {
        let path = directory.path + "/layout"
        try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "1"))
        let blob = path + "/blobs/sha256/" + (try #require(try ImageOutline(of: source).blobs.first).digest.hex)
        try Directory.remove(blob)
        try #require((kind == "pipe" ? mkfifo(blob, 0o644) : mkdir(blob, 0o755)) == 0)
        let error = #expect(throws: TransportError.self) {
            try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "2"))
        }
        guard case .document = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test("a layout is written through no link, and onto no pipe", arguments: ["blobs", "blobs/sha256", "index.json"])
    func layoutFollowsNoLink(name: String) throws {
        let path = directory.path + "/layout"
        try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "1"))
        if name == "index.json" {
            try Directory.remove(path + "/index.json")
            try #require(mkfifo(path + "/index.json", 0o644) == 0)
        } else {
            try Directory.rename(path + "/" + name, to: directory.path + "/elsewhere")
            try #require(symlink(directory.path + "/elsewhere", path + "/" + name) == 0)
        }
        #expect(throws: TransportError.self) {
            try ImageCopy.run(from: source, to: LayoutDestination(directory: path, tag: "2"))
        }
    }

    @Test("the store's copy of a blob is hashed, and replaced by the one in hand")
    func storeBelievesNothing() throws {
        let outline = try ImageOutline(of: source)
        let layout = directory.path + "/layout"
        try ImageCopy.run(from: source, to: LayoutDestination(directory: layout, tag: "1"))
        let reference = try ImageReference(parsing: "image:1")
        for descriptor in outline.blobs {
            let blob = store.paths.blob(descriptor.digest)
            let bytes = try File.open(blob).readBytes(limit: 1 << 20)
            try Directory.remove(blob)
            try Self.write([UInt8](repeating: 7, count: bytes.count), to: blob)
            try ImageCopy.run(
                from: LayoutSource(directory: layout, tag: "1"),
                to: StoreDestination(store: store, references: [reference])
            )
            #expect(try store.readBlob(descriptor.digest) == bytes)
        }
        #expect(try store.verify().faults.isEmpty)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        try File.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644).write(bytes)
    }

    @Test func layoutArchive() throws {
        let path = directory.path + "/image.tar"
        try ImageDestinationContract.check(source) {
            try ArchiveDestination.layout(path: path, tag: "1")
        } read: {
            (try? FileStatus.of(path)) == nil ? nil : try LayoutSource(archive: path, tag: "1")
        }
    }

    @Test(
        "an archived layout has the name where containerd looks for it, unless the caller gave another tag",
        arguments: [
            ("demo/x:0.1.0", nil, "docker.io/demo/x:0.1.0", "0.1.0"), ("demo/x:0.1.0", "own", nil, "own"),
            ("x", nil, nil, nil),
        ] as [(String, String?, String?, String?)]
    )
    func nameOfALayoutArchive(_ written: String, _ tag: String?, _ full: String?, _ short: String?) throws {
        let path = directory.path + "/named-layout.tar"
        let location = ImageLocation.layoutArchive(path: path, tag: tag)
        let reference = try ImageReference(parsing: written)
        try ImageCopy.run(from: source, to: try ImageDestinations.open(location, reference: reference))
        let index = try Shell.run("tar xOf named-layout.tar index.json", in: directory.path).text
        for (name, value) in [("io.containerd.image.name", full), ("org.opencontainers.image.ref.name", short)] {
            #expect(index.contains("\"\(name)\"") == (value != nil))
            if let value { #expect(index.contains("\"\(name)\":\"\(value)\"")) }
        }
    }

    @Test("an archive of Docker's takes no digest, with which nothing could be compared")
    func digestOfADockerArchive() throws {
        let path = directory.path + "/digest.tar"
        let digest = source.root().digest
        for location in [
            ImageLocation.dockerArchive(path: path, reference: "a@\(digest)"),
            .dockerDaemon(reference: "a:1@\(digest)"),
        ] {
            let error = #expect(throws: TransportError.self) {
                try ImageDestinations.open(location, reference: nil)
            }
            guard case .unsuitable? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
        #expect((try? FileStatus.of(path)) == nil)
    }

    // containerd reads index.json as soon as there is an oci-layout, and takes the name from an annotation.
    @Test(arguments: [
        ("demo/x:0.1.0", "docker.io/demo/x:0.1.0", "demo/x:0.1.0"), ("x", "docker.io/library/x:latest", "x:latest"),
        ("localhost:5000/x:1", "localhost:5000/x:1", "localhost:5000/x:1"),
    ])
    func aDockerArchiveHasItsNameWhereEachEngineLooks(_ written: String, _ full: String, _ short: String) throws {
        let path = directory.path + "/named.tar"
        let reference = try ImageReference(parsing: written)
        try ImageCopy.run(from: source, to: try ArchiveDestination.docker(path: path, reference: reference))
        func text(_ name: String) throws -> String {
            let bytes = try Shell.run("tar xOf named.tar \(name)", in: directory.path).output
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try text("index.json").contains(#""io.containerd.image.name":"\#(full)""#))
        #expect(try text("manifest.json").contains(#""RepoTags":["\#(short)"]"#))
    }

    @Test func aCopyKeepsWhatThePlaceSaysOfTheImage() throws {
        let one = directory.path + "/one"
        try ImageCopy.run(from: source, to: try LayoutDestination(directory: one, tag: "1"))
        let index = URL(fileURLWithPath: one + "/index.json")
        let text = try String(contentsOf: index, encoding: .utf8)
        let named = text.replacing(
            #""org.opencontainers.image.ref.name":"1""#,
            with: #""io.containerd.image.name":"a.example/x:1","org.opencontainers.image.ref.name":"1","own":"kept""#
        ).replacing(
            #""digest""#,
            with: #""platform":{"architecture":"amd64","os":"linux","os.version":"1.0"},"x": 1.5,"digest""#
        )
        #expect(named != text)
        try named.write(to: index, atomically: true, encoding: .utf8)
        let two = directory.path + "/two"
        let read = try LayoutSource(directory: one, tag: "1")
        try ImageCopy.run(from: read, to: try LayoutDestination(directory: two, tag: "2"))
        let copied = try String(contentsOf: URL(fileURLWithPath: two + "/index.json"), encoding: .utf8)
        #expect(
            copied.contains(#"{"annotations":{"org.opencontainers.image.ref.name":"2","own":"kept"},"digest":"sha256:"#)
        )
        #expect(copied.contains(#","platform":{"architecture":"amd64","os":"linux","os.version":"1.0"},"size":"#))
        #expect(copied.contains(#","x":1.5}"#))
        let archive = directory.path + "/two.tar"
        try ImageCopy.run(from: read, to: try ArchiveDestination.layout(path: archive, tag: nil))
        let packed = try Shell.run("tar xOf two.tar index.json", in: directory.path).output
        #expect(String(decoding: packed, as: UTF8.self).contains(#"{"annotations":{"own":"kept"},"digest":"#))
    }

    @Test func aCopyKeepsTheFurtherNamesOfADockerArchive() throws {
        let reference = try ImageReference(parsing: "demo/x:1")
        let first = directory.path + "/first.tar"
        try ImageCopy.run(from: source, to: try ArchiveDestination.docker(path: first, reference: reference))
        try Shell.run(
            """
            mkdir names && tar xf first.tar -C names && cd names && rm index.json oci-layout
            sed -i 's|"demo/x:1"|"demo/x:1","localhost:5000/x:2","x:latest"|' manifest.json && tar cf ../names.tar *
            """,
            in: directory.path
        )
        let read = try DockerArchiveSource(path: directory.path + "/names.tar", reference: nil)
        let second = directory.path + "/second.tar"
        try ImageCopy.run(from: read, to: try ArchiveDestination.docker(path: second, reference: nil))
        let again = try DockerArchiveSource(path: second, reference: "localhost:5000/x:2")
        #expect(again.notes.ambiguities.isEmpty && again.notes.further.isEmpty)
        #expect(again.listing.names.map { "\($0)" } == ["demo/x:1", "localhost:5000/x:2", "x:latest"])
        // A name that is asked for is the only one.
        let third = directory.path + "/third.tar"
        try ImageCopy.run(from: read, to: try ArchiveDestination.docker(path: third, reference: reference))
        #expect(try DockerArchiveSource(path: third, reference: nil).listing.names == [reference])
    }

    @Test func aDockerArchiveHasAllNamesThatItIsGiven() throws {
        let path = directory.path + "/named.tar"
        let names = try ["demo/x:1", "registry.example/x:2", "docker.io/demo/x:1", "demo/x:1"].map {
            try ImageReference(parsing: $0)
        }
        let location = ImageLocation.dockerArchive(path: path, reference: nil)
        let target = try ImageDestinations.open(location, reference: names[0], further: Array(names[1...]))
        try ImageCopy.run(from: source, to: target)
        #expect(try DockerArchiveSource(path: path, reference: nil).listing.names == Array(names[..<2]))
        let text = String(decoding: try File.open(path).readBytes(limit: 1 << 20), as: UTF8.self)
        #expect(text.contains(#""RepoTags":["demo/x:1","registry.example/x:2"]"#))
        // The location's own name is the only one.
        let own = ImageLocation.dockerArchive(path: path, reference: "own:1")
        try ImageCopy.run(
            from: source,
            to: try ImageDestinations.open(own, reference: names[0], further: Array(names[1...]))
        )
        #expect(try DockerArchiveSource(path: path, reference: nil).listing.names.map { "\($0)" } == ["own:1"])
    }

    @Test func anotherStore() throws {
        let other = try directory.open("other")
        let reference = try ImageReference(parsing: "copy:1")
        try ImageDestinationContract.check(source) {
            try StoreDestination(store: other, references: [reference])
        } read: {
            try other.image(reference) == nil ? nil : try StoreSource(store: other, reference: reference)
        }
    }

    @Test(arguments: [Store.defaultGrace, 0])
    func anImageThatIsRemovedWhileItIsCopiedIsCopiedWholeOrNotAtAll(grace: Int64) throws {
        let path = directory.path + "/layout"
        var collected: Int?
        func copy() throws {
            try ImageCopy.run(from: source, to: try LayoutDestination(directory: path, tag: "1")) { _ in
                guard collected == nil else { return }
                _ = try? store.removeImage(ImageReference(parsing: "image:1"))
                collected = (try? store.collect(grace: grace))?.blobs.count
            }
        }
        if grace > 0 {
            // The grace period is for this: what began before the name went finds all that it was promised.
            try copy()
            #expect(collected == 0)
            try ImageSourceContract.check(try LayoutSource(directory: path, tag: "1"))
        } else {
            #expect {
                try copy()
            } throws: {
                if case TransportError.notFound = $0 { true } else { false }
            }
            #expect(collected == 8)
            #expect((try? FileStatus.of(path + "/index.json")) == nil)
        }
    }

    @Test func aLayoutKeepsItsOtherImages() throws {
        let path = directory.path + "/layout"
        for tag in ["1", "2", "1"] {
            try ImageCopy.run(from: source, to: try LayoutDestination(directory: path, tag: tag))
        }
        for tag in ["1", "2"] {
            #expect(try LayoutSource(directory: path, tag: tag).root().digest == source.root().digest)
        }
        let index = try File.open(path + "/index.json").readBytes(limit: 1 << 20)
        let entries = try ImageDocument(mediaType: MediaType.imageIndex, bytes: index).index().manifests
        #expect(entries.count == 2)
    }

    @Test func aDockerArchiveNamesOnePlatformAndHoldsAll() throws {
        let path = directory.path + "/docker.tar"
        let reference = try ImageReference(parsing: "registry.example/team/image:1")
        try ImageCopy.run(from: source, to: try ArchiveDestination.docker(path: path, reference: reference))
        let docker = try DockerArchiveSource(path: path, reference: nil)
        try ImageSourceContract.check(docker)
        #expect(try docker.root().manifest().layers.count == 2)
        #expect(try LayoutSource(archive: path, tag: nil).root().digest == source.root().digest)
    }

    @Test func theSameImageGivesTheSameArchive() throws {
        var digests: Set<Digest> = []
        for name in ["a", "b"] {
            try ImageCopy.run(
                from: source,
                to: try ArchiveDestination.layout(path: directory.path + "/" + name, tag: "1")
            )
            digests.insert(.of(try File.open(directory.path + "/" + name).readBytes(limit: 1 << 20)))
        }
        #expect(digests.count == 1)
    }

    @Test func anArchiveTakesNoMoreRoomThanItsBytes() throws {
        let path = directory.path + "/image.tar"
        try ImageCopy.run(from: source, to: try ArchiveDestination.layout(path: path, tag: "1"))
        let status = try FileStatus.of(path)
        // Storage is given out in blocks, of 64 KiB at most where tests run.
        #expect(status.allocatedSize < status.size + (64 << 10))
    }

    @Test(arguments: [[1 << 60], [Int64.max, Int64.max]])
    func whatAnArchiveHasNoRoomForIsRefusedBeforeTheFirstByte(sizes: [Int64]) throws {
        let path = directory.path + "/large.tar"
        let blobs = sizes.map { size in
            Descriptor(mediaType: MediaType.layer, digest: .of([UInt8]("\(size)".utf8)), size: size)
        }
        let error = try #require(throws: TransportError.self) {
            try ArchiveDestination.layout(path: path, tag: "1").prepare(for: blobs)
        }
        #expect("\(error)".contains("reserve space in"))
        #expect("\(error)".contains(directory.path))
        #expect((try? FileStatus.of(path)) == nil)
    }

    @Test(arguments: ["rootfs:/x", "docker-container:x", "dir:/x", "docker://registry.example/x", "plain:1"])
    func refusesWhatCantBeWritten(place: String) throws {
        let location = try ImageLocation(parsing: place)
        #expect(throws: TransportError.self) { try ImageDestinations.open(location, reference: nil) }
    }
}
