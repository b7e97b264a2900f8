import ArtifactStore
import ContentAddress
import Foundation
import NIOHTTP1
import OCI
import Release
import Testing

@testable import RegistryServer

/// Files that are put into releases by the API.
struct PutArtifactTests {
    private func put(
        _ fixture: Fixture,
        _ bytes: [UInt8],
        _ query: String = "release=tool@1.0.0&platform=any",
        digest: Digest? = nil,
        _ fields: [(String, String)] = []
    ) -> Answer {
        fixture.send(.PUT, "/api/v1/artifacts/\(digest ?? .of(bytes))?\(query)", bytes, fields)
    }

    @Test func `a file is released by its digest, again is the same, and other bytes are a conflict`() throws {
        let fixture = try Fixture(writes: .everything)
        let bytes = Array("a tool\n".utf8)
        let first = put(fixture, bytes)
        #expect(first.status == .created)
        #expect(try first.object["digest"] as? String == "\(Digest.of(bytes))")
        #expect(try first.object["file"] as? String == "tool")
        #expect(put(fixture, bytes).status == .ok)
        let other = put(fixture, Array("another tool\n".utf8))
        #expect(other.status == .conflict)
        #expect(other["Content-Type"] == "application/problem+json")
        #expect(put(fixture, bytes, "release=tool@1.0.0&platform=linux/arm64&file=bin/tool").status == .created)
        let release = try ReleaseKey(parsing: "tool@1.0.0")
        #expect(
            try fixture.store.artifacts(of: release).map { "\($0.key.platform) \($0.key.file)" }.sorted() == [
                "any tool", "linux/arm64 bin/tool",
            ]
        )
        #expect(try fixture.answer("/api/v1/artifacts/\(Digest.of(bytes))/content").bytes == bytes)
    }

    @Test func `another content than the digest's releases nothing, and nothing of it stays`() throws {
        let fixture = try Fixture(writes: .everything)
        let answer = put(fixture, Array("these".utf8), digest: .of("those"))
        #expect(answer.status == .badRequest)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try fixture.store.releases().isEmpty)
        #expect(try fixture.store.blobSize(.of("these")) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.paths.root + "/uploads").isEmpty)
    }

    @Test func `half a file is none, and nothing of it stays`() throws {
        let fixture = try Fixture(writes: .everything)
        let target = "/api/v1/artifacts/\(Digest.of("whole"))?release=tool@1.0.0&platform=any"
        #expect(fixture.routes.send(.PUT, target, [Array("who".utf8)], isCut: true) == nil)
        #expect(fixture.send(.PUT, target, Array("who".utf8)).status == .badRequest)
        #expect(try fixture.store.releases().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.store.paths.root + "/uploads").isEmpty)
    }

    @Test func `the bytes of a file that is put count as its client's`() throws {
        let limits = ClientLimits(requests: nil, bytes: Rate(parsing: "1kB/d")) { 0 }
        let fixture = try Fixture(writes: .everything, limits: limits)
        #expect(put(fixture, [UInt8](repeating: 1, count: 1000)).status == .created)
        let refused = put(fixture, [1], "release=tool@2.0.0&platform=any")
        #expect(refused.status == .tooManyRequests)
        #expect(refused["Content-Type"] == "application/problem+json")
    }

    @Test(arguments: [
        "platform=any", "release=tool&platform=any", "release=tool@1&platform=windows", "release=tool@1&file=../x",
        "release=tool@1&file=/x", "release=tool@1&what=1", "release=tool@1",
    ])
    func `a parameter that is missing, unknown or invalid is 400`(query: String) throws {
        let fixture = try Fixture(writes: .everything)
        let answer = put(fixture, Array("text without a platform".utf8), query)
        #expect(answer.status == .badRequest)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try fixture.store.releases().isEmpty)
    }

    @Test func `a page of another site puts nothing, and a server that takes no pushes neither`() throws {
        let fixture = try Fixture(writes: .everything)
        #expect(put(fixture, [1], [("Origin", "http://evil.example")]).status == .forbidden)
        #expect(put(fixture, [1], [("Sec-Fetch-Site", "cross-site")]).status == .forbidden)
        #expect(put(try Fixture(), [1]).status == .methodNotAllowed)
        #expect(try fixture.store.releases().isEmpty)
    }

    private func put(_ fixture: Fixture, _ bytes: [UInt8], _ fields: [(String, String)]) -> Answer {
        put(fixture, bytes, digest: nil, fields)
    }

    @Test func `a put takes the right to push to the release's repository`() throws {
        let fixture = try Fixture(writes: .everything)
        let routes = try RegistryRoutes(
            fixture.store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            writes: .everything,
            access: AccessRule(fixture.store, passwords: nil, requiresLogin: false),
            report: { _ in }
        )
        func status(_ scope: String?) throws -> (UInt, String?) {
            var fields: [(String, String)] = []
            if let scope {
                let token = try #require(try fixture.store.createToken(scope, scopes: [scope], until: nil))
                fields = [("Authorization", "Bearer \(token)")]
            }
            let target = "/api/v1/artifacts/\(Digest.of("x"))?release=tool@1.0.0&platform=any"
            let answer = try #require(routes.send(.PUT, target, [Array("x".utf8)], fields))
            return (answer.status.code, answer["WWW-Authenticate"])
        }
        let anybody = try status(nil)
        #expect(anybody.0 == 401 && anybody.1 != nil)
        #expect(try status("releases/other:pull,push").0 == 403)
        #expect(try status("releases/tool:pull").0 == 403)
        #expect(try status("releases/tool:push").0 == 201)
    }

    @Test func `a name in the scope of a trusted release key takes no file that comes alone`() throws {
        let fixture = try Fixture(writes: .everything)
        _ = try fixture.store.trust([1], name: "ours", role: "release", scope: ["to*"], from: nil, until: nil)
        #expect(put(fixture, [1]).status == .conflict)
        #expect(try fixture.store.releases().isEmpty)
        #expect(put(fixture, [1], "release=other@1.0.0&platform=any").status == .created)
        // A key whose time is over signs nothing more, so that nothing waits for it.
        let end = Timestamp(milliseconds: fixture.store.now.milliseconds - 1)
        _ = try fixture.store.trust([2], name: "former", role: "release", scope: ["past*"], from: nil, until: end)
        #expect(put(fixture, [1], "release=past@1.0.0&platform=any").status == .created)
    }

    @Test func `what would be too much is refused`() throws {
        let fixture = try Fixture(writes: .everything, quota: (perRepository: 100, ofStore: nil))
        #expect(put(fixture, [UInt8](repeating: 1, count: 101)).status == .forbidden)
        #expect(try fixture.store.releases().isEmpty)
        #expect(put(fixture, [UInt8](repeating: 1, count: 100)).status == .created)
    }

    @Test func `the document and Allow have the put where it is taken, and only there`() throws {
        for (fixture, methods) in [
            (try Fixture(writes: .everything), ["GET", "HEAD", "PUT"]), (try Fixture(), ["GET", "HEAD"]),
        ] {
            let paths = try #require(try fixture.answer("/api/v1/openapi.json").object["paths"] as? [String: Any])
            let item = try #require(paths["/api/v1/artifacts/{digest}"] as? [String: Any])
            #expect(item.keys.map { $0.uppercased() }.sorted() == methods)
            let answer = fixture.answer("/api/v1/artifacts/\(Digest.of("x"))", .OPTIONS)
            #expect(answer["Allow"] == methods.joined(separator: ", "))
        }
    }
}
