import ArtifactStore
import ContentAddress
import Foundation
import NIOHTTP1
import Synchronization
import SystemIO
import Testing

@testable import RegistryServer

/// Files that are sent, to be told what they are.
struct IdentifyTests {
    /// What the process that looks at files was asked, and answers.
    private final class Looker: Sendable {
        let asked = Mutex<[(bytes: [UInt8], name: String)]>([])
        let answer: Mutex<String?>

        init(_ answer: String?) { self.answer = Mutex(answer) }

        func rule(isPublic: Bool = true) -> IdentifyRule {
            IdentifyRule(isPublic: isPublic, directory: Directory.temporary) { path, name in
                let bytes = try File.open(path).readBytes(limit: 1 << 20)
                self.asked.withLock { $0.append((bytes, name)) }
                return self.answer.withLock(\.self).map { Array($0.utf8) }
            }
        }
    }

    private static let key = #"{"name":"agent","version":"1.2.3","platform":"linux/amd64","file":"agent"}"#
    private static let released = """
        {"files":[{"path":"agent","digest":"\(Digest.of("x"))","size":3,"artifacts":[\(key)],"near":[],"alike":[],\
        "packedArchives":[],"withdrawn":[]}]}
        """
    private static let image = """
        {"files":[{"path":"<b>","digest":"\(Digest.of("y"))","size":9,"artifacts":[],"near":[{"artifacts":[\(key)],\
        "evidence":["same code"]}],"alike":[{"artifacts":[\(key)],"thousandths":973}],"packedArchives":[],"withdrawn":[],\
        "inside":{"files":7,"released":[{"path":"usr/<i>","digest":"\(Digest.of("x"))","size":3,"artifacts":[\(key)]}],\
        "problem":"it ends & more","image":{"verdict":"mismatch","platforms":[{"platform":"linux/amd64",\
        "verdict":"mismatch"}],"releases":[{"name":"agent","version":"1.2.3"}]}}}]}
        """

