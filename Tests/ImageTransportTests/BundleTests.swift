import Archive
import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import Release
import StoreTestSupport
import SystemIO
import Testing

@Suite struct BundleTests {
    let directory: TemporaryStore
    let first: Store
    let release: ReleaseKey
    let image: ImageReference

    init() throws {
        directory = try TemporaryStore(at: Timestamp(milliseconds: 0))
        first = try directory.open("first", second: 0)
        release = try ReleaseKey(parsing: "agent@1.2.3")
        image = try ImageReference(parsing: "registry.example/image:1")
        try Self.put(["amd64": "one", "arm64": "two"], as: release, directory.path, into: first)
        let base = try Self.addImage(to: first, as: ImageReference(parsing: "base:1"))
        try Self.addImage(to: first, as: image, base: base)
    }

    static func put(
        _ files: [String: String],
        as release: ReleaseKey,
        _ directory: String,
        into store: Store
    ) throws {
        for (architecture, text) in files {
            let path = "\(directory)/\(release.name)-linux-\(architecture)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            _ = try store.put([
                PutRequest(
                    source: .path(path),
                    name: release.name,
                    version: release.version,
                    platform: try ArtifactPlatform(parsing: architecture == "any" ? "any" : "linux/\(architecture)"),
                    mode: 0o750,
                    annotations: [Annotation.revision: "4a5e1e"]
                )
            ])
        }
    }

    /// A release of a program for two platforms, a license and a script.
    func putFiles(_ release: ReleaseKey, into store: Store) throws {
        for (text, platform, path) in [
            ("program", "linux/arm64", nil), ("license", "any", "LICENSE"), ("start", "any", "docker/entrypoint.sh"),
            ("program", "linux/amd64", nil), ("more", "linux/amd64", "bin/more"),
        ] {
            let source = "\(directory.path)/\(path?.split(separator: "/").last ?? "agent")"
            try Data(text.utf8).write(to: URL(fileURLWithPath: source))
            _ = try store.put([
                PutRequest(
                    source: .path(source),
                    name: release.name,
                    version: release.version,
                    platform: try ArtifactPlatform(parsing: platform),
                    path: try path.map { try ReleasePath(parsing: $0) },
                    mode: 0o750,
                    annotations: ["license": "MIT"]
                )
            ])
        }
    }

    @Test("a release of several files is one manifest for each platform, and comes to another store as it is")
    func severalFiles() throws {
        let files = try ReleaseKey(parsing: "agent@2.0.0")
        try putFiles(files, into: first)
        let source = try ReleaseSource(store: first, release: files)
        let index = try source.root().index()
        #expect(index.artifactType == BundleType.files)
        #expect(index.manifests.map { $0.platform?.description } == [nil, "linux/amd64", "linux/arm64"])
        let titles = try index.manifests.flatMap { try source.document($0).manifest().layers }
            .map { $0.annotations?[Annotation.title] }
        #expect(
            titles == [
                "LICENSE", "docker/entrypoint.sh", "linux/amd64/agent", "linux/amd64/bin/more", "linux/arm64/agent",
            ]
        )

        let location = try ImageLocation(parsing: "oci:\(directory.path)/files")
        try BundleExport([.release(files)], from: first).write(to: LayoutWriters.open(location))
        let second = try directory.open("second", second: 9)
        #expect(try BundleImport(BundleSource(location)).run(into: second).artifacts.count == 5)
        #expect(try ReleaseSource(store: second, release: files).root().digest == source.root().digest)
        #expect(try second.artifacts(of: files).map(\.key) == first.artifacts(of: files).map(\.key))
        #expect(try second.artifacts(of: files).allSatisfy { $0.mode == 0o750 && $0.annotations == ["license": "MIT"] })
    }

    @Test("a release comes back from any place that it was copied to, and a look before changes nothing")
    func copiedRelease() throws {
        let layout = directory.path + "/copied"
        let source = try ReleaseSource(store: first, release: release)
        try ImageCopy.run(from: source, to: LayoutDestination(directory: layout, tag: "1.2.3"))
        let copied = try LayoutSource(directory: layout, tag: "1.2.3")
        // A release says its name itself.
        let unnamed = directory.path + "/unnamed"
        try ImageCopy.run(from: source, to: LayoutDestination(directory: unnamed, tag: nil))
        let bundles = [
            try BundleSource(.layout(path: layout, tag: nil)), try #require(try BundleSource(release: copied)),
            try BundleSource(.layout(path: unnamed, tag: nil)),
        ]
        #expect(bundles[2].parts.map(\.name) == [release.description])
        for (number, bundle) in bundles.enumerated() {
            let store = try directory.open("copied-\(number)", second: 0)
            let before = try store.lastEvent()
            let new = try BundleImport(bundle).preview(in: store)
            #expect(new.files.map(\.isNew) == [true, true])
            #expect(try store.lastEvent() == before)
            #expect(try BundleImport(bundle).run(into: store).artifacts.count == 2)
            #expect(try BundleImport(bundle).preview(in: store).files.allSatisfy { !$0.isNew })
            #expect(try ReleaseSource(store: store, release: release).root() == source.root())
        }
        let elsewhere = try directory.open("taken", second: 0)
        try Self.put(["amd64": "other"], as: release, directory.path, into: elsewhere)
        #expect(throws: StoreError.self) { try BundleImport(bundles[0]).preview(in: elsewhere) }
        #expect(try BundleSource(release: StoreSource(store: first, reference: image)) == nil)
        let other = directory.path + "/unnamed-image"
        try ImageCopy.run(
            from: StoreSource(store: first, reference: image),
            to: LayoutDestination(directory: other, tag: nil)
        )
        let error = #expect(throws: TransportError.self) { try BundleSource(.layout(path: other, tag: nil)) }
        #expect(error?.description.contains("with --tag") == true)
    }

    /// Notes an image of one layer; gives its manifest's digest.
    @discardableResult
    static func addImage(to store: Store, as reference: ImageReference, base: Digest? = nil) throws -> Digest {
        let batch = try store.beginBatch()
        var blobs: Set<Digest> = []
        func add(_ bytes: [UInt8], _ type: String) throws -> Descriptor {
            let digest = try batch.add(bytes)
            blobs.insert(digest)
            return Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
        }
        let layer = try add(Array("layer of \(reference)".utf8), MediaType.layer)
        let config = ImageConfig(platform: try Platform(parsing: "linux/amd64"), diffIDs: [layer.digest])
        let annotations = base.map { [Annotation.baseName: "base:1", Annotation.baseDigest: "\($0)"] }
        let manifest = ImageManifest(
            config: try add(CanonicalJSON.encode(config), MediaType.imageConfig),
            layers: [layer],
            annotations: annotations
        )
        let root = try add(CanonicalJSON.encode(manifest), MediaType.imageManifest)
        let record = ImageRecord(digest: root.digest, mediaType: root.mediaType, blobs: blobs, references: [reference])
        try store.commit(batch, image: record)
        return root.digest
    }

    var items: [BundleExport.Item] { [.release(release), .image(image)] }

    func export(_ items: [BundleExport.Item], from store: Store, to place: String) throws -> String {
        let location = "\(place.hasSuffix(".tar") ? "oci-archive" : "oci"):\(directory.path)/\(place)"
        let export = try BundleExport(items, from: store)
        try export.write(to: LayoutWriters.open(ImageLocation(parsing: location)))
        return location
    }

    @discardableResult
    func bring(_ location: String, into store: Store) throws -> ImportResult {
        try BundleImport(BundleSource(ImageLocation(parsing: location))).run(into: store)
    }

    @Test(arguments: ["bundle", "bundle.tar"])
    func whatWasExportedComesInWhole(place: String) throws {
        let second = try directory.open("second", second: 1)
        let result = try bring(export(items, from: first, to: place), into: second)
        #expect(result.artifacts.map(\.isNew) == [true, true])
        for (here, there) in zip(try second.artifacts(of: release), try first.artifacts(of: release)) {
            #expect(here.key == there.key)
            #expect(here.digest == there.digest)
            #expect(here.fileName == there.fileName)
            #expect(here.mode == 0o750)
            #expect(here.annotations == [Annotation.revision: "4a5e1e"])
            #expect(here.putBy == "actor-1")
        }
        // The image, and the base that nobody named.
        for name in [image, try ImageReference(parsing: "base:1")] {
            #expect(try second.image(name)?.digest == first.image(name)?.digest)
        }
        #expect(try second.verify().faults.isEmpty)
        let event = try #require(try second.latestEvents(limit: 1).first)
        #expect(event["source"]?.hasSuffix(place) == true)
    }

    @Test func theSecondTimeNothingChanges() throws {
        let second = try directory.open("second", second: 1)
        let location = try export(items, from: first, to: "bundle.tar")
        try bring(location, into: second)
        let events = try second.events().count
        let result = try bring(location, into: second)
        #expect(result.blobsCopied == 0)
        #expect(result.artifacts.allSatisfy { !$0.isNew } && result.images.allSatisfy { !$0.isNew })
        #expect(try second.events().count == events)
    }

    @Test func theBytesDependOnNothingButTheContent() throws {
        let second = try directory.open("second", second: 9)
        try Self.addImage(to: second, as: ImageReference(parsing: "other:1"))
        let location = try export(items, from: first, to: "a.tar")
        try bring(location, into: second)
        _ = try export(items.reversed() + items, from: second, to: "b.tar")
        let digests = try ["a.tar", "b.tar"].map { name in
            Digest.of(Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))))
        }
        #expect(digests[0] == digests[1])
    }

    @Test func aKeyWithOtherBytesIsAConflictAndNothingComesIn() throws {
        let second = try directory.open("second", second: 1)
        try Self.put(["arm64": "other bytes"], as: release, directory.path, into: second)
        let location = try export(items, from: first, to: "bundle.tar")
        let before = (try second.events().count, try Directory.names(in: second.paths.blobs).count)
        do {
            try bring(location, into: second)
            Issue.record("a conflict was imported")
        } catch let error as StoreError {
            guard case .conflict = error else { throw error }
        }
        #expect(try second.events().count == before.0)
        #expect(try Directory.names(in: second.paths.blobs).count == before.1)
        #expect(try second.images().isEmpty)
    }

    @Test func aRemovedKeyTakesNoOtherBytes() throws {
        let second = try directory.open("second", second: 1)
        try Self.put(["arm64": "other bytes"], as: release, directory.path, into: second)
        _ = try second.remove(release)
        let location = try export(items, from: first, to: "bundle.tar")
        #expect(throws: StoreError.self) { try bring(location, into: second) }
    }

    @Test func whatArrivedBeforeIsNotCopiedAgain() throws {
        let second = try directory.open("second", second: 1)
        let location = try export(items, from: first, to: "bundle")
        // What a killed import leaves: a blob with its name, and no row.
        let arrived = try #require(try first.artifacts(of: release).first).digest
        try FileManager.default.copyItem(atPath: first.paths.blob(arrived), toPath: second.paths.blob(arrived))
        // Nobody reads it from the bundle.
        try Directory.remove("\(directory.path)/bundle/blobs/sha256/\(arrived.hex)")
        let result = try bring(location, into: second)
        #expect(result.blobsPresent == 1)
        #expect(try second.verify().faults.isEmpty)
    }

    @Test func partsAreImportedByName() throws {
        let second = try directory.open("second", second: 1)
        let location = try export(items, from: first, to: "bundle.tar")
        try bring(location + ":agent@1.2.3", into: second)
        #expect(try second.artifacts(of: release).count == 2)
        #expect(try second.images().isEmpty)
        #expect(throws: TransportError.self) { try bring(location + ":agent@9", into: second) }
    }

    @Test func aDirectoryKeepsItsOtherParts() throws {
        _ = try export([.release(release)], from: first, to: "bundle")
        let location = try export([.image(image)], from: first, to: "bundle")
        let parts = try BundleSource(ImageLocation(parsing: location)).parts.map(\.name)
        #expect(parts == ["agent@1.2.3", "base:1", "registry.example/image:1"])
    }

    @Test func anImageByItsDigestHasATagThatSaysSo() throws {
        let digest = try #require(try first.image(image)).digest
        let reference = ImageReference(repository: image.repository, digest: digest)
        let export = try BundleExport([.image(reference)], from: first)
        #expect(export.parts.map(\.name).contains("image:sha256-\(digest.hex)"))
    }

    @Test func anArtifactThatIsNoReleaseIsNotCarried() throws {
        let batch = try first.beginBatch()
        let empty = try batch.add(Array("{}".utf8))
        let config = Descriptor(mediaType: MediaType.empty, digest: empty, size: 2)
        var manifest = ImageManifest(config: config, layers: [config])
        manifest.artifactType = "application/vnd.example.signature"
        let root = try batch.add(CanonicalJSON.encode(manifest))
        let name = try ImageReference(parsing: "signature:1")
        let record = ImageRecord(
            digest: root,
            mediaType: MediaType.imageManifest,
            blobs: [root, empty],
            references: [name]
        )
        try first.commit(batch, image: record)
        #expect(throws: TransportError.self) { try BundleExport([.image(name)], from: first) }
    }

    @Test func whatIsNotThereIsNamed() throws {
        #expect(throws: StoreError.self) {
            try BundleExport([.release(ReleaseKey(parsing: "agent@9"))], from: first)
        }
        #expect(throws: StoreError.self) {
            try BundleExport([.image(ImageReference(parsing: "nobody:1"))], from: first)
        }
    }

    @Test func aReleaseIsAnOrdinaryImageToReaders() throws {
        let outline = try ImageOutline(of: ReleaseSource(store: first, release: release))
        #expect(outline.parts.count == 2)
        #expect(outline.parts.allSatisfy { $0.manifest.config.mediaType == MediaType.empty })
        #expect(outline.parts.map { $0.descriptor.platform?.description } == ["linux/amd64", "linux/arm64"])
        let titles = outline.parts.map { $0.manifest.layers.first?.annotations?[Annotation.title] }
        #expect(titles == ["agent-linux-amd64", "agent-linux-arm64"])
    }
}

extension TemporaryStore {
    /// A store of another machine, at another time.
    func open(_ name: String, second: Int64) throws -> Store {
        try open(name, actor: "actor-\(second)", at: Timestamp(milliseconds: second * 1000))
    }
}
