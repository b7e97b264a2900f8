import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import NIOHTTP1
import OCI
import Printable
import StoreTestSupport
import Synchronization
import Testing

@testable import RegistryServer

/// What whoever runs a server is told: its log, its counts, and what it does by itself.
struct OperationTests {
    private final class Records: Sendable {
        private let records = Mutex<[RequestRecord]>([])
        private let isThere = DispatchSemaphore(value: 0)

        func add(_ record: RequestRecord) {
            records.withLock { $0.append(record) }
            isThere.signal()
        }

        /// Waits for so many.
        func wait(for count: Int) -> [RequestRecord] {
            for _ in 0..<count { _ = isThere.wait(timeout: .now() + .seconds(60)) }
            return records.withLock(\.self)
        }
    }

    private func withServer(
        _ routes: RegistryRoutes,
        at address: ListenAddress? = nil,
        _ body: (RegistryServer, RawClient) throws -> Void
    ) throws {
        let server = try RegistryServer(
            routes,
            at: address ?? ListenAddress(parsing: "127.0.0.1:0"),
            now: { Timestamp(milliseconds: 784_111_777_000) }
        )
        defer { server.stop() }
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        try body(server, RawClient(port: port))
    }

    private func request(_ line: String, _ fields: String = "", _ content: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(content.utf8.count)\r\n\(fields)\r\n\(content)"
    }

    @Test func `each request has an id, which its answer and its line in the log have`() throws {
        let records = Records()
        let fixture = try Fixture(writes: .everything, traffic: Traffic(prefix: "p-") { records.add($0) })
        let digest = Digest.of(Fixture.smallLayer)
        try fixture.addImage(["agent:1"])
        try withServer(fixture.routes) { _, client in
            try client.send(
                request("GET /v2/agent/blobs/\(digest)") + request("GET /v2/none/manifests/1?secret=1")
                    + request("POST /v2/agent/blobs/uploads/?digest=\(Digest.of("new"))", "", "new")
                    + request("POST /v2/agent/blobs/uploads/") + request("DELETE /v2/none/manifests/1")
                    + request("GET /healthz/live")
            )
            let answers = try (0..<6).map { _ in try client.response() }
            #expect(answers.map { $0.fields["x-request-id"] } == (1...6).map { "p-\($0)" })
            let found = records.wait(for: 6)
            #expect(found.map(\.id) == (1...6).map { "p-\($0)" })
            #expect(found.map(\.status) == [200, 404, 201, 202, 404, 200])
            #expect(found.map(\.isWrite) == [false, false, true, false, true, false])
            #expect(found.map(\.isProbe) == [false, false, false, false, false, true])
            #expect(found[0].sent == Int64(Fixture.smallLayer.count) && found[0].digest == "\(digest)")
            #expect(found[1].path == "/v2/none/manifests/1")
            #expect(found[2].taken == 3 && found[2].digest == "\(Digest.of("new"))")
            #expect(found.allSatisfy { $0.address == "127.0.0.1" && $0.user == nil && !$0.isCut })
        }
    }

    @Test func `a line of the log says who wrote, and holds neither passwords, tokens nor ids of uploads`() throws {
        let records = Records()
        let fixture = try Fixture(writes: .everything)
        let token = try #require(try fixture.store.createToken("ci", scopes: ["*:pull,push"], until: nil))
        let routes = try RegistryRoutes(
            fixture.store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            writes: .everything,
            access: AccessRule(fixture.store, passwords: nil, requiresLogin: false),
            traffic: Traffic { records.add($0) },
            report: { _ in }
        )
        try withServer(routes) { _, client in
            let login = "Authorization: Bearer \(token)\r\n"
            try client.send(request("POST /v2/app/blobs/uploads/", login))
            let place = try #require(try client.response().fields["location"])
            try client.send(request("PUT \(place)?digest=\(Digest.of("abc"))", login, "abc"))
            #expect(try client.response().status == 201)
            try client.send(request("PUT /v2/app/manifests/1", "Authorization: Bearer wrong\r\n", "{}"))
            #expect(try client.response().status == 401)
            let found = records.wait(for: 3)
            #expect(found.map(\.user) == ["ci", "ci", nil])
            let id = try #require(place.split(separator: "/").last)
            for record in found {
                let line = LogLine.request(record)
                for text in [line.text.text, String(decoding: line.json(at: "now"), as: UTF8.self)] {
                    #expect(!text.contains(token) && !text.contains(id) && !text.contains("wrong"))
                }
            }
            #expect(found[1].path == "/v2/app/blobs/uploads/…")
            let text = LogLine.request(found[1]).text.text
            #expect(text.hasPrefix("write: PUT /v2/app/blobs/uploads/… 201 \(Digest.of("abc")) by ci from 127.0.0.1, "))
        }
    }