    private static func form(_ bytes: [UInt8], called name: String = "agent", boundary: String = "x-1") -> [UInt8] {
        let head = """
            --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\
            Content-Type: application/octet-stream\r\n\r\n
            """
        return Array(head.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    private static let formType = ("Content-Type", "multipart/form-data; boundary=x-1")

    @Test func `the API is answered what the process says of the bytes, under the name that is given`() throws {
        let looker = Looker(Self.released)
        let fixture = try Fixture(identify: looker.rule())
        let answer = fixture.send(.POST, "/api/v1/identify?name=agent", Array("bytes".utf8))
        #expect(answer.status == .ok)
        #expect(try answer.text == Self.released)
        #expect(answer["Content-Type"] == "application/json")
        #expect(looker.asked.withLock { $0.map(\.bytes) } == [Array("bytes".utf8)])
        #expect(looker.asked.withLock { $0.map(\.name) } == ["agent"])
        #expect(try fixture.store.lastEvent() == 0)
        #expect(fixture.send(.POST, "/api/v1/identify?what=x", []).status == .badRequest)
        let read = fixture.answer("/api/v1/identify")
        #expect(read.status == .methodNotAllowed)
        #expect(read["Allow"] == "POST")
    }

    @Test func `a form is answered a page, in which nothing that was sent is markup`() throws {
        let looker = Looker(Self.image)
        let fixture = try Fixture(identify: looker.rule())
        // The boundary may be in the file.
        let bytes = Array("one\r\n--x-1--\r\ntwo".utf8)
        let answer = fixture.send(.POST, "/identify", Self.form(bytes, called: "<b>"), [Self.formType])
        #expect(answer.status == .ok)
        #expect(looker.asked.withLock { $0.map(\.bytes) } == [bytes])
        let text = try answer.text
        for words in [
            "&lt;b&gt;", "usr/&lt;i&gt;", "it ends &amp; more", "/releases/agent@1.2.3", "97.3 %", "same code",
            "mismatch",
            "\(Digest.of("y"))",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("<b>") || text.components(separatedBy: "<b>").count == 1)
        #expect(answer["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        let documents = Self.image.replacing(/"released":\[.*?\]}\],/, with: "\"released\":[],")
            .replacing(#""problem":"it ends & more","#, with: "")
        looker.answer.withLock { $0 = documents }
        let short = try fixture.send(.POST, "/identify", Self.form(bytes), [Self.formType]).text
        #expect(short.contains("As an image") && !short.contains("Inside"))
        let wrong = fixture.send(.POST, "/identify", Array("no form".utf8), [Self.formType])
        #expect(wrong.status == .badRequest)
        #expect(wrong["Content-Type"] == "text/html; charset=utf-8")
        #expect(fixture.send(.POST, "/identify", Self.form(bytes)).status == .badRequest)
    }

    @Test func `the pages have a form for files, and the document the operation, only where files are looked at`()
        throws
    {
        let fixture = try Fixture(identify: Looker(nil).rule())
        for target in ["/", "/identify"] {
            #expect(try fixture.answer(target).text.contains("type=\"file\""))
            #expect(try !Fixture().answer(target).text.contains("type=\"file\""))
        }
        #expect(try fixture.answer("/api/v1/openapi.json").text.contains("\"/api/v1/identify\""))
        #expect(try !Fixture().answer("/api/v1/openapi.json").text.contains("\"/api/v1/identify\""))
        for target in ["/identify", "/api/v1/identify"] {
            let answer = try Fixture(writes: .everything).send(.POST, target, Self.form([1]), [Self.formType])
            #expect(answer.status == .methodNotAllowed)
        }
    }

    @Test func `it takes somebody who may read all, or leave for everybody`() throws {
        let looker = Looker(Self.released)
        let fixture = try Fixture()
        let tokens = try ["*:pull", "app:pull"].map {
            try #require(try fixture.store.createToken($0, scopes: [$0], until: nil))
        }
        func status(isPublic: Bool, requiresLogin: Bool = false, _ token: String? = nil) throws -> [UInt?] {
            let routes = try RegistryRoutes(
                fixture.store,
                names: ServedNames(hosts: []),
                drafts: DraftRule { _ in false },
                access: AccessRule(fixture.store, passwords: nil, requiresLogin: requiresLogin),
                identify: looker.rule(isPublic: isPublic),
                report: { _ in }
            )
            let fields = token.map { [("Authorization", "Bearer \($0)")] } ?? []
            return [
                routes.send(.POST, "/api/v1/identify", [[1]], fields)?.status.code,
                routes.send(.POST, "/identify", [Self.form([1])], fields + [Self.formType])?.status.code,
            ]
        }
        #expect(try status(isPublic: false) == [401, 401])
        #expect(try status(isPublic: false, tokens[0]) == [200, 200])
        #expect(try status(isPublic: false, tokens[1]) == [403, 403])
        #expect(try status(isPublic: true) == [200, 200])
        #expect(try status(isPublic: true, requiresLogin: true) == [401, 401])
        #expect(looker.asked.withLock(\.count) == 4)
    }

    @Test func `a page of another site asks nothing, and the server's own does`() throws {
        let looker = Looker(Self.released)
        let fixture = try Fixture(identify: looker.rule())
        func status(_ fields: (String, String)...) -> UInt {
            fixture.send(.POST, "/identify", Self.form([1]), fields + [Self.formType]).status.code
        }
        let host = ("Host", "registry.example")
        #expect(status(host, ("Origin", "https://evil.example")) == 403)
        #expect(status(host, ("Origin", "null")) == 403)
        #expect(status(host, ("Sec-Fetch-Site", "cross-site")) == 403)
        #expect(status(host, ("Sec-Fetch-Site", "same-site")) == 403)
        #expect(looker.asked.withLock(\.count) == 0)
        #expect(status(host, ("Origin", "https://registry.example"), ("Sec-Fetch-Site", "same-origin")) == 200)
    }

    @Test func `one file of a client at a time, of few clients, and what was sent counts`() throws {
        let looker = Looker(Self.released)
        let limits = ClientLimits(requests: nil, bytes: Rate(parsing: "1kB/d")) { 0 }
        let fixture = try Fixture(limits: limits, identify: looker.rule())
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/api/v1/identify")
        func taken(_ address: String) -> DroppedFile? {
            if case .file(let file) = fixture.routes.intake(head, from: address) { file } else { nil }
        }
        var files = (0..<4).map { taken("192.0.2.\($0)") }
        // Looking into one takes a thread for slow work.
        #expect(files.allSatisfy { $0?.isSlow == true })
        #expect(taken("192.0.2.9") == nil)
        files.removeLast()
        #expect(taken("192.0.2.0") == nil)
        let other = try #require(taken("192.0.2.9"))
        #expect([UInt8](repeating: 1, count: 1000).withUnsafeBytes { other.write($0) } == nil)
        #expect(other.finish().status == .ok)
        guard case .answered(let refused) = fixture.routes.intake(head, from: "192.0.2.9") else {
            Issue.record("it was taken")
            return
        }
        #expect(refused.status == .tooManyRequests)
    }

    @Test func `the next file of a client may come as soon as one is answered or cut off`() throws {
        let fixture = try Fixture(identify: Looker(Self.released).rule())
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/api/v1/identify")
        var files: [DroppedFile] = []
        // The server may still have a reference to each.
        for end in [{ _ = $0.finish() }, { $0.abandon() }, { _ = $0.finish() }] as [(DroppedFile) -> Void] {
            guard case .file(let file) = fixture.routes.intake(head, from: "192.0.2.1") else {
                Issue.record("it was refused")
                return
            }
            files.append(file)
            end(file)
        }
        #expect(files.count == 3)
    }

    @Test func `what is too large, takes too long or fails is told apart`() throws {
        let looker = Looker(nil)
        let fixture = try Fixture(identify: looker.rule())
        let length = ("Content-Length", "\(IdentifyRule.largestSize + 1)")
        for target in ["/api/v1/identify", "/identify"] {
            #expect(fixture.send(.POST, target, [], [length, Self.formType]).status.code == 413)
            #expect(fixture.send(.POST, target, Self.form([1]), [Self.formType]).status.code == 413)
        }
        #expect(fixture.reports.all.isEmpty)
        struct Failed: Error {}
        let failing = IdentifyRule(isPublic: true, directory: Directory.temporary) { _, _ in throw Failed() }
        let other = try Fixture(identify: failing)
        #expect(other.send(.POST, "/api/v1/identify", [1]).status == .internalServerError)
        #expect(other.reports.all.count == 1)
        // It is over, whatever came of it.
        #expect(other.send(.POST, "/api/v1/identify", [1]).status == .internalServerError)
        let file = try DroppedFile(
            in: Directory.temporary,
            limit: 10,
            charge: nil,
            failure: { Answer($0 is DroppedFile.TooLarge ? .payloadTooLarge : .ok, type: nil, .bytes([])) },
            release: {},
            end: { _ in Answer(.ok, type: nil, .bytes([])) }
        )
        #expect([UInt8](repeating: 1, count: 10).withUnsafeBytes { file.write($0) } == nil)
        #expect([1 as UInt8].withUnsafeBytes { file.write($0) }?.status.code == 413)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=x-1", "x-1"), ("Multipart/Form-Data;boundary=\"a b\"", nil),
        ("multipart/form-data; charset=x; BOUNDARY=\"y\"", "y"), ("multipart/form-data", nil),
        ("text/plain; boundary=x", nil),
        ("multipart/form-data; boundary=", nil), ("multipart/form-data; boundary=\"", nil), ("", nil),
    ])
    func `a form has a boundary`(field: String, boundary: String?) { #expect(FormFile.boundary(in: field) == boundary) }

    @Test func `what is not a form with a file is none`() {
        let whole = Self.form(Array("abc".utf8))
        func read(_ bytes: [UInt8]) -> FormFile? { bytes.withUnsafeBytes { FormFile($0, boundary: "x-1") } }
        #expect(read(whole)?.name == "agent")
        #expect(read(Self.form([]))?.range.isEmpty == true)
        for count in 0..<whole.count - 2 { #expect(read(Array(whole.prefix(count))) == nil, "\(count)") }
        #expect(
            read(Array("--x-1\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nabc\r\n--x-1--\r\n".utf8)) == nil
        )
        #expect(read(Self.form([1], boundary: "y")) == nil)
        let long = Self.form([1], called: String(repeating: "a", count: 9000))
        #expect(read(long) == nil)
    }
}
