import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import StoreTestSupport
import Testing

@testable import RegistryServer

/// The log as server-sent events.
struct EventTests {
    private static let end = "\r\n0\r\n\r\n"

    private static func server(_ fixture: Fixture, connections: Int = 100) throws -> (RegistryServer, Int) {
        var limits = ServerLimits()
        (limits.requestTime, limits.pieceTime, limits.stopTime) = (600_000, 600_000, 600_000)
        limits.connections = connections
        let server = try RegistryServer(
            fixture.routes,
            at: ListenAddress(parsing: "127.0.0.1:0"),
            limits: limits,
            now: { Timestamp(milliseconds: 0) }
        )
        return (server, try #require(server.url.split(separator: ":").last.flatMap { Int($0) }))
    }

    private static func get(_ query: String, _ fields: String = "") -> String {
        "GET /api/v1/events\(query) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    @Test func `the log comes from an entry on, and then what is added to it`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let (server, port) = try Self.server(fixture)
        defer { server.stop() }
        let events = try fixture.store.events()
        let first = try #require(events.first)
        let last = try #require(events.last)
        let client = try RawClient(port: port)
        try client.send(Self.get("?after=0"))
        let answer = try client.response()
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "text/event-stream")
        #expect(answer.fields["content-length"] == nil)
        #expect(try client.text(until: "\n\n").contains("id: \(first.sequence)\nevent: entry\ndata: {"))
        if last.sequence != first.sequence {
            _ = try client.text(until: "id: \(last.sequence)\n")
            _ = try client.text(until: "\n\n")
        }
        // Another process may have written it.
        let other = try fixture.directory.open()
        _ = try other.removeImage(try ImageReference(parsing: "agent:1"))
        #expect(try client.text(until: #""removed":"agent:1""#).contains("event: entry"))
    }

    @Test func `who comes again goes on behind what came last`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let last = try fixture.store.lastEvent()
        let (server, port) = try Self.server(fixture)
        defer { server.stop() }
        let client = try RawClient(port: port)
        try client.send(Self.get("?after=0&seconds=1", "Last-Event-ID: \(last - 1)\r\n"))
        #expect(try client.response().status == 200)
        let text = try client.text(until: Self.end)
        #expect(text.contains("id: \(last)\n"))
        #expect(!text.contains("id: \(last - 1)\n"))
        // It ended by itself, and the connection serves on. Without either it begins at the end.
        try client.send(Self.get("?seconds=1"))
        #expect(try client.response().status == 200)
        #expect(try !client.text(until: Self.end).contains("id: "))
        for wrong in ["x", "-1", "01", "1\u{E9}"] {
            let answer = fixture.answer("/api/v1/events", .GET, [("Last-Event-ID", wrong)])
            #expect(answer.status == .badRequest)
        }
        #expect(fixture.answer("/api/v1/events?seconds=0").status == .badRequest)
    }

    @Test func `HEAD is answered without a stream`() throws {
        let fixture = try Fixture()
        let (server, port) = try Self.server(fixture)
        defer { server.stop() }
        let client = try RawClient(port: port)
        try client.send("HEAD /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try client.response(isHead: true).status == 200)
        try client.send("GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try client.response().status == 200)
    }

    @Test func `it ends whole when the server stops`() throws {
        let fixture = try Fixture()
        let (server, port) = try Self.server(fixture)
        let client = try RawClient(port: port)
        try client.send(Self.get(""))
        #expect(try client.response().status == 200)
        _ = try client.text(until: ":\n\n")
        server.stop()
        _ = try client.text(until: Self.end)
        #expect(try client.isClosed())
    }

    @Test func `as many follow as may, a further one is told so, and who goes makes room`() throws {
        let fixture = try Fixture()
        let (server, port) = try Self.server(fixture, connections: 4)
        defer { server.stop() }
        var clients: [RawClient] = []
        for _ in 0..<2 {
            let client = try RawClient(port: port)
            try client.send(Self.get(""))
            #expect(try client.response().status == 200)
            clients.append(client)
        }
        let other = try RawClient(port: port)
        try other.send(Self.get(""))
        #expect(try other.response().status == 503)
        clients.removeLast()
        while true {
            try other.send(Self.get("?seconds=1"))
            let answer = try other.response()
            if answer.status == 200 { break }
            #expect(answer.status == 503)
        }
        _ = try other.text(until: Self.end)
    }
}
