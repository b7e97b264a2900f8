import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import OCI
import SystemIO
import Testing

@Suite("What a verification reads, and what heals")
struct VerifyScopeTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store(durable: false)
    }

    private func fill(_ count: Int) throws -> [Digest] {
        let requests = try (0..<count).map { number in
            try fixture.request(try fixture.file("f\(number)", "content \(number)"), "agent@\(number)")
        }
        return try store.put(requests).map(\.artifact.digest)
    }

    private func spoil(_ digest: Digest, with text: String) throws {
        let path = store.paths.blob(digest)
        try Directory.remove(path)
        try File.open(path, O_WRONLY | O_CREAT, mode: 0o444).write(Array(text.utf8))
    }

    @Test("a sample is about its part, the same for one seed, another for another")
    func samples() throws {
        _ = try fill(400)
        let first = try store.verify(VerifyScope(sample: 0.25, seed: 1)).blobs
        #expect((50...150).contains(first))
        #expect(try store.verify(VerifyScope(sample: 0.25, seed: 1)).blobs == first)
        var seen: Set<Int> = []
        for seed in 0..<8 { seen.insert(try store.verify(VerifyScope(sample: 0.25, seed: UInt64(seed))).blobs) }
        #expect(seen.count > 1)
    }

    @Test("only what came in since a time")
    func since() throws {
        let old = try fill(5)
        try spoil(old[0], with: "changed!!")
        for _ in 0..<100 { _ = fixture.clock.now }
        let time = fixture.clock.now
        let path = try fixture.file("late", "late")
        _ = try store.put([try fixture.request(path, "late@1")])
        let report = try store.verify(VerifyScope(since: time))
        #expect(report.blobs == 1)
        #expect(report.faults.isEmpty)
        #expect(try store.verify().faults.count == 1)
    }

    @Test("a verification that was cut off goes on where it was, and doesn't forget what it found")
    func resumes() throws {
        let digests = try fill(20).sorted()
        try spoil(digests[2], with: "changed!!")
        let queue = try DatabaseQueue(path: store.paths.index)
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO scrub VALUES (1, 0, x'\(digests[9].hex)', '["\(digests[2].hex)","\(digests[3].hex)"]')
                    """
            )
        }
        let report = try store.verify(VerifyScope(resumes: true))
        #expect(report.isResumed)
        #expect(report.blobs == 10)
        #expect(report.faults.map(\.digest) == [digests[2]])
        // The next one starts anew.
        #expect(try store.verify(VerifyScope(resumes: true)).blobs == 20)
    }

    @Test("right bytes take the place of wrong ones, which go into quarantine")
    func heals() throws {
        let digest = try fill(1)[0]
        try spoil(digest, with: "content 1")
        let wrong = try store.heal(digest) { sink in try Array("other".utf8).withUnsafeBytes { try sink($0) } }
        #expect(!wrong)
        #expect(try store.verify(digest)?.kind == .wrongBytes)
        let right = try store.heal(digest) { sink in try Array("content 0".utf8).withUnsafeBytes { try sink($0) } }
        #expect(right)
        #expect(try store.verify(digest) == nil)
        let kept = try Directory.names(in: store.paths.quarantine)
        #expect(kept.count == 1)
        #expect(try fixture.bytes(store.paths.quarantine + "/" + kept[0]) == Array("content 1".utf8))
    }

    @Test("a symbolic link in the place of a blob isn't followed")
    func linksAreRefused() throws {
        let digest = try fill(1)[0]
        let path = store.paths.blob(digest)
        try Directory.rename(path, to: fixture.directory + "/elsewhere")
        #expect(symlink(fixture.directory + "/elsewhere", path) == 0)
        #expect(try store.verify().faults.map(\.kind) == [.unreadable])
        #expect(throws: StoreError.self) { try store.readBlob(digest) }
    }

    @Test("a row that names one that isn't there is told apart from a damaged index")
    func danglingRows() throws {
        let digest = try fill(1)[0]
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: store.paths.index, configuration: configuration)
        try queue.write { try $0.execute(sql: "DELETE FROM blob WHERE digest = x'\(digest.hex)'") }
        #expect(Set(try store.verify().faults.map(\.kind)) == [.dangling, .history])
    }
}
