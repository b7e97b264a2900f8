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

    /// Pages, messages and empty lists are not lists; what Go reads in others, or could if it were sent, isn't ruled out.
    @Test(arguments: [
        (200, "<html>manifests</html>", false), (200, "", false), (200, #"{"errors":[{"code":"manifests"}]}"#, false),
        (200, #"{"schemaVersion":2,"manifests":null}"#, false), (200, #"{"schemaVersion":2,"manifests":[]}"#, false),
        (404, #"{"manifests":[{}]}"#, false), (403, "", false), (405, "", false),
        (200, #"{"schemaVersion":2,"manifests":[{}]}"#, true), (200, #"{"manifests":[{"a":1}]"#, true),
        (200, #"{"schemaVersion":2,"manifests":[],"Manifests":[{"digest":"d"}]}"#, true),
        (200, String(repeating: " ", count: 4 << 20 | 1), true), (307, "", true),
    ])
    func listsThatEnginesMayReadAreDoubted(status: Int, answer: String, isFound: Bool) throws {
        let reply = image.reply
        try FakeServer.run({ request in
            if request.path == "/v2/" { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            guard request.path.contains("/referrers/") else { return .init(404) }
            return .init(status, status == 307 ? [("Location", "gopher://registry.invalid/x")] : [], Array(answer.utf8))
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            for type in ["t", LayerAcceleration.nydusType] {
                #expect(try source.hasReferrer(to: .of("subject"), ofType: type) == isFound)
            }
        }
    }

    /// What fails, or is led to a place that isn't asked, engines may get another time, or there.
    @Test(arguments: [
        (500, "", MediaType.imageManifest, "t", true), (307, "", MediaType.imageManifest, "t", true),
        (403, "", MediaType.imageManifest, "t", false), (404, "", MediaType.imageManifest, "t", false),
        (200, String(repeating: " ", count: 4 << 20 | 1), MediaType.imageManifest, "t", true),
        // One of another type is asked for as a blob.
        (404, "", MediaType.imageIndex, "t", false), (404, "", "application/x", "t", true),
        (404, "", MediaType.imageManifest, LayerAcceleration.nydusType, true),
    ])
    func aReferrerThatIsNotHandedOut(
        status: Int,
        answer: String,
        mediaType: String,
        type: String,
        isFound: Bool
    ) throws {
        let (reply, digest) = (image.reply, Digest.of("referrer"))
        let member = #"{"mediaType":"\#(mediaType)","digest":"\#(digest)","size":9,"artifactType":"\#(type)"}"#
        try FakeServer.run({ request in
            if request.path == "/v2/" { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if request.path.contains("/referrers/") {
                return .init(200, [], Array(#"{"schemaVersion":2,"manifests":[\#(member)]}"#.utf8))
            }
            let headers = [
                (status == 307 ? "Location" : "Content-Type", status == 307 ? "gopher://registry.invalid/x" : mediaType)
            ]
            return .init(status, headers, Array(answer.utf8))
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.hasReferrer(to: .of("subject"), ofType: LayerAcceleration.nydusType) == isFound)
        }
    }

    /// Registries may list in another order each time.
    @Test(arguments: [(0, true), (7, true), (8, false)])
    func theFirstEightAreLookedAt(place: Int, isFound: Bool) throws {
        let (reply, mounted) = (image.reply, Digest.of("0"))
        let members = (0..<10).map { number in
            let digest = number == place ? mounted : Digest.of("other \(number)")
            return #"{"mediaType":"\#(MediaType.imageManifest)","digest":"\#(digest)","size":9}"#
        }
        try FakeServer.run({ request in
            if request.path == "/v2/" { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if request.path.contains("/referrers/") {
                let list = #"{"schemaVersion":2,"manifests":[\#(members.joined(separator: ","))]}"#
                return .init(200, [], Array(list.utf8))
            }
            // Other bytes than those of the digest: they aren't looked at any further.
            return request.path.hasSuffix("\(mounted)") ? .init(200, [], [1]) : .init(404)
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.hasReferrer(to: .of("subject"), ofType: LayerAcceleration.nydusType) == isFound)
        }
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
