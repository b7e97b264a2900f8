import Foundation
import NIOHTTP1
import Printable
import Testing

@testable import RegistryServer

/// The lines of a server's log that programs read.
struct LogLineTests {
    private static func record(
        _ method: HTTPMethod,
        _ target: String,
        _ outcome: Traffic.Outcome,
        user: String? = nil
    ) -> RequestRecord {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
        let exchange = Exchange(id: "p-7", address: "192.0.2.7", head, begin: .now)
        exchange.caller = .success(Caller(name: user, scopes: nil))
        return RequestRecord(exchange, outcome, milliseconds: 12)
    }

    private func members(_ line: LogLine) throws -> [String: NSObject] {
        let document = try JSONSerialization.jsonObject(with: Data(line.json(at: "2026-11-24T10:00:00Z")))
        return try #require(document as? [String: NSObject])
    }

    @Test func `a request's line has who, what, and what came of it`() throws {
        let outcome = Traffic.Outcome(status: 201, digest: "sha256:00", taken: 3, sent: 5, isCut: true)
        let record = Self.record(.PUT, "/v2/app/manifests/1?tag=2", outcome, user: "ci")
        let wanted: [String: NSObject] = [
            "time": "2026-11-24T10:00:00Z" as NSString, "level": "info" as NSString, "kind": "write" as NSString,
            "request": "p-7" as NSString, "address": "192.0.2.7" as NSString, "user": "ci" as NSString,
            "method": "PUT" as NSString, "path": "/v2/app/manifests/1" as NSString, "status": 201 as NSNumber,
            "digest": "sha256:00" as NSString, "taken": 3 as NSNumber, "sent": 5 as NSNumber, "cut": true as NSNumber,
            "milliseconds": 12 as NSNumber,
        ]
        #expect(try members(.request(record)) == wanted)
        let text = LogLine.request(record).text.text
        #expect(
            text == "write: PUT /v2/app/manifests/1 201, cut off sha256:00 by ci from 192.0.2.7, 12 ms (request p-7)"
        )
    }

    @Test func `nobody's request without an answer has neither user nor status`() throws {
        let found = try members(.request(Self.record(.GET, "/v2/", Traffic.Outcome())))
        #expect(found["kind"] == "request" as NSString)
        for name in ["user", "status", "digest", "cut"] { #expect(found[name] == nil, "\(name)") }
    }

    @Test(arguments: [
        (HTTPMethod.PUT, 201 as UInt, true), (.PUT, 401, true), (.PUT, 403, true), (.POST, 201, true),
        (.POST, 202, false),
        (.PATCH, 202, false), (.PATCH, 416, true), (.DELETE, 202, true), (.DELETE, 404, true), (.GET, 200, false),
        (.HEAD, 404, false),
    ])
    func `a write is what changed something or was refused, and no step before an upload's last`(
        method: HTTPMethod,
        status: UInt,
        isWrite: Bool
    ) {
        let record = Self.record(method, "/v2/app/manifests/1", Traffic.Outcome(status: status))
        #expect(record.isWrite == isWrite)
        #expect(!Self.record(method == .DELETE ? .GET : method, "/identify", Traffic.Outcome(status: status)).isWrite)
    }

    @Test func `a path is cut where it is too long`() {
        let record = Self.record(.GET, "/" + String(repeating: "a", count: 5000), Traffic.Outcome())
        #expect(record.path.count == 512)
    }

    @Test func `what a server does by itself, warns of and loses has a line of its kind`() throws {
        let task = try members(.upkeep(task: "gc", result: "removed 3 blobs"))
        #expect(task["kind"] == "upkeep" as NSString)
        #expect(task["task"] == "gc" as NSString)
        #expect(task["message"] == "removed 3 blobs" as NSString)
        let lost = try members(.lost(7))
        #expect(lost["kind"] == "lost" as NSString)
        #expect(lost["level"] == "warning" as NSString)
        #expect(lost["count"] == 7 as NSNumber)
        #expect(LogLine.lost(7).text.text.contains("7 lines"))
        let warning = try members(.warning("mind"))
        #expect(warning["kind"] == "warning" as NSString)
        #expect(warning["message"] == "mind" as NSString)
    }
}
