import HTTP
import ImageTransport
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPTestSupport
@testable import RegistryClient

@Suite struct WebFilesTests {
    private func web(_ fields: [(name: String, value: String)] = []) throws -> WebFiles {
        var options = RegistryOptions(environment: [:])
        options.retry.sleep = { _ in }
        return try WebFiles(options, fields: fields)
    }

    @Test("a file is read, and what isn't there is said so")
    func reads() throws {
        try FakeServer.run({ $0.path == "/a" ? .init(200, [], Array("bytes".utf8)) : .init(404) }) { server in
            let web = try web()
            #expect(try web.bytes("http://\(server.host)/a", limit: 5) == Array("bytes".utf8))
            #expect(throws: TransportError.self) { try web.bytes("http://\(server.host)/a", limit: 4) }
            #expect(throws: TransportError.notFound(what: "file", place: "http://\(server.host)/b")) {
                try web.open("http://\(server.host)/b")
            }
        }
    }

    @Test("a file is sent again when the server can't take it yet")
    func writes() throws {
        let count = Mutex(0)
        @Sendable func isFirst() -> Bool {
            count.withLock { count in
                count += 1
                return count == 1
            }
        }
        try FakeServer.run({ _ in isFirst() ? .init(503) : .init(201) }) { server in
            let fields = [(name: "X-Token", value: "secret")]
            try web(fields).put("http://\(server.host)/a", size: 3) { MemoryReader([1, 2, 3]) }
            #expect(server.requests.map(\.method) == [.PUT, .PUT])
            #expect(server.requests.last?.body == [1, 2, 3])
            #expect(server.requests.allSatisfy { $0.headers["X-Token"] == ["secret"] })
        }
    }

    @Test("a redirect is followed, without the fields where it leads to another origin")
    func redirects() throws {
        try FakeServer.run({ _ in .init(200, [], [7]) }) { other in
            let target = "http://\(other.host)/there"
            try FakeServer.run({
                $0.path == "/a" ? .init(302, [("Location", target)]) : .init(302, [("Location", "/b")])
            }) {
                server in
                let web = try web([(name: "X-Token", value: "secret")])
                #expect(try web.bytes("http://\(server.host)/a", limit: 10) == [7])
                #expect(other.requests.map { $0.headers["X-Token"] } == [[]])
                #expect(server.requests.map { $0.headers["X-Token"] } == [["secret"]])
                #expect(throws: TransportError.self) { try web.bytes("http://\(server.host)/b", limit: 10) }
                // What changes something stays where it was sent to.
                #expect(throws: TransportError.self) {
                    try web.put("http://\(server.host)/a", size: 1) { MemoryReader([1]) }
                }
                #expect(other.requests.count == 1)
            }
        }
    }

    // The network of examples (RFC 5737): whoever asks it has no answer.
    @Test func aRedirectToAnOpenAddressIsNotFollowedFromAProtectedOne() throws {
        try FakeServer.run({ _ in .init(302, [("Location", "http://192.0.2.1/there")]) }) { server in
            let error = #expect(throws: TransportError.self) {
                try web().bytes("http://\(server.host)/a", limit: 10)
            }
            #expect(error?.description.contains("to where it isn't followed") == true)
        }
    }

    @Test func aRedirectIsAskedAsItIsWritten() throws {
        let signed = #"/there?s=a%2Fb|c[0]"#
        try FakeServer.run({ $0.path == "/a" ? .init(302, [("Location", signed)]) : .init(200, [], [7]) }) { server in
            let web = try web()
            #expect(try web.bytes("http://\(server.host)/a", limit: 10) == [7])
            #expect(server.requests.map(\.uri) == ["/a", signed])
        }
    }

    @Test(
        "an address that isn't one of HTTP's is refused",
        arguments: ["files", "ftp://a/b", "http://a:0/", "http://u@a/"]
    )
    func addresses(text: String) throws {
        #expect(throws: TransportError.self) { try web().bytes(text, limit: 1) }
    }
}
