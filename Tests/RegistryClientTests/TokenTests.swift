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

/// A registry that takes tokens, and the server that gives them.
@Suite struct TokenTests {
    private let image = Fixture.SmallImage()

    private struct State {
        var port = 0
        var given = 0
        var used = 0
    }

    /// Registry and token server in one; a token is good for so many requests.
    private func run<Result>(
        uses: Int = .max,
        realm: String? = nil,
        _ body: (FakeServer, _ directory: String) throws -> Result
    ) throws -> Result {
        let state = Mutex(State())
        let image = image
        return try withTemporaryDirectory { directory in
            try FakeServer.run({ request in
                state.withLock { state in
                    if request.path == "/v2/" { return .init(200) }
                    if request.path == "/token" {
                        state.given += 1
                        state.used = 0
                        return .init(200, [], Array(#"{"access_token": "token-\#(state.given)"}"#.utf8))
                    }
                    guard request.authorization == "Bearer token-\(state.given)", state.used < uses else {
                        let place = realm ?? "http://127.0.0.1:\(state.port)/token"
                        let text =
                            #"Bearer realm="\#(place)",service="the service",scope="repository:team/image:pull""#
                        return .init(401, [("WWW-Authenticate", text)])
                    }
                    state.used += 1
                    if request.method == .HEAD { return .init(404) }
                    if request.method == .POST { return .init(202, [("Location", "/v2/team/image/blobs/uploads/1")]) }
                    if request.method == .PUT { return .init(201) }
                    return request.path.contains("/blobs/") ? .init(200, [], image.layer) : image.reply
                }
            }) { server in
                state.withLock { $0.port = server.port }
                return try body(server, directory)
            }
        }
    }

    private func images(_ entry: String, _ server: FakeServer, _ directory: String) throws -> RegistryImages {
        let text = #"{"auths": {"\#(server.host)": \#(entry)}}"#
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/config.json"))
        return Fixture.images(environment: ["DOCKER_CONFIG": directory])
    }

    @Test("a password goes to the token server that the registry names, and to none that this one leads to")
    func redirectedElsewhere() throws {
        let image = image
        let seen = Mutex<[String?]>([])
        let port = Mutex(0)
        try FakeServer.run({ request in
            seen.withLock { $0.append(request.authorization) }
            return .init(200, [], Array(#"{"token": "t"}"#.utf8))
        }) { other in
            try FakeServer.run({ request in
                if request.path == "/token" {
                    seen.withLock { $0.append(request.authorization) }
                    return .init(307, [("Location", "http://127.0.0.1:\(other.port)/elsewhere")])
                }
                guard request.authorization == "Bearer t" else {
                    let place = "http://127.0.0.1:\(port.withLock { $0 })/token"
                    return .init(401, [("WWW-Authenticate", #"Bearer realm="\#(place)",service="s""#)])
                }
                return request.path == "/v2/" ? .init(200) : image.reply
            }) { server in
                port.withLock { $0 = server.port }
                try withTemporaryDirectory { directory in
                    let password = Data("me:secret".utf8).base64EncodedString()
                    let images = try images(#"{"auth": "\#(password)"}"#, server, directory)
                    _ = try images.source("\(server.host)/team/image:1")
                    #expect(seen.withLock { $0 } == ["Basic \(password)", nil])
                }
            }
        }
    }

    // The network of examples (RFC 5737): whoever asks it has no answer.
    @Test func aTokenServerDoesNotLeadToAnOpenAddress() throws {
        let port = Mutex(0)
        try FakeServer.run({ request in
            if request.path == "/token" { return .init(307, [("Location", "http://192.0.2.1/token")]) }
            let place = "http://127.0.0.1:\(port.withLock { $0 })/token"
            return .init(401, [("WWW-Authenticate", #"Bearer realm="\#(place)",service="s""#)])
        }) { server in
            port.withLock { $0 = server.port }
            let error = #expect(throws: TransportError.self) {
                try Fixture.images().source("\(server.host)/team/image:1")
            }
            #expect(error?.description.contains("'http://192.0.2.1/token' is not an address that is followed") == true)
        }
    }

    @Test func anybodyMayHaveATokenWhereTheServerLetsThem() throws {
        try run { server, _ in
            let source = try Fixture.images().source("\(server.host)/team/image:1")
            let layer = try source.blob(image.layerDescriptor).readAll()
            #expect(layer == image.layer)
            let asked = server.requests.filter { $0.path == "/token" }
            #expect(asked.map(\.method) == [.GET], "one token is enough for all")
            #expect(asked.first?.uri == "/token?service=the%20service&scope=repository%3Ateam%2Fimage%3Apull")
            #expect(asked.first?.authorization == nil)
        }
    }

    @Test func passwordsGoToTheTokenServerOnly() throws {
        try run { server, directory in
            let images = try images(#"{"auth": "dXNlcjpzZWNyZXQ="}"#, server, directory)
            _ = try images.source("\(server.host)/team/image:1")
            for request in server.requests {
                #expect((request.authorization == "Basic dXNlcjpzZWNyZXQ=") == (request.path == "/token"))
            }
        }
    }

    @Test func identityTokensAreExchanged() throws {
        try run { server, directory in
            let images = try images(#"{"identitytoken": "the identity"}"#, server, directory)
            _ = try images.source("\(server.host)/team/image:1")
            let asked = try #require(server.requests.first { $0.path == "/token" })
            #expect(asked.method == .POST)
            #expect(asked.uri == "/token")
            let form = String(decoding: asked.body, as: UTF8.self)
            #expect(form.contains("grant_type=refresh_token&refresh_token=the%20identity&client_id=bindery"), "\(form)")
            #expect(form.contains("scope=repository%3Ateam%2Fimage%3Apull"))
        }
    }

    @Test func tokensForWritingAreAskedForAtOnce() throws {
        try run { server, _ in
            let destination = try Fixture.images().destination("\(server.host)/team/image:1", name: nil)
            #expect(try destination.has(image.layerDescriptor) == false)
            let asked = server.requests.first { $0.path == "/token" }
            #expect(
                asked?.uri.hasSuffix("scope=repository%3Ateam%2Fimage%3Apull%2Cpush") == true,
                "\(asked?.uri ?? "")"
            )
        }
    }

    @Test func aTokenThatEndsIsReplaced() throws {
        try run(uses: 1) { server, _ in
            let source = try Fixture.images().source("\(server.host)/team/image:1")
            for _ in 0..<3 {
                let layer = try source.blob(image.layerDescriptor).readAll()
                #expect(layer == image.layer)
            }
            #expect(server.requests.count { $0.path == "/token" } == 4)
        }
    }

    @Test func aTokenThatEndsBeforeAnUploadsBodyIsReplaced() throws {
        try run(uses: 2) { server, _ in
            let destination = try Fixture.images().destination("\(server.host)/team/image:1", name: nil)
            let source = Fixture.OneBlob(bytes: image.layer)
            let remote = try #require(destination as? any RemoteImageDestination)
            #expect(try destination.has(image.layerDescriptor) == false)
            try remote.add(image.layerDescriptor) { _ in
            } opening: { [image] () throws(TransportError) in
                try source.blob(image.layerDescriptor)
            }
        }
    }

    @Test(arguments: [
        ("http://tokens.example/", "has no TLS"), ("ftp://tokens.example/", "is not a place to get one"),
        ("", "is not a place to get one"),
    ])
    func passwordsAreSentNowhereElse(_ realm: String, _ words: String) throws {
        try run(realm: realm) { server, directory in
            let images = try images(#"{"auth": "dXNlcjpzZWNyZXQ="}"#, server, directory)
            let error = #expect(throws: TransportError.self) { _ = try images.source("\(server.host)/team/image:1") }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
    }
}
