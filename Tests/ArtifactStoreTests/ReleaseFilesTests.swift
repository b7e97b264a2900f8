import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Release
import SystemIO
import Testing

/// A release of several files: each has a key of its own, with its path.
@Suite struct ReleaseFilesTests {
    private let fixture: Fixture
    private let release: ReleaseKey

    init() throws {
        fixture = try Fixture()
        release = try ReleaseKey(parsing: "team/agent@1.2.3")
    }

    private func request(_ text: String, as path: String? = nil, file: String = "file") throws -> PutRequest {
        var request = try fixture.request(fixture.file(file, text), "team/agent@1.2.3")
        request.path = try path.map { try ReleasePath(parsing: $0) }
        return request
    }

    @Test func eachPathIsAKeyOfItsOwn() throws {
        let store = try fixture.store()
        _ = try store.put([request("program"), request("start", as: "docker/entrypoint.sh", file: "start.sh")])
        _ = try store.put([request("more", as: "LICENSE")])
        let artifacts = try store.artifacts(of: release)
        #expect(artifacts.map(\.key.file.text) == ["agent", "LICENSE", "docker/entrypoint.sh"])
        #expect(artifacts.map(\.fileName) == ["file", "LICENSE", "entrypoint.sh"])
        #expect(artifacts.map { "\($0.key)" }.last == "team/agent 1.2.3 any docker/entrypoint.sh")
        #expect(throws: StoreError.self) { try store.put([request("other", as: "LICENSE")]) }
        #expect(try store.put([request("more", as: "LICENSE")]).map(\.isNew) == [false])
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func aRemovedPathIsClosedAndTheOthersStay() throws {
        let store = try fixture.store()
        let license = try ReleasePath(parsing: "LICENSE")
        _ = try store.put([request("program"), request("more", as: "LICENSE", file: "b")])
        #expect(try store.remove(release, file: license).map(\.key.file) == [license])
        #expect(try store.artifacts(of: release).map(\.key.isProgram) == [true])
        #expect(try store.tombstones(of: release).map(\.key.file) == [license])
        #expect(throws: StoreError.self) { try store.put([request("other", as: "LICENSE")]) }
        #expect(try store.put([request("more", as: "LICENSE")]).map(\.isNew) == [true])
        #expect(throws: StoreError.self) { try store.remove(release, file: ReleasePath(parsing: "none")) }
        #expect(try store.verify().faults.isEmpty)
    }

    @Test(
        "a path that leads out of the release, or isn't one, is refused",
        arguments: [
            "", "/", "/etc/passwd", "a//b", "a/", "..", "a/../b", "./a", "a/.", "a\nb", "a\u{7F}",
            String(repeating: "a", count: 256), String(repeating: "a/", count: 600) + "a",
        ]
    )
    func badPaths(_ text: String) {
        #expect(throws: OCIError.self) { try ReleasePath(parsing: text) }
    }

    @Test func pathsAreComparedByTheirBytes() throws {
        let (composed, decomposed) = (try ReleasePath(parsing: "é"), try ReleasePath(parsing: "e\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        let store = try fixture.store()
        _ = try store.put([request("a", as: "é"), request("b", as: "e\u{301}", file: "b")])
        #expect(try store.artifacts(of: release).count == 2)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func anEventHasEveryColumnOfItsRow() throws {
        let store = try fixture.store()
        var put = try request("more", as: "LICENSE")
        put.annotations = ["license": "MIT"]
        put.mode = 0o600
        _ = try store.put([put])
        let event = try #require(try store.latestEvents(limit: 1).first)
        #expect(event["file"] == "LICENSE")
        #expect(event["fileName"] == "LICENSE")
        #expect(event["mode"] == "0600")
        guard case .object(let members) = event.body else { throw StoreError.notFound(what: "a body", hint: nil) }
        #expect(members["annotations"] == ["license": "MIT"])
    }

    @Test func anEarlierProgramMayNotReadAStoreWithSeveralFiles() throws {
        let store = try fixture.store()
        func reader() throws -> Int? {
            try DatabaseQueue(path: store.paths.index).read {
                try Int.fetchOne($0, sql: "SELECT reader FROM compatibility")
            }
        }
        _ = try store.put([request("program")])
        #expect(try reader() == 8)
        _ = try store.put([request("more", as: "LICENSE")])
        #expect(try reader() == 9)
    }

    @Test func whatAPutSaysOtherwiseIsToldAndChangesNothing() throws {
        let store = try fixture.store()
        var first = try request("program")
        first.annotations = ["revision": "1"]
        _ = try store.put([first])
        var second = try request("program", file: "other-name")
        second.annotations = ["revision": "2"]
        let result = try #require(try store.put([second]).first)
        #expect(
            result.differences == [
                .fileName(released: "file", offered: "other-name"),
                .annotations(released: ["revision": "1"], offered: ["revision": "2"]),
            ]
        )
        #expect(try store.events().count == 1)
        #expect(try store.put([request("program")]).first?.differences.isEmpty == true, "saying nothing")
    }

    @Test("what was asked for and isn't so is a conflict", arguments: ["mode", "name", "path"])
    func demands(_ what: String) throws {
        let store = try fixture.store()
        _ = try store.put([request("program")])
        var request = try request("program", as: what == "path" ? "agent" : nil)
        if what == "mode" { request.mode = 0o600 }
        if what == "name" { request.fileName = "other" }
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        #expect(error?.kind == .conflict)
        #expect("\(error.map { "\($0)" } ?? "")".contains("released"))
        #expect(try store.artifacts(of: release).count == 1)
    }

    @Test func annotationsAreReplacedWhereThatIsAskedFor() throws {
        let store = try fixture.store()
        _ = try store.put([request("program")])
        var request = try request("program")
        request.annotations = ["revision": "2"]
        request.amends = true
        #expect(try store.put([request]).map(\.isAmended) == [true])
        #expect(try store.artifacts(of: release).first?.annotations == ["revision": "2"])
        #expect(try store.latestEvents(limit: 1).first?["what"] == "amend")
        #expect(try store.put([request]).map(\.isAmended) == [false], "it is so already")
        #expect(try store.events().count == 2)
        #expect(try store.verify().faults.isEmpty)
    }
}
