import ContentAddress
import Glibc
import ImageTransport
import NIOCore
import NIOEmbedded
import NIOHTTP1
import OCI
import Synchronization
import Testing

@testable import RegistryServer

/// The server on a socket: what stands on the wire, and what a client may take.
struct ServerTests {
    /// Limits that no machine reaches by being slow.
    private static let patient: ServerLimits = {
        var limits = ServerLimits()
        (limits.requestTime, limits.pieceTime, limits.stopTime) = (600_000, 600_000, 600_000)
        return limits
    }()

    /// Runs a body with a server over a fixture's store, on a port of its own.
    private func withServer(
        _ fixture: Fixture,
        _ limits: ServerLimits = patient,
        _ body: (RegistryServer, Int) throws -> Void
    ) throws {
        let server = try RegistryServer(
            fixture.routes,
            at: ListenAddress(parsing: "127.0.0.1:0"),
            limits: limits,
            now: { Timestamp(milliseconds: 784_111_777_000) }
        )
        defer { server.stop() }
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        try body(server, port)
    }

    private func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    @Test func `requests on one connection are answered one after the other`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        try withServer(fixture) { _, port in
            let client = try RawClient(port: port)
            let large = "/v2/agent/blobs/\(Digest.of(Fixture.largeLayer))"
            try client.send(
                get(large) + get("/v2/agent/manifests/1") + get("/v2/none/tags/list")
                    + "HEAD \(large) HTTP/1.1\r\nHost: x\r\n\r\n"
                    + get("/v2/agent/manifests/1", "Connection: close\r\n")
            )
            #expect(try client.response().body == Fixture.largeLayer)
            let manifest = try client.response()
            #expect(manifest.body == image.index.bytes)
            #expect(manifest.fields["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(manifest.fields["x-content-type-options"] == "nosniff")
            #expect(try client.response().status == 404)
            #expect(try client.response(isHead: true).fields["content-length"] == "\(Fixture.largeLayer.count)")
            let last = try client.response()
            #expect(last.body == image.index.bytes)
            #expect(last.fields["connection"] == "close")
            #expect(try client.isClosed())
        }
    }

    @Test func `a blob of many pieces comes whole, and in parts`() throws {
        let fixture = try Fixture()
        let bytes = (0..<5_300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        try fixture.addRelease("large@1.0.0", bytes)
        try withServer(fixture) { _, port in
            let client = try RawClient(port: port)
            let target = "/v2/releases/large/blobs/\(Digest.of(bytes))"
            try client.send(get(target))
            #expect(try Digest.of(client.response().body) == Digest.of(bytes))
            try client.send(get(target, "Range: bytes=1000000-\r\n"))
            let rest = try client.response()
            #expect(rest.status == 206)
            #expect(Digest.of(rest.body) == Digest.of(Array(bytes[1_000_000...])))
            try client.send(get(target, "If-None-Match: \"\(Digest.of(bytes))\"\r\n"))
            let unchanged = try client.response()
            #expect(unchanged.status == 304)
            #expect(unchanged.fields["content-length"] == nil)
            try client.send(get("/v2/"))
            #expect(try client.response().status == 200)
        }
    }

    @Test(arguments: [
        // Two lengths, a length and a coding, an unknown coding, a bare line feed in a name: requests that are read in two ways.
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost : a\r\n\r\n", "GET /v2/ HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET /v2/\r\n\r\n", "nonsense\r\n\r\n", "GET /v2/ HTTP/1.1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n",
        "GET /v2/\(String(repeating: "x", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n",
    ])
    func `a request that may be read in two ways, or is too large, ends the connection`(request: String) throws {
        try withServer(try Fixture()) { _, port in
            let client = try RawClient(port: port)
            // What follows would be a request of its own to somebody else.
            let answer = try client.refusal(of: request + get("/v2/"))
            #expect(answer.map { (400..<500).contains($0.status) } ?? true)
        }
    }

    @Test func `a push is refused before its content is read, and the client reads why`() throws {
        try withServer(try Fixture()) { _, port in
            let client = try RawClient(port: port)
            let size = 200_000
            try client.send("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
            let answer = try client.response()
            #expect(answer.status == 405)
            #expect(answer.fields["allow"] == "GET, HEAD")
            // Zeros that the server reads and lets go by.
            try client.send([UInt8](repeating: 0, count: size))
            #expect(try client.isClosed())
        }
    }

    @Test func `a content that nobody asked for is bounded`() throws {
        var limits = Self.patient
        limits.bodyBytes = 10
        try withServer(try Fixture(), limits) { _, port in
            let client = try RawClient(port: port)
            try client.send(get("/v2/", "Content-Length: 10\r\n") + "0123456789")
            #expect(try client.response().status == 200)
            try client.send(get("/v2/", "Content-Length: 1000\r\n") + String(repeating: "x", count: 11))
            #expect(try client.isClosed())
        }
    }

    @Test func `HTTP 1.0 gets its answer and the end`() throws {
        try withServer(try Fixture()) { _, port in
            let client = try RawClient(port: port)
            try client.send("GET /v2/ HTTP/1.0\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(try client.isClosed())
        }
    }

    @Test(arguments: [
        "", "GET /v2/ HTTP/1.1\r\nHost: a\r\nX:", "GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na",
    ])
    func `a client that doesn't come to the end of its request is let go`(request: String) throws {
        var limits = Self.patient
        limits.requestTime = 50
        try withServer(try Fixture(), limits) { _, port in
            let client = try RawClient(port: port)
            #expect(try client.refusal(of: request) == nil)
        }
    }

    @Test func `when there are as many connections as may be, the one that waits longest gives way`() throws {
        let connections = Connections(most: 2)
        let channels = (0..<4).map { _ in EmbeddedChannel() }
        let closed = Mutex<[Int]>([])
        for (number, channel) in channels.enumerated() {
            channel.closeFuture.whenComplete { _ in closed.withLock { $0.append(number) } }
        }
        func found() -> [Int] {
            for channel in channels { channel.embeddedEventLoop.run() }
            return closed.withLock { $0 }
        }
        try connections.add(channels[0])
        try connections.add(channels[1])
        connections.set(channels[0], isWaiting: false)
        try connections.add(channels[2])
        #expect(found() == [1])
        connections.set(channels[2], isWaiting: false)
        #expect(throws: Connections.Refused.self) { try connections.add(channels[3]) }
        connections.set(channels[0], isWaiting: true)
        try connections.add(channels[3])
        #expect(found() == [1, 0])
    }

    @Test func `a client that takes nothing of its answer is let go`() throws {
        let fixture = try Fixture()
        // More than the buffers of a socket hold.
        let bytes = [UInt8](repeating: 7, count: 24 << 20)
        try fixture.addRelease("large@1.0.0", bytes)
        var limits = Self.patient
        (limits.pieceTime, limits.connections) = (50, 1)
        try withServer(fixture, limits) { _, port in
            let client = try RawClient(port: port)
            try client.send(get("/v2/releases/large/blobs/\(Digest.of(bytes))"))
            try client.waitForBytes()
            // While it is answered there is no room for another one.
            while true {
                let other = try RawClient(port: port)
                try? other.send(get("/v2/"))
                if (try? other.response().status) == 200 { break }
                usleep(10_000)
            }
            withExtendedLifetime(client) {}
        }
    }

    @Test func `a blob is pushed over a socket, in pieces and whole`() throws {
        let fixture = try Fixture(writes: .everything)
        let bytes = (0..<5_300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        let digest = Digest.of(bytes)
        try withServer(fixture) { _, port in
            let client = try RawClient(port: port)
            func request(
                _ method: String,
                _ target: String,
                _ fields: String = "",
                _ bytes: [UInt8] = []
            ) throws
                -> RawClient.Response
            {
                try client.send(
                    "\(method) \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(bytes.count)\r\n\(fields)\r\n"
                )
                try client.send(bytes)
                return try client.response()
            }
            let location = try #require(try request("POST", "/v2/app/blobs/uploads/").fields["location"])
            let half = Array(bytes[..<2_500_000])
            #expect(try request("PATCH", location, "", half).fields["range"] == "0-2499999")
            let rest = try request("PUT", "\(location)?digest=\(digest)", "", Array(bytes[2_500_000...]))
            #expect(rest.status == 201)
            #expect(try Digest.of(request("GET", "/v2/app/blobs/\(digest)").body) == digest)
            // One that waits for the word that it may send.
            let begun = try #require(try request("POST", "/v2/app/blobs/uploads/").fields["location"])
            try client.send(
                "PUT \(begun)?digest=\(Digest.of("abc")) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try client.response().status == 100)
            try client.send("abc")
            #expect(try client.response().status == 201)
            // A coding in place of a length.
            let chunked = try #require(try request("POST", "/v2/app/blobs/uploads/").fields["location"])
            try client.send(
                "PATCH \(chunked) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
            #expect(try client.response().fields["range"] == "0-4")
        }
        #expect(fixture.reports.all.isEmpty)
    }

    @Test func `what has come of a chunk is kept when its client stands still, and the upload is free again`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        var limits = Self.patient
        limits.requestTime = 50
        try withServer(fixture, limits) { _, port in
            let client = try RawClient(port: port)
            try client.send("PATCH \(location) HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n0123456789")
            #expect(try client.isClosed())
            // The connection has ended; that it has is known to whoever writes the upload a moment later.
            while fixture.send(.GET, location).status == .conflict { usleep(10_000) }
            let range = fixture.send(.GET, location)["Range"]
            #expect(range == "0-9" || range == "0-0", "nothing where the server stood still for the whole time")
        }
    }

    @Test func `a document that is too large is refused before it has come`() throws {
        try withServer(try Fixture(writes: .everything)) { _, port in
            let client = try RawClient(port: port)
            try client.send("PUT /v2/app/manifests/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
            #expect(try client.response().status == 413)
        }
    }

    @Test func `a server that stops sends what it has begun, and closes what waits`() throws {
        let fixture = try Fixture()
        // More than the buffers of a socket hold, so that the answer is on its way while the server stops.
        let bytes = [UInt8](repeating: 7, count: 24 << 20)
        try fixture.addRelease("large@1.0.0", bytes)
        let server = try RegistryServer(
            fixture.routes,
            at: ListenAddress(parsing: "127.0.0.1:0"),
            limits: Self.patient,
            now: { Timestamp(milliseconds: 0) }
        )
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        let idle = try RawClient(port: port)
        try idle.send(get("/v2/"))
        #expect(try idle.response().status == 200)
        let busy = try RawClient(port: port)
        try busy.send(get("/v2/releases/large/blobs/\(Digest.of(bytes))"))
        try busy.waitForBytes()
        let stopping = Stopping(server)
        #expect(try idle.isClosed())
        #expect(try busy.response().body.count == bytes.count)
        #expect(try busy.isClosed())
        stopping.wait()
        #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: port) }
    }

    @Test func `a server that stops waits for no client for ever`() throws {
        let fixture = try Fixture()
        let bytes = [UInt8](repeating: 7, count: 24 << 20)
        try fixture.addRelease("large@1.0.0", bytes)
        var limits = Self.patient
        limits.stopTime = 50
        let server = try RegistryServer(
            fixture.routes,
            at: ListenAddress(parsing: "127.0.0.1:0"),
            limits: limits,
            now: { Timestamp(milliseconds: 0) }
        )
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        let client = try RawClient(port: port)
        try client.send(get("/v2/releases/large/blobs/\(Digest.of(bytes))"))
        try client.waitForBytes()
        server.stop()
    }

    @Test func `a port that is taken is told`() throws {
        try withServer(try Fixture()) { _, port in
            let address = try ListenAddress(parsing: "127.0.0.1:\(port)")
            let other = try Fixture()
            #expect(throws: ServerError.listen("127.0.0.1:\(port)", reason: "Address already in use")) {
                _ = try RegistryServer(other.routes, at: address, now: { Timestamp(milliseconds: 0) })
            }
        }
    }

    @Test(arguments: [
        "127.0.0.1:5000", "[::1]:5000", "localhost:0", "0.0.0.0:65535", "[::]:80",
    ])
    func `an address is an IP address with a port`(text: String) throws { _ = try ListenAddress(parsing: text) }

    @Test(arguments: [
        "", "127.0.0.1", ":5000", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:5000", "[127.0.0.1]:5000",
        "registry.example:5000", "127.0.0.1:5000/", "127.0.0.1:+5", "[::1]", "5000",
    ])
    func `another text is refused`(text: String) {
        #expect(throws: ServerError.address(text)) { try ListenAddress(parsing: text) }
    }
}

/// A server that is told to stop on a thread of its own.
private final class Stopping: Sendable {
    private let thread: pthread_t

    init(_ server: RegistryServer) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(server).toOpaque()
        pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<RegistryServer>.fromOpaque(context).takeRetainedValue().stop() }
                return nil
            },
            context
        )
        self.thread = thread
    }

    func wait() { pthread_join(thread, nil) }
}
