import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import Synchronization
import Testing

@testable import RegistryClient

/// Token servers differ in what they answer with, and how.
@Suite struct TokenAnswerTests {
    @Test(arguments: [
        (#"{"token": "t"}"#, "t"), (#"{"access_token": "t"}"#, "t"), (#"{"token": "t", "access_token": "u"}"#, "t"),
        (#"{"token": "", "access_token": "t"}"#, "t"), (#"{"token": null, "access_token": "t"}"#, "t"),
        (#"{"token": 7, "access_token": "t"}"#, "t"), (#"{"token": "t\n"}"#, "t"),
        (#"{"token": "t", "expires_in": "300", "issued_at": 1.5e9}"#, "t"), ("\n{\"token\": \"t\"}\n", "t"),
        (#"{"token": "a b"}"#, "a"), (#"{"token": ""}"#, nil), (#"{"token": "ü"}"#, nil), ("{}", nil), ("[]", nil),
        ("", nil), (#"{"token": "t"} x"#, nil), (#"{"Token": "t"}"#, "t"), (#"{"Token": "u", "token": "t"}"#, "t"),
        (#"{"ACCESS_TOKEN": "t"}"#, "t"),
    ])
    func hasAToken(_ text: String, _ token: String?) {
        #expect(TokenAnswer.token(in: Array(text.utf8)) == token)
    }

    private func run(
        _ first: [FakeServer.Reply],
        _ body: (FakeServer) throws -> Void
    ) throws {
        let image = Fixture.SmallImage()
        let waiting = Mutex(first)
        try FakeServer.run(
            { request in
                switch request.path {
                case "/v2/": return .init(200)
                case "/token", "/elsewhere":
                    let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                    return next ?? .init(200, [], Array(#"{"token": "t"}"#.utf8))
                default:
                    guard request.authorization != "Bearer t" else { return image.reply }
                    let host = request.headers.first(name: "Host") ?? ""
                    return .init(401, [("WWW-Authenticate", #"Bearer realm="http://\#(host)/token",service="s""#)])
                }
            },
            body
        )
    }

    @Test(arguments: [
        FakeServer.Reply(503), .init(500), .init(429, [("Retry-After", "1")]),
        .init(307, [("Location", "/elsewhere?service=s")]), .init(307, [("Location", "/elsewhere?s=a%2Fb|c")]),
    ])
    func isAskedAgain(_ reply: FakeServer.Reply) throws {
        try run([reply]) { server in
            _ = try Fixture.images().source("\(server.host)/image:1")
            #expect(server.requests.count { $0.path == "/token" || $0.path == "/elsewhere" } == 2)
            // Byte for byte: it may be signed.
            if reply.status == 307 { #expect(server.requests.contains { $0.uri == reply.headers.first?.1 }) }
            #expect(server.requests.allSatisfy { $0.headers.first(name: "User-Agent") == "bindery" })
            #expect(server.requests.allSatisfy { $0.headers["Accept-Encoding"] == ["identity"] })
        }
    }

    @Test(arguments: [
        (FakeServer.Reply(503), 3, "status 503"), (.init(307, [("Location", "/token")]), 11, "leads elsewhere"),
        (.init(307, [("Location", "file:///x")]), 1, "leads elsewhere"),
        // No other place without TLS: a token is a secret.
        (.init(307, [("Location", "http://other.invalid/token")]), 1, "leads elsewhere"),
        (.init(403, [], Array(#"{"details": "no such account"}"#.utf8)), 1, "403, no such account"),
        (.init(200, [], Array("{}".utf8)), 1, "there is none in its answer"),
    ])
    func isGivenUp(_ reply: FakeServer.Reply, _ count: Int, _ words: String) throws {
        try run(Array(repeating: reply, count: 20)) { server in
            let error = #expect(throws: TransportError.self) {
                _ = try Fixture.images().source("\(server.host)/image:1")
            }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            #expect(server.requests.count { $0.path == "/token" } == count)
        }
    }
}
