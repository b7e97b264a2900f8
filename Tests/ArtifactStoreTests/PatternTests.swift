import ArtifactStore
import OCI
import Release
import Testing

/// Patterns say which releases are listed.
@Suite struct PatternTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        let file = try fixture.file("agent", "agent")
        for key in ["agent@1.2.3", "agent@1.10.0", "agent@2.0.0", "team/agent@1.2.3", "tool@1"] {
            _ = try store.put([fixture.request(file, key)])
        }
    }

    private func page(_ patterns: [String], after: String? = nil, limit: Int = .max) throws -> ReleasePage {
        try store.releasePage(
            matching: patterns.map { try ReleasePattern(parsing: $0) },
            after: after.map { try .init(parsing: $0) },
            limit: limit
        )
    }

    @Test(
        arguments: [
            (["agent"], ["agent@1.2.3", "agent@1.10.0", "agent@2.0.0"]),
            (["agent@1.2.3"], ["agent@1.2.3"]),
            (["agent@v1.2.3"], ["agent@1.2.3"]),
            (["agent@1.*"], ["agent@1.2.3", "agent@1.10.0"]),
            (["agent@v1.?.3"], ["agent@1.2.3"]),
            (["*@1.2.3"], ["agent@1.2.3", "team/agent@1.2.3"]),
            (["t*"], ["team/agent@1.2.3", "tool@1"]),
            (["tool", "*/agent", "tool@1"], ["team/agent@1.2.3", "tool@1"]),
        ] as [([String], [String])]
    )
    func whatFollowsAPatternIsListedOnce(patterns: [String], expected: [String]) throws {
        #expect(try page(patterns).releases.map(\.key.description) == expected)
        var paged: [String] = []
        var next: String?
        repeat {
            let page = try page(patterns, after: next, limit: 1)
            paged += page.releases.map(\.key.description)
            next = page.next?.description
        } while next != nil
        #expect(paged == expected)
    }

    @Test func thePageBeginsBehindAPosition() throws {
        #expect(try page(["gone", "agent@3.*"]).releases.isEmpty)
        #expect(try page(["agent@1.*"], after: "tool").releases.isEmpty)
        #expect(try page(["agent@*"], after: "agent@1.10.0").releases.map(\.key.description) == ["agent@2.0.0"])
        #expect(try page(["a*", "tool"], limit: 1).next?.description == "agent@1.2.3")
    }

    @Test(arguments: ["", "Agent", "agent@", "agent@a b", "Agent@1.*"])
    func whatIsNoNameAndNoPatternIsRefused(text: String) {
        #expect(throws: OCIError.self) { try ReleasePattern(parsing: text) }
    }
}
