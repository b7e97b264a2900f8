import ArtifactStore
import ContentAddress
import Glibc
import OCI
import Release
import Synchronization
import SystemIO
import Testing

@Suite("What stands under a blob's name is not believed")
struct StandingBlobTests {
    private let fixture: Fixture
    private let store: Store
    private let bytes = Array("the released bytes".utf8)
    private var digest: Digest { .of(bytes) }
    private var blob: String { store.paths.blob(digest) }
    private var elsewhere: String { fixture.directory + "/elsewhere" }

    private static let kinds = [
        "other bytes", "cut short", "empty", "longer", "link", "link to the same bytes", "dangling link", "directory",
        "pipe", "device",
    ]

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("first", bytes))])
    }

    /// Puts something else in the blob's place.
    private func damage(_ kind: String) throws {
        func write(_ content: [UInt8]) throws { _ = try fixture.file("bad", content) }
        switch kind {
        case "other bytes": try write(Array("the ReleaseD bytes".utf8))
        case "cut short": try write(Array(bytes.dropLast()))
        case "empty": try write([])
        case "longer": try write(bytes + [0])
        case "link": try #require(symlink(elsewhere, fixture.directory + "/bad") == 0)
        case "link to the same bytes":
            _ = try fixture.file("elsewhere", bytes)
            try #require(symlink(elsewhere, fixture.directory + "/bad") == 0)
        case "dangling link": try #require(symlink("nowhere", fixture.directory + "/bad") == 0)
        case "directory": try Directory.createWithParents(fixture.directory + "/bad/inner")
        case "pipe": try #require(mkfifo(fixture.directory + "/bad", 0o644) == 0)
        default:
            // Opening it for reading would change nothing; making it takes root, so that a socket's stand-in will do.
            if mknod(fixture.directory + "/bad", S_IFCHR | 0o644, 0x103) != 0 {
                try #require(mkfifo(fixture.directory + "/bad", 0o644) == 0)
            }
        }
        if kind == "link" { _ = try fixture.file("elsewhere", "another's file") }
        try Directory.remove(blob)
        try Directory.rename(fixture.directory + "/bad", to: blob)
    }

    private func expectWhole(_ kind: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let status = try FileStatus.ofLink(blob)
        #expect(status.kind == .file, sourceLocation: sourceLocation)
        #expect(status.mode == 0o444, sourceLocation: sourceLocation)
        #expect(try store.readBlob(digest) == bytes, sourceLocation: sourceLocation)
        #expect(try store.verify().faults.isEmpty, sourceLocation: sourceLocation)
        #expect(try Directory.names(in: store.paths.quarantine).count == 1, sourceLocation: sourceLocation)
        #expect(try Directory.names(in: store.paths.staging).isEmpty, sourceLocation: sourceLocation)
        if kind == "link" { #expect(try fixture.bytes(elsewhere) == Array("another's file".utf8)) }
    }

    @Test("a put of one file replaces it, whether it is released already or not", arguments: kinds, [true, false])
    func putOne(kind: String, isReleased: Bool) throws {
        try damage(kind)
        let request = try fixture.request(fixture.file("again", bytes), isReleased ? "agent@1.2.3" : "other@1")
        #expect(try store.put([request])[0].isNew == !isReleased)
        try expectWhole(kind)
    }

    @Test("a put of many files replaces it", arguments: kinds)
    func putMany(kind: String) throws {
        try damage(kind)
        let requests = try (0..<40).map { number in
            let content = number == 7 ? bytes : Array("file \(number)".utf8)
            return try fixture.request(fixture.file("f\(number)", content), "n\(number)@1")
        }
        _ = try store.put(requests)
        try expectWhole(kind)
    }

    @Test("an import replaces it, whether it brings something new or not", arguments: kinds, [true, false])
    func importing(kind: String, isReleased: Bool) throws {
        if !isReleased { _ = try store.remove(ReleaseKey(parsing: "agent@1.2.3")) }
        try damage(kind)
        let artifact = ImportedArtifact(
            key: ArtifactKey(
                name: try RepositoryName(parsing: "agent"),
                version: try Version(parsing: "1.2.3"),
                platform: .any
            ),
            digest: digest,
            size: Int64(bytes.count),
            fileName: "first",
            mode: 0o644
        )
        let request = ImportRequest(
            source: "oci:elsewhere",
            artifacts: [artifact],
            images: [],
            blobs: [digest: artifact.size]
        )
        let intake = try store.beginImport(request)
        #expect(intake.missing == [digest])
        _ = try intake.add(digest) { sink in try bytes.withUnsafeBytes { try sink($0) } }
        #expect(try intake.commit().artifacts.map(\.isNew) == [!isReleased])
        try expectWhole(kind)
    }

    @Test("a batch that has the bytes replaces it, though its image is recorded already", arguments: kinds)
    func batch(kind: String) throws {
        let record = ImageRecord(
            digest: digest,
            mediaType: "x",
            blobs: [digest],
            references: [try ImageReference(parsing: "image:1")]
        )
        func commit() throws -> Bool {
            let batch = try store.beginBatch()
            _ = try batch.add(bytes)
            return try store.commit(batch, image: record)
        }
        #expect(try commit())
        #expect(try !commit())
        try damage(kind)
        #expect(try !store.isWhole(digest, size: Int64(bytes.count)))
        #expect(try commit())
        try expectWhole(kind)
    }

    @Test("an image whose blob is bad and not in hand is refused", arguments: kinds)
    func notInHand(kind: String) throws {
        try damage(kind)
        let other = Array("a manifest".utf8)
        let batch = try store.beginBatch()
        _ = try batch.add(other)
        let record = ImageRecord(digest: .of(other), mediaType: "x", blobs: [.of(other), digest], references: [])
        let error = #expect(throws: StoreError.self) { try store.commit(batch, image: record) }
        #expect(error?.kind == .integrity)
        #expect(try store.images().isEmpty)
    }

    @Test("reading it waits for nobody and follows nothing", arguments: kinds)
    func reading(kind: String) throws {
        try damage(kind)
        #expect(throws: StoreError.self) { try store.readBlob(digest) }
        #expect(throws: StoreError.self) { try store.copyBlob(digest, to: fixture.directory + "/out", mode: 0o644) }
        #expect((try? FileStatus.ofLink(fixture.directory + "/out")) == nil)
    }

    @Test("the right bytes in a file that can be written to stay, and are only to be read then")
    func writable() throws {
        try #require(chmod(blob, 0o666) == 0)
        let identity = try FileStatus.of(blob).identity
        _ = try store.put([fixture.request(fixture.file("again", bytes), "other@1")])
        #expect(try FileStatus.of(blob).identity == identity)
        #expect(try FileStatus.of(blob).mode == 0o444)
    }

    @Test("whoever opened the store hears of what was replaced, and where it is")
    func told() throws {
        try damage("cut short")
        let heard = Heard()
        var options = StoreOptions(actor: "test", now: { Timestamp(milliseconds: 5) })
        options.replaced = { heard.add($0) }
        let store = try Store(at: store.paths.root, options: options)
        _ = try store.put([fixture.request(fixture.file("again", bytes))])
        let replacement = try #require(heard.all.first)
        #expect(heard.all.count == 1)
        #expect(replacement.digest == digest)
        #expect(replacement.reason == "it has 17 bytes, and the bytes of this digest are 18")
        #expect(try fixture.bytes(#require(replacement.quarantine)) == Array(bytes.dropLast()))
    }

    @Test("a put that meets a blob notes that it was hashed, and believes that for a day only")
    func trust() throws {
        let path = try fixture.file("again", bytes)
        let changed = try FileStatus.of(blob).changed / 1_000_000
        func put(at time: Int64) throws -> Store {
            let options = StoreOptions(actor: "test", now: { Timestamp(milliseconds: time) })
            let store = try Store(at: store.paths.root, options: options)
            _ = try store.put([fixture.request(path)])
            return store
        }
        #expect(try put(at: changed + 3_600_000).isUnchanged(digest, FileStatus.of(blob)))
        // Rot that leaves the file's identity goes unseen within the day, and not behind it.
        let status = try FileStatus.of(blob)
        try #require(chmod(blob, 0o644) == 0)
        try File.open(blob, O_WRONLY).write(Array("THE".utf8))
        try #require(chmod(blob, 0o444) == 0)
        try store.noteAsHashed(digest, FileStatus.of(blob), at: changed + 7_200_000)
        #expect(try FileStatus.of(blob).identity == status.identity)
        _ = try put(at: changed + 7_300_000)
        #expect(throws: StoreError.self) { try store.readBlob(digest) }
        _ = try put(at: changed + 7_200_000 + 86_400_000)
        #expect(try store.readBlob(digest) == bytes)
    }
}

/// What a store's observer heard.
private final class Heard: Sendable {
    private let replacements = Mutex<[Replacement]>([])

    func add(_ replacement: Replacement) { replacements.withLock { $0.append(replacement) } }

    var all: [Replacement] { replacements.withLock(\.self) }
}

extension Store {
    /// Notes a file as hashed at a time.
    fileprivate func noteAsHashed(_ digest: Digest, _ status: FileStatus, at time: Int64) throws {
        let options = StoreOptions(actor: "test", now: { Timestamp(milliseconds: time) })
        try Store(at: paths.root, options: options).noteUnchanged([(digest, status)])
    }
}
