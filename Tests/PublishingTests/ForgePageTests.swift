import Testing

@testable import Publishing

@Suite struct ForgePageTests {
    @Test(
        "a page is known by its host, project and tag, and its API by these",
        arguments: [
            (
                "github:example/agent@v1.2.3", "github:example/agent@v1.2.3",
                "https://api.github.com/repos/example/agent/releases/tags/v1.2.3"
            ),
            (
                "github:git.example/team/agent@agent/v1", "github:git.example/team/agent@agent/v1",
                "https://git.example/api/v3/repos/team/agent/releases/tags/agent%2Fv1"
            ),
            (
                "gitlab:group/part/agent@1.2", "gitlab:group/part/agent@1.2",
                "https://gitlab.com/api/v4/projects/group%2Fpart%2Fagent/releases/1.2"
            ),
            (
                "gitlab:127.0.0.1:8080/group/agent@1", "gitlab:127.0.0.1:8080/group/agent@1",
                "http://127.0.0.1:8080/api/v4/projects/group%2Fagent/releases/1"
            ),
        ]
    )
    func addresses(text: String, written: String, address: String) throws {
        let page = try #require(try ForgePage(parsing: text))
        #expect("\(page)" == written)
        #expect(page.address == address)
        // What is recorded reads as the same place.
        #expect(try PublishTarget(parsing: written, tag: nil, in: "/") == .page(page))
    }

    @Test(
        "what names no project, no tag, or leads out of its path, is not a page",
        arguments: [
            "github:example/agent", "github:agent@v1", "github:a/b/c@v1", "github:example/agent@", "gitlab:agent@v1",
            "github:example/..@v1", "github:example/agent@../../x", "github:example/a?b@v1", "github:example/a b@v1",
            "gitlab:group//agent@v1", "github:@v1", "github:%2e/agent@v1",
        ]
    )
    func refused(text: String) { #expect(throws: PublishError.self) { try ForgePage(parsing: text) } }

    @Test("other places are none", arguments: ["docker://registry.example/agent", "files:dist", "https://x.example/"])
    func others(text: String) throws { #expect(try ForgePage(parsing: text) == nil) }
}
