import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import OCI
import Release
import Synchronization
import SystemIO
import Testing

@Suite("A lease ends with its holder")
struct LeaseTests {
    private let fixture: Fixture
    private let store: Store
    private let orphan = Digest.of(Array("orphan".utf8))
    private var path: String { store.paths.staging + "/l.lease" }

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        let file = try File.open(store.paths.blob(orphan), O_WRONLY | O_CREAT, mode: 0o444)
        try file.write(Array("orphan".utf8))
    }

    private func lease(file: String?) throws {
        try DatabaseQueue(path: store.paths.index).write { [orphan] db in
            let expiry = fixture.clock.now.milliseconds + 3_600_000
            try db.execute(
                sql: "INSERT INTO lease (id, holder, expires_at, file) VALUES ('l', 'somebody', ?, ?)",
                arguments: [expiry, file]
            )
            try db.execute(sql: "INSERT INTO lease_blob VALUES ('l', x'\(orphan.hex)')")
        }
    }

    private func holder() throws -> File { try File.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600) }

    @Test("whose lock is held, and not any more")
    func lock() throws {
        do {
            let file = try holder()
            try file.hold()
            try lease(file: "l.lease")
            let report = try store.collect(grace: 0)
            #expect(report.blobs.isEmpty)
            #expect(report.leases == 0)
            #expect(try store.collect(grace: 0, dryRun: true).leases == 0)
        }
        // A program that another test starts has all open files until it runs.
        while try !File.open(path, O_RDWR).isUnheld() { usleep(10_000) }
        // File systems whose locks may not tell leave it to time.
        let isTold = FileSystem.keepsLocks(in: store.paths.staging)
        #expect(try store.collect(grace: 0, dryRun: true).leases == (isTold ? 1 : 0))
        #expect((try? FileStatus.ofLink(path)) != nil, "a dry run changes nothing")
        let report = try store.collect(grace: 0)
        #expect(report.leases == (isTold ? 1 : 0))
        guard isTold else { return }
        #expect(report.blobs.map(\.digest) == [orphan])
        #expect(try Directory.names(in: store.paths.staging).isEmpty)
        let event = try #require(try store.latestEvents(limit: 1).last)
        #expect(event["what"] == "lease")
        #expect(event["reason"] == "its holder is gone")
    }

    @Test(
        "a lease that names no file, a file that isn't there, or one elsewhere, ends by time alone",
        arguments: [nil, "l.lease", "../staging/l.lease", "l"]
    )
    func unknown(name: String?) throws {
        if name != "l.lease" { _ = try holder() }
        if name == "l" { try Directory.rename(path, to: store.paths.staging + "/l") }
        try lease(file: name)
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        #expect(fixture.blobNames == [orphan.hex])
    }

    @Test("a file that no lease names and nobody holds goes after a day")
    func leftOver() throws {
        _ = try holder()
        #expect(try store.collect(grace: 0).stagingFiles == 0)
        let later = try Store(
            at: store.paths.root,
            options: StoreOptions(actor: "ci", now: { Timestamp(milliseconds: 4_000_000_000_000) })
        )
        #expect(try later.collect(grace: 0).stagingFiles == 1)
        let file = try holder()
        try file.hold()
        #expect(try later.collect(grace: 0).stagingFiles == 0)
    }

    @Test("a change that is done and one that fails leave nothing behind, and a holder has its file meanwhile")
    func changes() throws {
        let names = Names()
        var options = StoreOptions(actor: "ci", now: { [clock = fixture.clock] in clock.now })
        let hook = LogHook(at: "leased") { [staging = store.paths.staging] in
            names.set(try Directory.names(in: staging).filter { $0.hasSuffix(".lease") })
        }
        options.logger = hook.logger
        let store = try Store(at: store.paths.root, options: options)
        _ = try store.put([fixture.request(fixture.file("agent", "right"))])
        #expect(throws: StoreError.self) { try store.put([fixture.request(fixture.file("agent", "wrong"))]) }
        #expect(try hook.finish() == 2)
        #expect(names.value.count == 1)
        #expect(try Directory.names(in: store.paths.staging).isEmpty)
        #expect(try store.collect(grace: 0).leases == 0)
    }

    private final class Names: Sendable {
        private let names = Mutex<[String]>([])
        var value: [String] { names.withLock(\.self) }
        func set(_ value: [String]) { names.withLock { $0 = value } }
    }
}
