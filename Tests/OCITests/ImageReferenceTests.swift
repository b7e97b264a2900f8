import ContentAddress
import OCI
import Testing

@Suite struct ImageReferenceTests {
    static let digest = Digest.of("abc")

    @Test(
        arguments: [
            ("mount-monitor", nil, "mount-monitor", nil, false),
            ("mount-monitor:1.2.3", nil, "mount-monitor", "1.2.3", false),
            ("team/agent:1", nil, "team/agent", "1", false),
            ("localhost/agent", "localhost", "agent", nil, false),
            ("localhost:5000/team/agent:v1", "localhost:5000", "team/agent", "v1", false),
            ("registry.example/agent", "registry.example", "agent", nil, false),
            ("[::1]:5000/agent:x", "[::1]:5000", "agent", "x", false),
            ("registry.example:443/a/b/c:x@\(digest)", "registry.example:443", "a/b/c", "x", true),
            ("agent@\(digest)", nil, "agent", nil, true),
        ] as [(String, String?, String, String?, Bool)]
    )
    func partsAreTold(text: String, registry: String?, repository: String, tag: String?, hasDigest: Bool) throws {
        let reference = try ImageReference(parsing: text)
        #expect(reference.registry == registry)
        #expect(reference.repository.text == repository)
        #expect(reference.tag?.text == tag)
        #expect(reference.digest == (hasDigest ? Self.digest : nil))
        #expect(reference.description == text)
    }

    @Test(arguments: ["", ":", "a:", "a@", "a@sha256:1", "a:b:c", "A", "registry.example/", "a b", "a:1@sha256:zz"])
    func anythingElseIsRefused(text: String) {
        #expect(throws: OCIError.self) { try ImageReference(parsing: text) }
    }
}
