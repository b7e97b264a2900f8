import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import OCI
import Release
import SystemIO
import Testing

/// What happens between two steps of a collection or of a change, made to happen there.
@Suite("Between two steps")
struct CollectionRaceTests {
    private let fixture: Fixture
    private let store: Store
    private let key: ReleaseKey

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        key = try ReleaseKey(parsing: "agent@1")
    }

    private func put(_ text: String, _ key: String = "agent@1", in store: Store) throws -> PutResult {
        let path = try fixture.file("source-\(UInt64.random(in: .min ... .max))", text)
        return try store.put([try fixture.request(path, key)])[0]
    }

    /// What a put logs before it holds a lease, and after.
    private static let steps = ["put begins", "staged", "leased", "committing"]

    /// A hook at a step, and the store as another process has it, whose changes run into the hook.
    private func race(
        at step: String,
        actor: String,
        _ body: @escaping @Sendable () throws -> Void
    ) throws -> (hook: LogHook, store: Store) {
        let hook = LogHook(at: step, body)
        var options = StoreOptions(actor: actor, now: { [fixture] in fixture.clock.now })
        options.logger = hook.logger
        return (hook, try Store(at: store.paths.root, options: options))
    }

    @Test(
        "a blob that is named again between the listing and the deletion stays",
        arguments: ["rows collected", "files without a row listed"]
    )
    func namedAgain(step: String) throws {
        let digest = try put("again", in: store).artifact.digest
        _ = try store.remove(key)
        let other = try fixture.store()
        let (hook, collector) = try race(at: step, actor: "gc") { [self] in
            // Its row is gone, its file is on the list, and here it is released again.
            let size = try store.blobSize(digest)
            let result = try put("again", in: other)
            #expect(size == nil && result.isNew)
        }
        _ = try collector.collect(grace: 0)
        #expect(try hook.finish() == 1)
        #expect(try store.artifacts(of: key).map(\.digest) == [digest])
        #expect(try store.readBlob(digest) == Array("again".utf8))
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("a blob that a lease takes between the listing and the deletion stays, before any row names it")
    func leasedAgain() throws {
        let digest = try put("again", in: store).artifact.digest
        _ = try store.remove(key)
        let (hook, collector) = try race(at: "files without a row listed", actor: "gc") { [self] in
            let expiry = fixture.clock.now.milliseconds + 60_000
            try DatabaseQueue(path: store.paths.index).write { db in
                let sql = "INSERT INTO lease (id, holder, expires_at) VALUES ('l', 'somebody', ?)"
                try db.execute(sql: sql, arguments: [expiry])
                try db.execute(sql: "INSERT INTO lease_blob VALUES ('l', x'\(digest.hex)')")
            }
        }
        let report = try collector.collect(grace: 0)
        #expect(try hook.finish() == 1)
        #expect(report.blobs.map(\.digest) == [digest])
        #expect(fixture.blobNames == [digest.hex])
    }

    @Test("a collection at any step of a put takes nothing from it", arguments: steps)
    func collectionWithinPut(step: String) throws {
        // Known when the put begins, and collected unless something holds it.
        let digest = try put("bytes", "former@1", in: store).artifact.digest
        _ = try store.remove(try ReleaseKey(parsing: "former@1"))
        let (hook, slow) = try race(at: step, actor: "slow") { [store] in _ = try store.collect(grace: 0) }
        #expect(try put("bytes", in: slow).isNew)
        #expect(try hook.finish() == 1)
        #expect(try store.readBlob(digest) == Array("bytes".utf8))
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.collect(grace: 0).blobs.isEmpty)
    }

    @Test("a key that is removed at any step of a put of the same bytes is there after the put", arguments: steps)
    func removedWithinPut(step: String) throws {
        let digest = try put("bytes", in: store).artifact.digest
        let (hook, slow) = try race(at: step, actor: "slow") { [store, key] in _ = try store.remove(key) }
        #expect(try put("bytes", in: slow).isNew)
        #expect(try hook.finish() == 1)
        #expect(try store.artifacts(of: key).map(\.digest) == [digest])
        let events = try store.events().map { $0["what"] }
        #expect(events == ["put", "remove", "put"])
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("a key that is released and removed at any step of a put of other bytes is closed for them", arguments: steps)
    func closedWithinPut(step: String) throws {
        let (hook, slow) = try race(at: step, actor: "slow") { [self] in
            _ = try put("first", in: store)
            _ = try store.remove(key)
        }
        #expect {
            try put("other", in: slow)
        } throws: {
            if case StoreError.removed = $0 { true } else { false }
        }
        #expect(try hook.finish() == 1)
        #expect(try store.artifacts(of: key).isEmpty)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("a release that is removed and collected while it is copied out is copied whole")
    func collectedWhileRead() throws {
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        let source = try fixture.file("source", bytes)
        let digest = try store.put([try fixture.request(source)])[0].artifact.digest
        let target = fixture.directory + "/out"
        var collected = 0
        let release = try ReleaseKey(parsing: "agent@1.2.3")
        try store.copyBlob(digest, to: target, mode: 0o644) { [store] _ in
            guard collected == 0 else { return }
            _ = try? store.remove(release)
            collected = (try? store.collect(grace: 0))?.blobs.count ?? 0
        }
        #expect(collected == 1)
        #expect(fixture.blobNames.isEmpty)
        #expect(try fixture.bytes(target) == bytes)
    }

    @Test("what a killed put held is collected at once, or after an hour where locks don't tell")
    func killedHolder() async throws {
        let path = store.paths.root
        let source = try fixture.file("source", "killed")
        let time = fixture.clock.now.milliseconds
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, source = source as String, time = time as Int64] in
            // The blob has its name then, and no row has.
            var options = StoreOptions(actor: "killed", now: { Timestamp(milliseconds: time) })
            options.logger = LogHook(at: "committing") { kill(getpid(), SIGKILL) }.logger
            let request = PutRequest(
                source: .path(source),
                name: try RepositoryName(parsing: "agent"),
                version: try Version(parsing: "1"),
                platform: .any
            )
            _ = try Store(at: path, options: options).put([request])
        }
        let names = [Digest.of(Array("killed".utf8)).hex]
        #expect(fixture.blobNames == names)
        if FileSystem.keepsLocks(in: store.paths.staging) {
            let report = try collect(at: time)
            #expect(report.leases == 1)
            #expect(report.blobs.map(\.digest.hex) == names)
            #expect(fixture.blobNames.isEmpty)
            #expect(try Directory.names(in: store.paths.staging).isEmpty)
            return
        }
        #expect(try collect(at: time + 3_599_999).leases == 0)
        #expect(fixture.blobNames == names)
        let report = try collect(at: time + 3_600_000)
        #expect(report.leases == 1)
        #expect(report.blobs.map(\.digest.hex) == names)
        #expect(fixture.blobNames.isEmpty)
        #expect(try store.verify().faults.isEmpty)
    }

    private func collect(at time: Int64) throws -> CollectionReport {
        let options = StoreOptions(actor: "gc", now: { Timestamp(milliseconds: time) })
        return try Store(at: store.paths.root, options: options).collect(grace: 0)
    }
}
