import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import SystemIO
import Testing

@Suite struct VerifyTests {
    let fixture: Fixture
    let store: Store
    let artifact: Artifact

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        artifact = try store.put([fixture.request(fixture.file("agent", "the bytes of the agent"))])[0].artifact
    }

    private var blob: String { store.paths.blob(artifact.digest) }

    @Test func aSoundStoreHasNoFaults() throws {
        let report = try store.verify()
        #expect(report.faults.isEmpty)
        #expect(report.orphans.isEmpty)
        #expect(report.blobs == 1)
        #expect(report.bytes == artifact.size)
    }

    @Test(arguments: [
        ("missing", VerifyReport.Fault.Kind.missing), ("shorter", .wrongSize), ("other bytes", .wrongBytes),
        ("a directory", .unreadable), ("a link", .unreadable),
    ])
    func eachKindOfRotIsToldApart(damage: String, kind: VerifyReport.Fault.Kind) throws {
        chmod(blob, 0o644)
        switch damage {
        case "shorter": try File.open(blob, O_WRONLY).setSize(3)
        case "other bytes":
            try [UInt8(0)].withUnsafeBytes { bytes in try File.open(blob, O_WRONLY).write(bytes, at: 0) }
        case "a directory":
            try Directory.remove(blob)
            try Directory.create(blob)
        case "a link":
            let copy = try fixture.file("copy", "the bytes of the agent")
            try Directory.remove(blob)
            #expect(symlink(copy, blob) == 0)
        default: try Directory.remove(blob)
        }
        let faults = try store.verify().faults
        #expect(faults.map(\.kind) == [kind])
        #expect(faults.first?.artifacts == [artifact], "the release that is hit is named")
    }

    @Test func strangersAmongTheBlobsAreFaultsAndOrphansAreNot() throws {
        _ = try fixture.file("store/blobs/sha256/notes.txt", "a note")
        _ = try fixture.file("store/blobs/sha256/" + Digest.of("orphan").hex, "orphan")
        let report = try store.verify()
        #expect(report.faults.map(\.kind) == [.foreign])
        #expect(report.orphans == [.of("orphan")])
    }

    @Test(arguments: [
        "DELETE FROM artifact",
        "UPDATE artifact SET version = '1.2.4'",
        "INSERT INTO event (sequence, body) VALUES (9, '{}')",
    ])
    func changesBehindTheLogsBackAreFound(statement: String) throws {
        try DatabaseQueue(path: store.paths.index).write { try $0.execute(sql: statement) }
        let kinds = Set(try store.verify().faults.map(\.kind))
        #expect(kinds == [.history])
    }

    @Test(arguments: ["UPDATE event SET body = '{}'", "DELETE FROM event"])
    func eventsAreOnlyAppended(statement: String) throws {
        #expect(throws: DatabaseError.self) {
            try DatabaseQueue(path: store.paths.index).write { try $0.execute(sql: statement) }
        }
    }
}
