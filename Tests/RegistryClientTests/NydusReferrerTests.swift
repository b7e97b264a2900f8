import ContentAddress
import HTTPTestSupport
import ImageTransport
import OCI
import RegistryClient
import Testing

/// Whether something refers to an image that nydus-snapshotter may mount in its place, by what a registry says.
@Suite struct NydusReferrerTests {
    private let image = Fixture.SmallImage()

    /// Expects an answer where one referrer is listed under a digest; nil for bytes that the registry doesn't have.
    private func expect(_ isFound: Bool, of digest: Digest, size: Int, bytes: [UInt8]?) throws {
        let member =
            #"{"mediaType":"\#(MediaType.imageManifest)","digest":"\#(digest)","size":\#(size),"#
            + #""artifactType":"text/plain"}"#
        let index = Array(#"{"schemaVersion":2,"manifests":[\#(member)]}"#.utf8)
        let reply = image.reply
        try FakeServer.run({ request in
            if request.path == "/v2/" { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if request.path.contains("/referrers/") {
                return .init(200, [("Content-Type", MediaType.imageIndex)], index)
            }
            guard let bytes, request.path.hasSuffix(digest.description) else { return .init(404) }
            return .init(200, [("Content-Type", MediaType.imageManifest)], bytes)
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.hasReferrer(to: .of("subject"), ofType: LayerAcceleration.nydusType) == isFound)
        }
    }

    /// nydus-snapshotter mounts the first referrer whose last layer says that it is for it, whatever its type.
    @Test(arguments: [("containerd.io/snapshot/nydus-bootstrap", true), ("org.example.note", false)])
    func whatNydusMountsIsSeenUnderAnyType(key: String, isFound: Bool) throws {
        let layer = #"{"mediaType":"m","digest":"\#(Digest.of(""))","size":0,"annotations":{"\#(key)":"true"}}"#
        let config = #"{"mediaType":"application/vnd.oci.empty.v1+json","digest":"\#(Digest.of("{}"))","size":2}"#
        let manifest = Array(
            #"{"schemaVersion":2,"mediaType":"\#(MediaType.imageManifest)","config":\#(config),"layers":[\#(layer)]}"#
                .utf8
        )
        try expect(isFound, of: .of(manifest), size: manifest.count, bytes: manifest)
    }

    /// What a registry lists and doesn't have, no engine gets; what it has and can't be read here, an engine may take.
    @Test(arguments: [
        ("", false), (#"{"layers":null}"#, false), ("[]", true), (#"{"blobs":[{"mediaType":"m"}]}"#, false),
        ("{", true), (#"{"layerS":[{"annotations":{}}]}"#, true), (#"{"schemaVersion":2,"layers":[{}]}"#, true),
        ("other bytes", true),
    ])
    func whatNydusMayMountIsNotPassedOver(answer: String, isFound: Bool) throws {
        let bytes = Array(answer.utf8)
        let digest = answer == "other bytes" ? Digest.of("") : Digest.of(bytes)
        try expect(isFound, of: digest, size: bytes.count, bytes: bytes.isEmpty ? nil : bytes)
    }

    /// A registry that goes silent hasn't said that nothing refers to a manifest.
    @Test func whatRefersToAManifestIsUnknownWithoutAnAnswer() throws {
        let reply = image.reply
        try FakeServer.run({ request in
            if request.path == "/v2/" { return .init(200) }
            return request.path.hasSuffix("/manifests/1") ? reply : .init(503)
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(throws: TransportError.self) { try source.hasReferrer(to: .of("subject"), ofType: "t") }
        }
    }
}
