import ArtifactStore
import Glibc
import SystemIO
import Testing

@Suite("Sharing a store that is there")
struct SharingTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "one"))])
    }

    private func mode(_ path: String) throws -> mode_t { try FileStatus.ofLink(path).mode }

    @Test("directories, index and lock become the group's, and the owner's again, each with one event")
    func sharing() throws {
        let paths = store.paths
        let all = [paths.root, paths.blobs, paths.staging, paths.index, paths.root + "/lock"]
        let before = try all.map(mode)
        #expect(try store.setSharing(.umask) == nil)
        let change = try #require(try store.setSharing(.group))
        #expect([change.name, change.before, change.after] == ["shared", "umask", "group"])
        #expect(try all.map(mode) == [0o2775, 0o2775, 0o2770, 0o664, 0o660])
        #expect(try mode(paths.index + "-wal") == 0o664)
        let event = try #require(try store.latestEvents(limit: 1).last)
        #expect(["what", "rule", "before", "value"].map { event[$0] } == ["rule", "shared", "umask", "group"])
        _ = try fixture.store().put([fixture.request(fixture.file("more", "two"), "agent@2")])
        #expect(try store.setSharing(.umask)?.after == "umask")
        #expect(try all.map(mode) == before)
        #expect(try store.events().filter { $0["what"] == "rule" }.count == 2)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("what a crash left unshared is shared by the next call, without an event")
    func interrupted() throws {
        _ = try store.setSharing(.group)
        try Directory.setMode(store.paths.staging, 0o700)
        let lease = store.paths.staging + "/id.lease"
        _ = try File.open(lease, O_RDWR | O_CREAT, mode: 0o600)
        #expect(try store.setSharing(.group) == nil)
        #expect(try mode(store.paths.staging) == 0o2770)
        #expect(try mode(lease) == 0o660)
        #expect(try store.events().filter { $0["what"] == "rule" }.count == 1)
    }
}
