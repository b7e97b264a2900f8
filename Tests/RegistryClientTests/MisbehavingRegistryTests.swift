import ContentAddress
import Foundation
import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import OCI
import RegistryClient
import Synchronization
import TestSupport
import Testing

/// Each thing that a registry can do wrong: one clear error, in bounded time, with a bounded number of requests.
@Suite struct MisbehavingRegistryTests {
    private let image = Fixture.SmallImage()

    /// What answers to `/v2/`, which is asked for before anything else on loopback.
    private static func isPing(_ request: FakeServer.Request) -> Bool { request.path == "/v2/" }

    private func expect(
        _ words: [String],
        atMost count: Int,
        environment: [String: String] = [:],
        silence: Double = 600,
        sourceLocation: SourceLocation = #_sourceLocation,
        read: Bool = false,
        _ answer: @escaping FakeServer.Answer
    ) throws {
        try FakeServer.run({ Self.isPing($0) ? .init(200) : answer($0) }) { server in
            let text = try Fixture.failure {
                let images = Fixture.images(environment: environment, silence: silence)
                let source = try images.source("\(server.host)/image:1")
                if read { _ = try source.blob(image.layerDescriptor).readAll() }
            }.description
            for word in words { #expect(text.contains(word), "\(text)", sourceLocation: sourceLocation) }
            #expect(text.split(separator: "\n").count <= 3, "\(text)", sourceLocation: sourceLocation)
            let asked = server.requests.count { !Self.isPing($0) }
            #expect(asked <= count, "it was asked \(asked) times", sourceLocation: sourceLocation)
        }
    }

    /// By the list of referrers, or by the tag that stands for it; a registry that says nothing has none.
    @Test(arguments: [
        (["referrers"], "t", true), (["referrers"], "other", false), (["sha256-"], "t", true), ([], "t", false),
        (["error"], "t", false),
    ])
    func whatRefersToAManifestIsListed(answers: [String], type: String, isFound: Bool) throws {
        let subject = Digest.of("subject")
        let member = #"{"mediaType":"m","digest":"\#(subject)","size":1,"artifactType":"\#(type)"}"#
        let index = Array(#"{"schemaVersion":2,"manifests":[\#(member)]}"#.utf8)
        let reply = image.reply
        try FakeServer.run({ request in
            if Self.isPing(request) { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if answers == ["error"] { return .init(403) }
            let isThere = answers.contains { request.path.contains($0) }
            return isThere ? .init(200, [("Content-Type", MediaType.imageIndex)], index) : .init(404)
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.hasReferrer(to: subject, ofType: "t") == isFound)
            #expect(server.requests.count { !Self.isPing($0) } <= 3)
        }
    }

    /// A list in pages that never ends, whose entries aren't there.
    @Test func listsReferrersWithoutEnd() throws {
        let (reply, config) = (image.reply, image.config)
        try FakeServer.run({ request in
            if Self.isPing(request) { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if request.path.hasSuffix("/blobs/\(Digest.of(config))") { return .init(200, [], config) }
            guard request.path.contains("/referrers/") else { return .init(404) }
            let members = (0..<10).map { number in
                let digest = Digest.of(request.uri + String(number))
                return #"{"mediaType":"\#(MediaType.imageManifest)","digest":"\#(digest)","size":9,"artifactType":"t"}"#
            }
            let page = #"{"schemaVersion":2,"manifests":[\#(members.joined(separator: ","))]}"#
            let number = request.uri.split(separator: "=").last.flatMap { Int($0) } ?? 0
            return .init(200, [("Link", "<\(request.path)?page=\(number + 1)>; rel=\"next\"")], Array(page.utf8))
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            let listed = try source.referrers(to: try source.root().descriptor)
            #expect((65...80).contains(listed.count))
            let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
            #expect(found.all.isEmpty)
            #expect(found.leftOut.last?.contains("beyond the first 64") == true)
            #expect(server.requests.count < 100)
            // What isn't listed by then may be any of them.
            #expect(try source.hasReferrer(to: .of("subject"), ofType: "another"))
            #expect(server.requests.count < 200)
        }
    }

    @Test("a list whose next page can't be asked for is not taken for whole", arguments: ["referrers/", "tags/list"])
    func nextPageElsewhere(list: String) throws {
        let (reply, config) = (image.reply, image.config)
        try FakeServer.run({ request in
            if Self.isPing(request) { return .init(200) }
            if request.path.hasSuffix("/manifests/1") { return reply }
            if request.path.hasSuffix("/blobs/\(Digest.of(config))") { return .init(200, [], config) }
            guard request.path.contains(list) else { return .init(404) }
            let page = #"{"schemaVersion":2,"manifests":[],"tags":["1"]}"#
            return .init(200, [("Link", "<gopher://registry.invalid/x>; rel=\"next\"")], Array(page.utf8))
        }) { server in
            let images = Fixture.images()
            let listing = images.listing(try RegistryPlace(parsing: server.host))
            let repository = try RepositoryName(parsing: "image")
            let source = try images.source("\(server.host)/image:1")
            let root = try source.root().descriptor
            let error = #expect(throws: TransportError.self) {
                if list == "tags/list" {
                    _ = try listing.tags(of: repository)
                } else {
                    _ = try source.referrers(to: root)
                }
            }
            #expect(error?.description.contains("gopher://registry.invalid/x' is not an address") == true)
        }
    }

    @Test(
        "an upload that has no place to go to is told with what was answered instead",
        arguments: [
            ([("Content-Type", "text/html")], "status 200, text/html, and no Location to send it to"),
            ([("Location", "gopher://there.invalid/x")], "'gopher://there.invalid/x' is not a place to send it to"),
        ]
    )
    func uploadsWithoutAPlace(fields: [(String, String)], words: String) throws {
        try Fixture.layout { source in
            try FakeServer.run({ request in
                request.method == .HEAD ? .init(404) : .init(200, request.method == .POST ? fields : [])
            }) { server in
                let error = #expect(throws: TransportError.self) {
                    try ImageCopy.run(
                        from: source,
                        to: Fixture.images().destination("\(server.host)/image:1", name: nil)
                    )
                }
                #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            }
        }
    }

    @Test func aLoginOfAKindThatIsNotKnown() throws {
        try expect(["forbidden", "it wants a login by 'digest'"], atMost: 3) { _ in
            .init(401, [("WWW-Authenticate", #"Digest realm="x", nonce="y""#)])
        }
    }

    @Test func asksForAPasswordAgainAndAgain() throws {
        try expect(["denies access", "no credentials were found", "login"], atMost: 3) { _ in
            .init(401, [("WWW-Authenticate", #"Basic realm="x""#)])
        }
    }

    @Test func givesTokensThatItThenRefuses() throws {
        let port = Mutex(0)
        try FakeServer.run({ request in
            switch request.path {
            case "/v2/": return .init(200)
            case "/token": return .init(200, [], Array(#"{"token": "abc"}"#.utf8))
            default:
                let realm = "http://127.0.0.1:\(port.withLock { $0 })/token"
                return .init(401, [("WWW-Authenticate", #"Bearer realm="\#(realm)",service="s""#)])
            }
        }) { server in
            port.withLock { $0 = server.port }
            let error = #expect(throws: TransportError.self) { try Fixture.images().source("\(server.host)/image:1") }
            #expect(error?.description.contains("denies access") == true)
            #expect(server.requests.count <= 7)
        }
    }

    @Test func isBusyForLongerThanAnybodyWaits() throws {
        try expect(["has no time", "429", "3600 seconds", "try again later"], atMost: 1) { _ in
            .init(429, [("Retry-After", "3600")])
        }
    }

    @Test func isBusyEachTime() throws {
        try expect(["has no time", "503"], atMost: 4) { _ in .init(503, [("Retry-After", "1")]) }
    }

    @Test func failsEachTime() throws {
        try expect(["status 500", "it burns"], atMost: 4) { _ in
            .init(500, [], Array(#"{"errors": [{"code": "UNKNOWN", "message": "it burns"}]}"#.utf8))
        }
    }

    @Test func saysNothing() throws {
        try expect(["too slow", "it is silent for a second", "--timeout"], atMost: 3, silence: 1) { _ in
            var reply = FakeServer.Reply(200)
            reply.isSilent = true
            return reply
        }
    }

    @Test func cutsTheManifest() throws {
        try expect(["broke off"], atMost: 9) { [image] _ in
            var reply = image.reply
            reply.announcedLength = reply.body.count + 10
            return reply
        }
    }

    @Test func namesAnotherDigestThanTheManifestHas() throws {
        try expect(["not the bytes its name promises"], atMost: 1) { [image] _ in
            var reply = image.reply
            reply.headers.append(("Docker-Content-Digest", "\(Digest.of("something else"))"))
            return reply
        }
    }

    @Test func sendsAHugeManifest() throws {
        try expect(["at most 4194304 are read"], atMost: 1) { _ in
            .init(200, [("Content-Type", MediaType.imageManifest)], [UInt8](repeating: 0x20, count: 5 << 20))
        }
    }

    @Test func sendsAHugeManifestWithoutSayingSo() throws {
        try expect(["at most 4194304 are read"], atMost: 1) { _ in
            .init(
                200,
                [("Content-Type", MediaType.imageManifest), ("Transfer-Encoding", "chunked")],
                [UInt8](repeating: 0x20, count: 5 << 20)
            )
        }
    }

    @Test func sendsAPageInsteadOfAManifest() throws {
        try expect(["JSON is expected", "text/html"], atMost: 1) { _ in
            .init(200, [("Content-Type", "text/html")], Array("<html>welcome</html>".utf8))
        }
    }

    @Test func compressesAManifestUnasked() throws {
        try expect(["Content-Encoding 'gzip'"], atMost: 1) { [image] _ in
            var reply = image.reply
            reply.headers.append(("Content-Encoding", "gzip"))
            reply.body = [0x1F, 0x8B] + reply.body
            return reply
        }
    }

    @Test func sendsAManifestOfTheFirstSchema() throws {
        try expect(["schema 1"], atMost: 1) { _ in
            .init(200, [("Content-Type", "application/json")], Array(#"{"schemaVersion": 1}"#.utf8))
        }
    }

    @Test func redirectsForEver() throws {
        try expect(["leads elsewhere", "more than 10 times"], atMost: 11) { request in
            .init(307, [("Location", request.path + "/again")])
        }
    }

    @Test func redirectsToAnotherProtocol() throws {
        try expect(["leads elsewhere", "file:///etc/passwd"], atMost: 1) { _ in
            .init(307, [("Location", "file:///etc/passwd")])
        }
    }

    /// Of a port that no address has, in a place where the client takes addresses as they are.
    @Test(arguments: ["Location", "WWW-Authenticate"])
    func namesAPortThatThereIsNot(header: String) throws {
        for place in ["http://127.0.0.1:99999/x", "http://[::1]:65536/x", "http://127.0.0.1:0/x"] {
            try expect([place], atMost: 1) { _ in
                header == "Location"
                    ? .init(307, [("Location", place)]) : .init(401, [(header, #"Bearer realm="\#(place)""#)])
            }
        }
    }

    @Test(arguments: ["127.0.0.1:65536", "[::1]:99999", "localhost:99999"])
    func isNamedWithAPortThatThereIsNot(host: String) throws {
        let text = try Fixture.failure { _ = try Fixture.images().source("\(host)/image:1") }.description
        #expect(text.contains("is not a host"), "\(text)")
    }

    @Test func hasNoSuchImage() throws {
        try expect(["there is no image 'image:1'"], atMost: 1) { _ in .init(404) }
    }

    @Test func sendsOtherBytesThanTheBlobs() throws {
        try expect(["not the bytes its name promises"], atMost: 2, read: true) { [image] request in
            request.path.contains("/blobs/") ? .init(200, [], Array("THE layer".utf8)) : image.reply
        }
    }

    @Test func sendsAShortBlob() throws {
        try expect(["has 4 bytes where 9 were announced"], atMost: 2, read: true) { [image] request in
            request.path.contains("/blobs/") ? .init(200, [], Array("the ".utf8)) : image.reply
        }
    }

    @Test func breaksEveryBlobOffAtTheStart() throws {
        try expect(["broke off"], atMost: 6, read: true) { [image] request in
            guard request.path.contains("/blobs/") else { return image.reply }
            var reply = FakeServer.Reply(200)
            reply.announcedLength = 9
            return reply
        }
    }

    @Test func breaksTheBlobOffAndKnowsNoRanges() throws {
        let count = Mutex(0)
        try FakeServer.run({ [image] request in
            guard request.path.contains("/blobs/") else { return Self.isPing(request) ? .init(200) : image.reply }
            var reply = FakeServer.Reply(200, [], image.layer)
            if count.withLock({
                $0 += 1; return $0
            }) == 1 {
                reply.body.removeLast(4)
                reply.announcedLength = 9
            }
            return reply
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.blob(image.layerDescriptor).readAll() == image.layer)
        }
    }

    @Test func breaksTheBlobOffAndGoesOnAtTheRange() throws {
        try FakeServer.run({ [image] request in
            guard request.path.contains("/blobs/") else { return Self.isPing(request) ? .init(200) : image.reply }
            guard let range = request.headers.first(name: "Range") else {
                var reply = FakeServer.Reply(200, [], Array(image.layer.prefix(5)))
                reply.announcedLength = 9
                return reply
            }
            guard range == "bytes=5-" else { return .init(416) }
            return .init(206, [("Content-Range", "bytes 5-8/9")], Array(image.layer.dropFirst(5)))
        }) { server in
            let source = try Fixture.images().source("\(server.host)/image:1")
            #expect(try source.blob(image.layerDescriptor).readAll() == image.layer)
        }
    }

    @Test func redirectsToAnotherHostThatMustNotSeeThePassword() throws {
        try withTemporaryDirectory { directory in
            try FakeServer.run({ [image] _ in .init(200, [], image.layer) }) { storage in
                let storageHost = storage.host
                try FakeServer.run({ [image] request in
                    if Self.isPing(request) { return .init(200) }
                    guard request.authorization == "Basic dXNlcjpzZWNyZXQ=" else {
                        return .init(401, [("WWW-Authenticate", #"Basic realm="x""#)])
                    }
                    return request.path.contains("/blobs/")
                        ? .init(307, [("Location", "http://\(storageHost)/blob")]) : image.reply
                }) { server in
                    let file = directory + "/config.json"
                    let text = #"{"auths": {"\#(server.host)": {"username": "user", "password": "secret"}}}"#
                    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                    let source = try Fixture.images(environment: ["DOCKER_CONFIG": directory])
                        .source("\(server.host)/image:1")
                    #expect(try source.blob(image.layerDescriptor).readAll() == image.layer)
                    #expect(storage.requests.count == 1)
                    #expect(storage.requests.allSatisfy { $0.authorization == nil })
                }
            }
        }
    }

    @Test func nobodyListens() throws {
        let error = try FreePort.withSilentPort { port in
            #expect(throws: TransportError.self) { try Fixture.images().source("127.0.0.1:\(port)/image:1") }
        }
        #expect(
            error?.description.contains("can't be reached: Connection refused") == true,
            "\(String(describing: error))"
        )
    }

    @Test func theHostIsNotKnown() throws {
        let error = #expect(throws: TransportError.self) { try Fixture.images().source("no-such-host.invalid/image:1") }
        #expect(
            error?.description.contains("no-such-host.invalid can't be reached") == true,
            "\(String(describing: error))"
        )
    }
}
