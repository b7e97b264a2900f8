import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import ImageTransport
import NIOCore
import NIOHTTP1
import OCI
import StoreTestSupport
import Synchronization
import SystemIO
import Testing

@testable import RegistryServer

/// What one client may ask for, and what repositories may hold.
struct LimitTests {
    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let time = Mutex<Int64>(1_000_000)
        var now: Int64 { time.withLock(\.self) }
        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    }

    @Test(arguments: [
        ("600/m", 600, 60_000), ("10GB/d", 10_000_000_000, 86_400_000), ("1KiB/s", 1024, 1000), ("1/h", 1, 3_600_000),
    ])
    func `a rate is a number or size and a time`(text: String, amount: Int64, time: Int64) {
        #expect(Rate(parsing: text)?.amount == amount)
        #expect(Rate(parsing: text)?.milliseconds == time)
    }

    @Test(arguments: [
        "", "600", "/m", "600/", "0/m", "-1/m", "1.5/m", "600/w", "600/m/m", "99999999999TiB/s", "GB/s", "+1/s",
    ])
    func `what is not a rate isn't taken`(text: String) { #expect(Rate(parsing: text) == nil) }

    @Test func `a client has so many requests at once, and then one as the time comes`() throws {
        let clock = Clock()
        let limits = ClientLimits(requests: Rate(parsing: "60/m"), bytes: nil) { clock.now }
        for _ in 0..<60 { #expect(limits.admit("a") == nil) }
        #expect(limits.admit("a") == 1)
        #expect(limits.admit("b") == nil)
        clock.pass(1000)
        #expect(limits.admit("a") == nil)
        #expect(limits.admit("a") == 1)
        clock.pass(3_600_000)
        for _ in 0..<60 { #expect(limits.admit("a") == nil) }
        #expect(limits.admit("a") == 1)
    }

    @Test func `a client that took more bytes than it may waits until they have come again`() throws {
        let clock = Clock()
        let limits = ClientLimits(requests: nil, bytes: Rate(parsing: "1kB/s")) { clock.now }
        #expect(limits.admit("a") == nil)
        limits.charge("a", 999)
        #expect(limits.admit("a") == nil)
        limits.charge("a", 10_001)
        #expect(limits.admit("a") == 10)
        #expect(limits.admit("b") == nil)
        clock.pass(9_999)
        #expect(limits.admit("a") != nil)
        clock.pass(2)
        #expect(limits.admit("a") == nil)
        limits.charge("a", .max)
        #expect(limits.admit("a") ?? 0 > 1_000_000)
    }

    @Test func `more than a client may have is 429 with the time to wait, and probes are always answered`() throws {
        let clock = Clock()
        let limits = ClientLimits(requests: Rate(parsing: "2/h"), bytes: nil) { clock.now }
        let fixture = try Fixture(writes: .everything, limits: limits)
        func get(_ target: String, _ address: String, _ method: HTTPMethod = .GET) -> Answer {
            let head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
            return fixture.routes.answer(head, from: address)
        }
        #expect(get("/v2/", "192.0.2.1").status == .ok)
        #expect(get("/releases", "192.0.2.1").status == .ok)
        let answer = get("/v2/", "192.0.2.1")
        #expect(answer.status == .tooManyRequests)
        #expect(try answer.code == "TOOMANYREQUESTS")
        #expect(answer["Retry-After"] == "1800")
        let api = get("/api/v1/releases", "192.0.2.1")
        #expect(api.status == .tooManyRequests)
        #expect(api["Content-Type"] == "application/problem+json")
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/v2/app/blobs/uploads/")
        guard case .answered(let push) = fixture.routes.intake(head, from: "192.0.2.1") else {
            Issue.record("the push was taken")
            return
        }
        #expect(push.status == .tooManyRequests)
        for target in ["/healthz/live", "/healthz/ready"] {
            for _ in 0..<5 { #expect(get(target, "192.0.2.1").status == .ok) }
            #expect(try get(target, "192.0.2.1", .HEAD).bytes.isEmpty)
        }
        #expect(get("/v2/", "192.0.2.2").status == .ok)
    }

    @Test func `a user is one client from all machines, and who says no name is their address`() throws {
        let limits = ClientLimits(requests: Rate(parsing: "1/h"), bytes: nil) { 0 }
        let fixture = try Fixture()
        let token = try #require(try fixture.store.createToken("ci", scopes: ["*:pull"], until: nil))
        let routes = try RegistryRoutes(
            fixture.store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            access: AccessRule(fixture.store, passwords: nil, requiresLogin: false),
            limits: limits,
            report: { _ in }
        )
        func status(from address: String, _ fields: [(String, String)]) -> UInt {
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/v2/", headers: HTTPHeaders(fields))
            return routes.answer(head, from: address).status.code
        }
        let login = [("Authorization", "Bearer \(token)")]
        #expect(status(from: "192.0.2.1", login) == 200)
        #expect(status(from: "192.0.2.2", login) == 429)
        #expect(status(from: "192.0.2.1", []) == 200)
        #expect(status(from: "192.0.2.1", []) == 429)
    }

    @Test func `a store that can't be read isn't ready, and lives`() throws {
        let fixture = try Fixture()
        #expect(fixture.answer("/healthz/ready").status == .ok)
        // What it has in memory is of no use any more.
        _ = try fixture.directory.open().createToken("another", scopes: [], until: nil)
        for suffix in ["", "-wal"] {
            let path = fixture.store.paths.index + suffix
            guard (try? FileStatus.of(path)) != nil else { continue }
            try File.open(path, O_RDWR).setSize(0)
        }
        let answer = fixture.answer("/healthz/ready")
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.text == "the store can't be read\n")
        #expect(fixture.answer("/healthz/live").status == .ok)
    }

    @Test func `what is held for a repository takes its space`() throws {
        let image = try Fixture().runnable(Fixture.program, in: "app")
        let blobs = try image.manifest()
        let size = ([blobs.config] + blobs.layers).reduce(Int64(image.bytes.count)) { $0 + $1.size }
        let fixture = try Fixture(writes: .everything, audit: .quarantine, quota: (size + 10, nil))
        _ = try fixture.runnable(Fixture.program, in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .forbidden)
        #expect(try fixture.store.images().map(\.references) == [["quarantine.invalid/app:1"]])
        for (count, status) in [(11, HTTPResponseStatus.forbidden), (10, .created)] {
            let blob = [UInt8](repeating: 1, count: count)
            #expect(fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(blob))", blob).status == status)
        }
    }

    @Test func `an upload's bytes and those of an answer count, those of HEAD don't`() throws {
        let clock = Clock()
        let limits = ClientLimits(requests: nil, bytes: Rate(parsing: "1MB/h")) { clock.now }
        let fixture = try Fixture(writes: .everything, limits: limits)
        let bytes = [UInt8](repeating: 1, count: 700_000)
        let digest = Digest.of(bytes)
        #expect(fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(digest)", bytes).status == .created)
        for _ in 0..<3 { #expect(fixture.answer("/v2/app/blobs/\(digest)", .HEAD).status == .ok) }
        #expect(fixture.answer("/v2/app/blobs/\(digest)").status == .ok)
        #expect(fixture.answer("/v2/app/blobs/\(digest)").status == .tooManyRequests)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2"),
        ("2001:db8:1:2:ffff::1", "20:1:d:b8:0:1:0:2"),
    ])
    func `a network of IPv6 is one client`(address: String, client: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 1).client == client)
    }

    @Test func `a repository takes no more than its quota, however it comes`() throws {
        let fixture = try Fixture(writes: .everything, quota: (1000, nil))
        let blob = [UInt8](repeating: 1, count: 600)
        let digest = Digest.of(blob)
        #expect(fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(digest)", blob).status == .created)
        let other = [UInt8](repeating: 2, count: 401)
        for pieces in [[other], [Array(other.prefix(400)), Array(other.suffix(1))]] {
            let answer = fixture.routes.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(other))", pieces)
            #expect(answer?.status == .forbidden)
            #expect(try answer?.code == "DENIED")
        }
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, Array(other.prefix(300))).status == .accepted)
        #expect(fixture.send(.PATCH, location, Array(other.suffix(101))).status == .forbidden)
        #expect(fixture.send(.PATCH, location, []).status == .notFound)
        // Another repository has room, and a blob that is mounted counts.
        #expect(fixture.send(.POST, "/v2/two/blobs/uploads/?digest=\(Digest.of(other))", other).status == .created)
        let mount = "/v2/app/blobs/uploads/?mount=\(Digest.of(other))&from=two"
        #expect(try fixture.send(.POST, mount).code == "DENIED")
        let full = [UInt8](repeating: 3, count: 400)
        #expect(fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(full))", full).status == .created)
        let manifest = try CanonicalJSON.encode(ImageManifest(config: fixture.descriptor(of: full), layers: []))
        let fields = [("Content-Type", MediaType.imageManifest)]
        #expect(try fixture.send(.PUT, "/v2/app/manifests/1", manifest, fields).code == "DENIED")
        #expect(try fixture.send(.POST, "/v2/app/blobs/uploads/").code == "DENIED")
    }

    @Test func `the store takes no more than its quota, and uploads count`() throws {
        let fixture = try Fixture(writes: .everything, quota: (nil, 1000))
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, [UInt8](repeating: 1, count: 600)).status == .accepted)
        let blob = [UInt8](repeating: 2, count: 500)
        let push = "/v2/two/blobs/uploads/?digest=\(Digest.of(blob))"
        #expect(fixture.send(.POST, push, blob).status == .forbidden)
        // Its own bytes don't stand in its way.
        #expect(fixture.send(.PATCH, location, [UInt8](repeating: 1, count: 400)).status == .accepted)
        #expect(fixture.send(.DELETE, location).status == .noContent)
        #expect(fixture.send(.POST, push, blob).status == .created)
        #expect(fixture.send(.POST, "/v2/three/blobs/uploads/?mount=\(Digest.of(blob))&from=two").status == .created)
        let other = [UInt8](repeating: 3, count: 501)
        #expect(fixture.send(.POST, "/v2/two/blobs/uploads/?digest=\(Digest.of(other))", other).status == .forbidden)
    }

    @Test func `uploads that come side by side take no more than the store's quota together`() throws {
        let fixture = try Fixture(writes: .everything, quota: (nil, 1000))
        let locations = [fixture.begin("one"), fixture.begin("two")]
        // Content of a length that nobody announces, piece by piece.
        let sinks = try locations.map { try #require(fixture.sink(.PATCH, $0)) }
        let piece = [UInt8](repeating: 1, count: 300)
        func write(_ sink: UploadSink) -> Answer? { piece.withUnsafeBytes { sink.write($0) } }
        for sink in sinks { #expect(write(sink) == nil) }
        #expect(write(sinks[0]) == nil)
        #expect(write(sinks[1])?.status == .forbidden)
        #expect(sinks[0].finish().status == .accepted)
        #expect(fixture.send(.DELETE, locations[0]).status == .noContent)
        // What is announced is kept before it comes.
        let first = try #require(fixture.sink(.PATCH, fixture.begin("one"), length: 600))
        let other = fixture.begin("two")
        #expect(fixture.sink(.PATCH, other, length: 600) == nil)
        first.cancel()
    }

    @Test func `the events that are sent count, too`() throws {
        let clock = Clock()
        let limits = ClientLimits(requests: nil, bytes: Rate(parsing: "10/d")) { clock.now }
        let fixture = try Fixture(limits: limits)
        try fixture.addImage(["agent:1"])
        guard case .events(let stream) = fixture.answer("/api/v1/events?after=0").body else {
            Issue.record("no events")
            return
        }
        #expect(fixture.answer("/v2/").status == .ok)
        #expect(try !stream.piece().bytes.isEmpty)
        #expect(fixture.answer("/v2/").status == .tooManyRequests)
    }

    @Test func `what comes at the same time is counted together`() throws {
        let fixture = try Fixture()
        let quota = Quota(fixture.store, perRepository: 1000, ofStore: nil)
        let name = try RepositoryName(parsing: "app")
        try quota.take(Digest.of("a"), 600, in: name, ["app"]) {
            #expect(throws: RegistryProblem.self) { try quota.take(Digest.of("b"), 600, in: name, ["app"]) {} }
            try quota.take(Digest.of("c"), 400, in: name, ["app"]) {}
        }
        try quota.take(Digest.of("b"), 600, in: name, ["app"]) {}
    }
}

extension Fixture {
    /// Where the content of a request would go; nil where the request is answered before.
    fileprivate func sink(_ method: HTTPMethod, _ target: String, length: Int? = nil) -> UploadSink? {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
        if let length { head.headers.add(name: "Content-Length", value: "\(length)") }
        guard case .upload(let sink) = routes.intake(head) else { return nil }
        return sink
    }

    fileprivate func descriptor(of bytes: [UInt8]) -> Descriptor {
        Descriptor(mediaType: MediaType.imageConfig, digest: Digest.of(bytes), size: Int64(bytes.count))
    }
}
