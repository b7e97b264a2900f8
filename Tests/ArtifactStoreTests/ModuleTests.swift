import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import Release
import SBOM
import SystemIO
import TestSupport
import Testing

@Suite("Modules of stored programs")
struct ModuleTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func put(_ name: String, net version: String, in store: Store) throws -> Digest {
        var program = TestProgram(code: name)
        program.goBuild = (
            "go1.22.5",
            "path\texample.com/\(name)\nmod\texample.com/\(name)\tv1.0.0\t\ndep\tgolang.org/x/net\t\(version)\th1:a=\n"
        )
        let path = try fixture.file(name, program.bytes)
        return try store.put([try fixture.request(path, "\(name)@1.0.0", platform: "linux/amd64")])[0].artifact.digest
    }

    private func query(_ text: String, in store: Store) throws -> [Digest] {
        let query = try ModuleQuery(parsing: text)
        return try store.programs(withModule: query.name).filter { query.matches($0.module) == .yes }.map(\.digest)
    }

    @Test("a put records the modules, and a removal of the bytes forgets them")
    func put() throws {
        let store = try fixture.store()
        let old = try put("old", net: "v0.37.0", in: store)
        let new = try put("new", net: "v0.38.0", in: store)
        #expect(try query("golang.org/x/net", in: store) == [old, new].sorted())
        #expect(try query("golang.org/x/net@<0.38", in: store) == [old])
        #expect(try query("golang.org/x/net@>=0.38,<1", in: store) == [new])
        #expect(try query("stdlib@<1.23", in: store).count == 2)
        #expect(try query("golang.org/x", in: store).isEmpty)
        #expect(try store.programsWithUnreadModules().isEmpty)
        _ = try store.remove(try ReleaseKey(parsing: "old@1.0.0"))
        _ = try store.collect(grace: 0)
        #expect(try query("golang.org/x/net", in: store) == [new])
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("programs that an earlier version put are read later, unless they are damaged")
    func earlier() throws {
        let store = try fixture.store()
        let digests = try [put("old", net: "v0.37.0", in: store), put("new", net: "v0.38.0", in: store)].sorted()
        let queue = try DatabaseQueue(path: store.paths.index)
        try queue.write { try $0.execute(sql: "DELETE FROM module_reading; DELETE FROM module") }
        try queue.close()
        #expect(try query("golang.org/x/net", in: store).isEmpty)
        #expect(try store.programsWithUnreadModules() == digests)
        try Directory.setMode(store.paths.blob(digests[0]), 0o644)
        try File.open(store.paths.blob(digests[0]), O_WRONLY).write([0])
        #expect(try store.readModules() == 1)
        #expect(try query("golang.org/x/net", in: store) == [digests[1]])
        #expect(try store.programsWithUnreadModules() == [digests[0]])
    }
}
