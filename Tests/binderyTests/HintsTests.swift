import Testing

@testable import bindery

@Suite("Commands in messages name the store of the call")
struct HintsTests {
    private let hints = Hints(store: "re") { ["verify", "gc", "import", "ls"].contains($0) }

    @Test(arguments: [
        ("run `bindery verify` before `bindery gc`", "run `bindery verify --store re` before `bindery gc --store re`"),
        ("`bindery import docker://a -t a`", "`bindery import --store re docker://a -t a`"),
        ("`bindery ls --store other`", "`bindery ls --store other`"),
        // Nothing of a store, and nothing of ours.
        ("`bindery explain BND020`", "`bindery explain BND020`"), ("`docker load`", "`docker load`"),
        ("`bindery nothing`", "`bindery nothing`"), ("bindery: not `closed", "bindery: not `closed"),
    ])
    func completed(text: String, expected: String) {
        #expect(hints.completed(text) == expected)
    }
}