    @Test func `a failure's line has the id of its request, and a name adds no line`() throws {
        let line = LogLine.failure("a\nb", request: "p-7")
        let document = try JSONSerialization.jsonObject(with: Data(line.json(at: "2026-11-24T10:00:00Z")))
        #expect(
            document as? [String: String]
                == [
                    "kind": "failure", "level": "error", "message": "a\nb", "request": "p-7",
                    "time": "2026-11-24T10:00:00Z",
                ]
        )
        #expect(!line.json(at: "").contains(10))
        let found = Mutex<[String?]>([])
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let routes = try RegistryRoutes(
            fixture.store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            traffic: Traffic(prefix: "p-"),
            report: { line in
                if case .failure(_, let id) = line { found.withLock { $0.append(id) } }
            }
        )
        // A damaged blob is what the server fails at.
        let path = fixture.store.paths.blob(Digest.of(Fixture.smallLayer))
        chmod(path, 0o644)
        try Data("another text".utf8).write(to: URL(fileURLWithPath: path))
        try withServer(routes) { _, client in
            try client.send(request("GET /v2/agent/blobs/\(Digest.of(Fixture.smallLayer))"))
            #expect(try client.response().status == 500)
        }
        #expect(found.withLock(\.self) == ["p-1"])
    }

    @Test func `a client that goes before its answer is counted as one that was cut off`() throws {
        let records = Records()
        let fixture = try Fixture(traffic: Traffic { records.add($0) })
        // More than the buffers of a socket hold.
        let bytes = [UInt8](repeating: 7, count: 24 << 20)
        try fixture.addRelease("large@1.0.0", bytes)
        try withServer(fixture.routes) { server, _ in
            let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
            try {
                let client = try RawClient(port: port)
                try client.send(request("GET /v2/releases/large/blobs/\(Digest.of(bytes))"))
                try client.waitForBytes()
            }()
            let record = try #require(records.wait(for: 1).first)
            #expect(record.isCut && record.status == 200 && record.sent < Int64(bytes.count))
            #expect(fixture.routes.traffic.counts.inFlight == 0)
        }
    }

    @Test(arguments: [
        ("/v2/", RequestKind.base), ("/v2", .base), ("/v2/a/tags/list?n=1", .tags), ("/v2/a/b/manifests/1", .manifest),
        ("/v2/a/blobs/sha256:0", .blob), ("/v2/a/blobs/uploads/", .uploads), ("/v2/a/blobs/uploads", .uploads),
        ("/v2/a/blobs/uploads/id?digest=x", .upload), ("/v2/a/blobs/manifests/1", .manifest),
        ("/v2/a/referrers/x", .referrers), ("/v2/x", .other), ("/api/v1/releases", .api), ("/", .page),
        ("/releases", .page), ("/log", .page), ("/log/7", .page), ("/log/checkpoint", .log), ("/log/tile/0/000", .log),
        ("/healthz/live", .health), ("/metrics", .metrics), ("/identify", .identify),
        ("/api/v1/identify?name=x", .identify), ("/releases/identify", .page), ("*", .other), ("", .other),
        ("http://a/v2/", .other),
    ])
    func `requests are counted by what they are for`(target: String, kind: RequestKind) {
        #expect(RequestKind(target: target) == kind)
    }

    @Test func `the counts are those of the requests and of the store`() throws {
        let fixture = try Fixture(writes: .everything)
        try fixture.addImage(["agent:1"])
        try fixture.addRelease("tool@1.0.0")
        // The store of a test has one time: each record is another one's.
        let time = fixture.store.now.milliseconds / 1000
        for (kind, delay, faults) in [(Upkeep.Kind.collect, 60, 0), (.verify, 120, 3), (.backup, 180, 0)] {
            let store = try fixture.directory.open(at: Timestamp(milliseconds: (time + Int64(delay)) * 1000))
            try store.record(kind, faults: faults, bytes: 1)
        }
        try withServer(fixture.routes) { _, client in
            let line = request("GET /v2/agent/blobs/\(Digest.of(Fixture.smallLayer))")
            try client.send(line + line + request("OPTIONS /v2/") + request("POST /v2/agent/blobs/uploads/"))
            let place = try #require(try (0..<4).map { _ in try client.response() }.last?.fields["location"])
            try client.send(request("PATCH \(place)", "", "seven b"))
            #expect(try client.response().status == 202)
            try client.send(request("GET /metrics"))
            let answer = try client.response()
            #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
            let count = Fixture.smallLayer.count
            for wanted in [
                "bindery_http_requests_total{route=\"blob\",method=\"GET\",status=\"200\"} 2",
                "bindery_http_requests_total{route=\"base\",method=\"other\",status=\"405\"} 1",
                "bindery_http_response_bytes_total{route=\"blob\"} \(2 * count)",
                "bindery_http_request_duration_seconds_count{route=\"blob\"} 2",
                "bindery_http_request_duration_seconds_bucket{route=\"blob\",le=\"+Inf\"} 2",
                "bindery_http_request_duration_seconds_bucket{route=\"blob\",le=\"600.0\"} 2",
                "bindery_http_request_bytes_total{route=\"upload\"} 7",
                "bindery_http_requests_total{route=\"upload\",method=\"PATCH\",status=\"202\"} 1",
                "bindery_http_requests_in_flight 1", "bindery_upload_bytes 7",
                "bindery_blob_bytes{reason=\"release\"} \(Fixture.program.count)",
                "bindery_blobs{reason=\"release\"} 1", "bindery_events \(try fixture.store.lastEvent())",
                "bindery_last_collection_timestamp_seconds \(time + 60)",
                "bindery_last_verify_timestamp_seconds \(time + 120)", "bindery_last_verify_faults 3",
                "bindery_last_backup_timestamp_seconds \(time + 180)",
            ] {
                #expect(lines.contains(wanted), "\(wanted) is missing")
            }
            for name in ["http_request_duration_seconds_sum{route=\"blob\"}", "process_cpu_seconds_total"] {
                let line = try #require(lines.first { $0.hasPrefix("bindery_\(name) ") })
                #expect(try #require(Double(line.split(separator: " ").last ?? "")) > 0, "\(line)")
            }
            // The text format 0.0.4: each value stands behind its type, and no family comes twice.
            var families: Set<String> = []
            for line in lines where line.hasPrefix("# TYPE ") {
                #expect(families.insert(String(line.split(separator: " ")[2])).inserted)
            }
            for line in lines where !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(families.contains { name == $0 || name.hasPrefix($0 + "_") }, "\(line)")
                #expect(Double(line.split(separator: " ").last ?? "") != nil)
            }
        }
    }

    @Test func `counts take somebody who may read all`() throws {
        let fixture = try Fixture()
        let routes = try RegistryRoutes(
            fixture.store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            access: AccessRule(fixture.store, passwords: nil, requiresLogin: true),
            report: { _ in }
        )
        let token = try #require(try fixture.store.createToken("some", scopes: ["team/*:pull"], until: nil))
        func status(_ target: String, _ fields: [(String, String)]) -> UInt {
            let head = HTTPRequestHead(
                version: .http1_1,
                method: .GET,
                uri: target,
                headers: HTTPHeaders(fields)
            )
            return routes.answer(head).status.code
        }
        for target in ["/metrics", "/log/checkpoint", "/log/tile/0/000"] {
            #expect(status(target, []) == 401)
            #expect(status(target, [("Authorization", "Bearer \(token)")]) == 403)
        }
    }

    @Test func `a socket that systemd opened is served, and others are refused`() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        #expect(throws: ServerError.self) { try ListenAddress(listening: listener) }
        #expect(listen(listener, 5) == 0)
        // Its number is 3 in a service; the server closes the one that it gets.
        let inherited = dup(listener)
        let address = try ListenAddress(listening: inherited)
        // What the server starts doesn't get it.
        #expect(fcntl(inherited, F_GETFD) & FD_CLOEXEC != 0)
        // It is bound to every address of the machine, so that the rules for those hold.
        #expect(!address.isLoopback)
        try withServer(Fixture().routes, at: address) { _, client in
            try client.send(request("GET /v2/"))
            #expect(try client.response().status == 200)
        }
        for (environment, reason) in [
            ([:], "it started this process without one"),
            (["LISTEN_FDS": "1"], "it started this process without one"),
            (["LISTEN_PID": "1", "LISTEN_FDS": "1"], "it started this process without one"),
            (["LISTEN_PID": "7", "LISTEN_FDS": "2"], "it hands over 2, and one is expected"),
            (["LISTEN_PID": "7", "LISTEN_FDS": "0"], "it hands over 0, and one is expected"),
        ] {
            let error = #expect(throws: ServerError.self) { try ListenAddress(inherited: environment, process: 7) }
            #expect(error?.description.contains(reason) == true, "\(environment)")
        }
    }
}
