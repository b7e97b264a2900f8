import ContentAddress
import OCI
import Release
import Testing

@Suite struct ReleaseOrImageTests {
    @Test(arguments: ["agent@1.2.3", "team/agent@v1.2.3", "registry.example/team/agent@nightly", "agent@sha256"])
    func anAtWithoutAColonIsARelease(text: String) throws {
        guard case .release(let release) = try ReleaseOrImage(parsing: text) else {
            Issue.record("\(text) is taken for an image")
            return
        }
        #expect(try release == ReleaseKey(parsing: text))
    }

    @Test(arguments: [
        "agent", "agent:1.2.3", "localhost:5000/agent", "registry.example/team/agent:v1.2.3",
        "agent@\(Digest.of([]))", "agent:1@\(Digest.of([]))",
    ])
    func everythingElseIsAnImage(text: String) throws {
        guard case .image(let reference) = try ReleaseOrImage(parsing: text) else {
            Issue.record("\(text) is taken for a release")
            return
        }
        #expect(reference.description == text)
    }

    @Test(arguments: ["", "Agent@1", "agent@", "agent@sha256:12", "a b"])
    func whatIsNeitherIsRefused(text: String) {
        #expect(throws: (any Error).self) { try ReleaseOrImage(parsing: text) }
    }
}
