import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import OCI
import Release
import SystemIO
import Testing

@Suite("Collection")
struct CollectTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    private func put(_ text: String, _ key: String) throws -> Digest {
        let path = try fixture.file("source", text)
        return try store.put([try fixture.request(path, key)])[0].artifact.digest
    }

    private func sqlite(_ sql: String) throws {
        let queue = try DatabaseQueue(path: store.paths.index)
        try queue.write { try $0.execute(sql: sql) }
    }

    @Test("what a release names stays, what was removed goes with its row and its file")
    func removedGoes() throws {
        let kept = try put("kept", "agent@1")
        let removed = try put("removed", "agent@2")
        _ = try store.remove(try ReleaseKey(parsing: "agent@2"))
        let report = try store.collect(grace: 0)
        #expect(report.blobs.map(\.digest) == [removed])
        #expect(report.bytes == 7)
        #expect(fixture.blobNames == [kept.hex])
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.collect(grace: 0).blobs.isEmpty)
    }

    @Test("bytes that two releases share go with the last of them")
    func sharedBytesStay() throws {
        let digest = try put("shared", "agent@1")
        _ = try put("shared", "agent@2")
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        _ = try store.remove(try ReleaseKey(parsing: "agent@2"))
        #expect(try store.collect(grace: 0).blobs.map(\.digest) == [digest])
    }

    @Test("a removed release can be put again after a collection, with the same bytes")
    func putAgain() throws {
        let digest = try put("again", "agent@1")
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        _ = try store.collect(grace: 0)
        #expect(fixture.blobNames.isEmpty)
        #expect(try put("again", "agent@1") == digest)
        #expect(try store.readBlob(digest) == Array("again".utf8))
        #expect(try store.collect(grace: 0).blobs.isEmpty)
    }

    @Test("the grace period counts from when the last name went")
    func grace() throws {
        _ = try put("young", "agent@1")
        // The clock moves a second at each look: a minute passes between put and removal.
        for _ in 0..<60 { _ = fixture.clock.now }
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        let report = try store.collect(grace: 30_000)
        #expect(report.blobs.isEmpty)
        #expect(report.waitingBlobs == 1)
        #expect(report.waitingBytes == 5)
        for _ in 0..<60 { _ = fixture.clock.now }
        #expect(try store.collect(grace: 30_000).blobs.count == 1)
    }

    @Test("a dry run says what would go, and changes nothing")
    func dryRun() throws {
        let digest = try put("bytes", "agent@1")
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        let orphan = Digest.of(Array("orphan".utf8))
        let file = try File.open(store.paths.blob(orphan), O_WRONLY | O_CREAT, mode: 0o444)
        try file.write(Array("orphan".utf8))
        let names = fixture.blobNames
        let rehearsed = try store.collect(grace: 0, dryRun: true)
        #expect(Set(rehearsed.blobs.map(\.digest)) == [digest, orphan])
        #expect(fixture.blobNames == names)
        #expect(try store.collect(grace: 0).blobs == rehearsed.blobs)
        #expect(fixture.blobNames.isEmpty)
    }

    @Test("a lease keeps a row and a file, until its time is over")
    func leases() throws {
        let known = try put("known", "agent@1")
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        let orphan = Digest.of(Array("orphan".utf8))
        let file = try File.open(store.paths.blob(orphan), O_WRONLY | O_CREAT, mode: 0o444)
        try file.write(Array("orphan".utf8))
        let expiry = fixture.clock.now.milliseconds + 60_000
        try sqlite(
            """
            INSERT INTO lease (id, holder, expires_at) VALUES ('l', 'somebody', \(expiry));
            INSERT INTO lease_blob VALUES ('l', x'\(known.hex)'), ('l', x'\(orphan.hex)');
            """
        )
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        #expect(fixture.blobNames.count == 2)
        for _ in 0..<120 { _ = fixture.clock.now }
        let report = try store.collect(grace: 0)
        #expect(report.leases == 1)
        #expect(report.blobs.count == 2)
        #expect(fixture.blobNames.isEmpty)
    }

    @Test("any row whose foreign key names a blob keeps it, of a table that collection has never heard of, too")
    func unknownTablesAreRoots() throws {
        let digest = try put("attested", "agent@1")
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        try sqlite(
            """
            CREATE TABLE later (subject BLOB NOT NULL REFERENCES blob (digest));
            INSERT INTO later VALUES (x'\(digest.hex)');
            """
        )
        let report = try store.collect(grace: 0)
        #expect(report.blobs.isEmpty)
        #expect(report.roots["later"] == 1)
        try sqlite("DELETE FROM later")
        #expect(try store.collect(grace: 0).blobs.count == 1)
    }

    @Test("a reader that has the blob open reads it to the end, though it is collected meanwhile")
    func openReaders() throws {
        let digest = try put("being read", "agent@1")
        let reader = try store.openBlob(digest)
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        _ = try store.collect(grace: 0)
        #expect(try reader.readBytes(limit: 100) == Array("being read".utf8))
    }

    @Test("what isn't named as a blob is left alone")
    func strangersStay() throws {
        let path = store.paths.blobs + "/README"
        _ = try File.open(path, O_WRONLY | O_CREAT, mode: 0o644)
        _ = try store.collect(grace: 0)
        #expect(fixture.blobNames == ["README"])
    }

    @Test("the index gives its pages back")
    func indexShrinks() throws {
        var requests: [PutRequest] = []
        for number in 0..<400 {
            let path = try fixture.file("f\(number)", "content \(number)")
            var request = try fixture.request(path, "agent@\(number)")
            request.annotations = ["text": String(repeating: "x", count: 2000)]
            requests.append(request)
        }
        _ = try store.put(requests)
        for number in 0..<400 { _ = try store.remove(try ReleaseKey(parsing: "agent@\(number)")) }
        let report = try store.collect(grace: 0)
        #expect(report.blobs.count == 400)
        #expect(report.indexBytes > 400_000)
    }

    @Test("a put that lost its blobs to a collection, since its lease ran out, says so and changes nothing")
    func lostLease() throws {
        let path = try fixture.file("slow", "slow")
        let request = try fixture.request(path, "agent@1")
        let paths = store.paths
        let hook = LogHook(at: "committing") {
            try DatabaseQueue(path: paths.index).write { try $0.execute(sql: "DELETE FROM lease") }
            try Directory.removeTree(paths.blob(Digest.of(Array("slow".utf8))))
        }
        var options = StoreOptions(actor: "slow", now: { [fixture] in fixture.clock.now })
        options.logger = hook.logger
        let slow = try Store(at: paths.root, options: options)
        #expect {
            try slow.put([request])
        } throws: { error in
            if case StoreError.collected = error { true } else { false }
        }
        #expect(try hook.finish() == 1)
        #expect(try store.releases().isEmpty)
        _ = try store.put([request])
        #expect(try store.verify().faults.isEmpty)
    }
}
