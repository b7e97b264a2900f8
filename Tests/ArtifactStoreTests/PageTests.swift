import ArtifactStore
import OCI
import Release
import Testing

@Suite("Pages of releases")
struct PageTests {
    private let fixture: Fixture
    private let store: Store
    /// In the list's order.
    private let keys = [
        "a@nightly", "a@weekly", "a@1.2.0", "a@1.10.0-rc.1", "a@1.10.0", "a-b@1.0.0", "a/b@1.0.0", "b@2.0.0",
        "b@10.0.0",
    ]

    init() throws {
        fixture = try Fixture()
        store = try fixture.store(durable: false)
        for key in ["a@nightly", "b@10.0.0", "a@1.10.0", "a@weekly", "a/b@1.0.0", "a@1.10.0-rc.1", "b@2.0.0"] {
            try put(key)
        }
        for key in ["a-b@1.0.0", "a@1.2.0"] { try put(key) }
    }

    private func put(_ key: String) throws {
        for platform in ["any", "linux/amd64"] {
            let path = try fixture.file("source", key)
            _ = try store.put([try fixture.request(path, key, platform: platform)])
        }
    }

    private func page(_ name: String? = nil, after: String? = nil, limit: Int = .max) throws -> ReleasePage {
        try store.releasePage(
            of: name.map { try RepositoryName(parsing: $0) },
            after: after.map { try ReleasePage.Position(parsing: $0) },
            limit: limit
        )
    }

    private func names(_ page: ReleasePage) -> [String] { page.releases.map { "\($0.key)" } }

    @Test("pages of any size, one after the other, are the whole list", arguments: [1, 2, 3, 4, 5, 8, 9, 10, .max])
    func everyPageSize(limit: Int) throws {
        var found: [Release] = []
        var next: ReleaseKey?
        repeat {
            let page = try store.releasePage(after: next.map { .init(after: $0) }, limit: limit)
            #expect(!page.releases.isEmpty && page.releases.count <= limit)
            found += page.releases
            next = page.next
        } while next != nil
        #expect(found.map { "\($0.key)" } == keys)
        #expect(try found == store.releases())
    }

    @Test("a page of one name has no other, wherever it begins")
    func oneName() throws {
        #expect(try names(page("a", limit: 2)) == Array(keys[..<2]))
        #expect(try names(page("a", after: "a@weekly")) == Array(keys[2...4]))
        #expect(try page("a", after: "a@weekly").next == nil)
        #expect(try names(page("a", after: "a")) == [])
        #expect(try names(page("b", after: "a@1.2.0")) == Array(keys[7...]))
        #expect(try names(page("a", after: "b")) == [])
        #expect(try names(page("missing")) == [])
    }

    @Test("behind a name is behind all of its releases, whether it has any or not", arguments: ["a", "a@1.10.0"])
    func behindName(position: String) throws {
        #expect(try names(page(after: position, limit: 2)) == Array(keys[5...6]))
        #expect(try names(page(after: "aa")) == Array(keys[7...]))
        #expect(try names(page(after: "z")) == [])
    }

    @Test("what is put and removed between two pages moves none of the others")
    func changesBetween() throws {
        let first = try page(limit: 4)
        #expect(first.next?.description == "a@1.10.0-rc.1")
        _ = try store.remove(try ReleaseKey(parsing: "a@1.10.0-rc.1"))
        _ = try store.remove(try ReleaseKey(parsing: "a@weekly"))
        try put("a@0.1.0")
        try put("a@snapshot")
        #expect(try names(page(after: "a@1.10.0-rc.1")) == Array(keys[4...]))
    }

    @Test("behind a removed version that has no place of its own is an error that says so")
    func lostPlace() throws {
        _ = try store.remove(try ReleaseKey(parsing: "a@nightly"))
        #expect {
            try page(after: "a@nightly")
        } throws: { error in
            if case StoreError.notFound(what: "a@nightly", hint: _) = error { true } else { false }
        }
    }
}
