import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import NIOHTTP1
import Testing

@testable import RegistryServer

/// The API: what is answered, and what is refused.
struct APITests {
    private func filled() throws -> (Fixture, Fixture.Image) {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1", "agent:2"])
        try fixture.addRelease("tool@1.0.0")
        try fixture.addRelease("tool@1.1.0", Array("#!/bin/sh\necho later\n".utf8))
        try fixture.addRelease("team/tool@1.0.0", Array("#!/bin/sh\necho other\n".utf8))
        var sample = AuditSample()
        sample.image = image.index.digest
        sample.released = ("tool", "1.0.0", Digest.of(Fixture.program))
        try sample.record(in: fixture.store)
        return (fixture, image)
    }

    private func items(_ answer: Answer, _ member: String) throws -> [[String: Any]] {
        try answer.object[member] as? [[String: Any]] ?? []
    }

    @Test func `releases are listed page by page`() throws {
        let (fixture, _) = try filled()
        var target = "/api/v1/releases?limit=2"
        var found: [String] = []
        while true {
            let answer = fixture.answer(target)
            #expect(answer.status == .ok)
            found += try items(answer, "releases").map { "\($0["name"] ?? "")@\($0["version"] ?? "")" }
            guard let next = try answer.object["next"] as? String else { break }
            target = "/api/v1/releases?limit=2&after=\(next)"
        }
        #expect(found == ["team/tool@1.0.0", "tool@1.0.0", "tool@1.1.0"])
        #expect(try items(fixture.answer("/api/v1/releases?name=team/tool"), "releases").count == 1)
    }

    @Test func `a release has its files`() throws {
        let (fixture, _) = try filled()
        let artifacts = try items(fixture.answer("/api/v1/release?release=tool@1.0.0"), "artifacts")
        #expect(artifacts.map { $0["digest"] as? String } == ["\(Digest.of(Fixture.program))"])
        #expect(fixture.answer("/api/v1/release?release=tool@9").status == .notFound)
    }

    @Test func `the bytes of a released file are sent, whole and in ranges, and no others`() throws {
        let (fixture, _) = try filled()
        let digest = Digest.of(Fixture.program)
        let target = "/api/v1/artifacts/\(digest)/content"
        let whole = fixture.answer(target)
        #expect(try whole.bytes == Fixture.program)
        #expect(whole["Content-Disposition"]?.hasPrefix("attachment; filename=\"program-") == true)
        let part = fixture.answer(target, .GET, [("Range", "bytes=2-4")])
        #expect(part.status == .partialContent)
        #expect(try part.bytes == Array(Fixture.program[2...4]))
        #expect(fixture.answer(target, .GET, [("If-None-Match", "\"\(digest)\"")]).status == .notModified)
        let head = fixture.answer(target, .HEAD)
        #expect(head.body.count == Int64(Fixture.program.count))
        // A layer of an image is not a released file.
        let layer = Digest.of(Fixture.smallLayer)
        #expect(fixture.answer("/api/v1/artifacts/\(layer)/content").status == .notFound)
        #expect(fixture.answer("/api/v1/artifacts/\(layer)").status == .notFound)
    }

    @Test func `images have their names, their latest verdict and their files`() throws {
        let (fixture, image) = try filled()
        let images = try items(fixture.answer("/api/v1/images"), "images")
        #expect(images.map { $0["reference"] as? String } == ["agent:1", "agent:2"])
        #expect(images.allSatisfy { $0["verdict"] as? String == "contains" })
        #expect(try items(fixture.answer("/api/v1/images?after=agent:1"), "images").count == 1)
        let detail = try fixture.answer("/api/v1/images/\(image.index.digest)").object
        #expect((detail["audit"] as? [String: Any])?["verdict"] as? String == "contains")
        let files = try items(fixture.answer("/api/v1/manifests/\(Digest.of("manifest"))/files"), "files")
        #expect(files.map { $0["identity"] as? String } == ["unknown", "released"])
        let unknown = fixture.answer("/api/v1/manifests/\(Digest.of("manifest"))/files?identity=unknown&limit=1")
        #expect(try items(unknown, "files").map { $0["path"] as? String } == ["/etc/other"])
        #expect(try unknown.object["next"] == nil)
    }

    @Test func `every move of a tag is told`() throws {
        let (fixture, image) = try filled()
        let other = try fixture.addImage(["agent:1"], note: "other")
        let moves = try items(fixture.answer("/api/v1/tags?reference=agent:1"), "moves")
        #expect(moves.map { $0["to"] as? String } == ["\(image.index.digest)", "\(other.index.digest)"])
        #expect(moves.map { $0["from"] as? String } == [nil, "\(image.index.digest)"])
        #expect(fixture.answer("/api/v1/tags?reference=agent:9").status == .notFound)
    }

    @Test func `audits and what they saw are found`() throws {
        let (fixture, image) = try filled()
        let audits = try items(fixture.answer("/api/v1/audits?verdict=contains"), "audits")
        #expect(audits.map { $0["image"] as? String } == ["\(image.index.digest)"])
        #expect(try items(fixture.answer("/api/v1/audits?verdict=exact"), "audits").isEmpty)
        #expect(try items(fixture.answer("/api/v1/audits?before=1"), "audits").isEmpty)
        #expect(try fixture.answer("/api/v1/audits/\(image.index.digest)").object["platforms"] != nil)
        let found = try items(fixture.answer("/api/v1/release/images?release=tool@1.0.0"), "found")
        #expect(found.map { $0["path"] as? String } == ["/tool"])
        #expect(try items(fixture.answer("/api/v1/artifacts/\(Digest.of("unknown"))/images"), "found").count == 1)
        #expect(fixture.answer("/api/v1/release/images").status == .badRequest)
    }

    @Test(arguments: [
        ("q=tool", "names", 2), ("q=1.1", "releases", 1), ("q=agent", "images", 2), ("q=other", "programs", 1),
        ("q=team/tool@1.0.0", "releases", 1), ("q=nothing-of-this-name", "names", 0),
    ])
    func `the search finds names, versions, images and programs`(query: String, member: String, count: Int) throws {
        let (fixture, _) = try filled()
        let answer = try fixture.answer("/api/v1/search?" + query).object
        #expect((answer[member] as? [Any])?.count == count)
    }

    @Test func `the search finds any digest by seven digits`() throws {
        let (fixture, image) = try filled()
        for digest in [
            Digest.of(Fixture.program), image.index.digest, Digest.of("unknown"), Digest.of(Fixture.smallLayer),
        ] {
            let answer = try fixture.answer("/api/v1/search?q=\(digest.hex.prefix(7))").object
            #expect(answer["digests"] as? [String] == ["\(digest)"])
        }
    }

    @Test func `each byte of the store counts once`() throws {
        let (fixture, _) = try filled()
        let usage = try items(fixture.answer("/api/v1/storage?by=reason"), "storage")
        let bytes = usage.reduce(0) { $0 + ($1["bytes"] as? Int64 ?? 0) }
        #expect(try bytes == fixture.store.storedSize())
        #expect(usage.first { $0["reason"] as? String == "release" }?["blobs"] as? Int == 3)
        let days = try items(fixture.answer("/api/v1/storage?by=day"), "storage")
        #expect(days.reduce(0) { $0 + ($1["bytes"] as? Int64 ?? 0) } == bytes)
    }

    @Test func `the log is served with proofs`() throws {
        let (fixture, _) = try filled()
        let head = try fixture.answer("/api/v1/log/checkpoint").object
        let size = try #require(head["size"] as? Int)
        let entries = try items(fixture.answer("/api/v1/log/entries?after=1&limit=1"), "entries")
        #expect(entries.map { $0["number"] as? Int } == [2])
        #expect(
            try fixture.answer("/api/v1/log/entries/\(size)/proof").object["root"] as? String == head["root"] as? String
        )
        #expect(fixture.answer("/api/v1/log/entries/\(size + 1)/proof").status == .notFound)
        #expect(fixture.answer("/api/v1/log/consistency?since=1").status == .ok)
        #expect(fixture.answer("/api/v1/log/consistency?since=\(size + 1)").status == .notFound)
    }

    @Test func `an answer stands until the store changes`() throws {
        let (fixture, _) = try filled()
        let tag = try #require(fixture.answer("/api/v1/releases")["ETag"])
        let same = [("If-None-Match", tag)]
        #expect(fixture.answer("/api/v1/releases", .GET, same).status == .notModified)
        #expect(fixture.answer("/releases", .GET, same).status == .notModified)
        for target in ["/api/v1/releases", "/releases", "/api/v1/openapi.json"] {
            #expect(fixture.answer(target, .GET, [("If-Match", "\"other\"")]).status == .preconditionFailed)
        }
        // Leases, and when places were looked at, are not events.
        for target in ["/storage", "/published"] { #expect(fixture.answer(target)["ETag"] == nil) }
        try fixture.addRelease("tool@2.0.0", Array("#!/bin/sh\necho 2\n".utf8))
        #expect(fixture.answer("/api/v1/releases", .GET, same).status == .ok)
    }

    @Test(arguments: [
        ("/api/v1/releases?limit=0", HTTPResponseStatus.badRequest), ("/api/v1/releases?limit=1001", .badRequest),
        ("/api/v1/releases?limit=+1", .badRequest), ("/api/v1/releases?name=UPPER", .badRequest),
        ("/api/v1/releases?colour=red", .badRequest), ("/api/v1/release", .badRequest),
        ("/api/v1/release?release=tool", .badRequest), ("/api/v1/artifacts/sha256:00", .badRequest),
        ("/api/v1/artifacts/sha256:00?digest=x", .badRequest), ("/api/v1/storage?by=colour", .badRequest),
        ("/api/v1/search", .badRequest), ("/api/v1/search?q=", .badRequest), ("/api/v1/none", .notFound),
        ("/api/v1/artifacts/%00", .badRequest), ("/api/v2/releases", .notFound), ("/api", .notFound),
        ("/api/v1/", .notFound),
    ])
    func `what is asked wrongly is a problem with its reason`(target: String, status: HTTPResponseStatus) throws {
        let answer = try Fixture().answer(target)
        #expect(answer.status == status)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try answer.object["status"] as? Int == Int(status.code))
        #expect(try (answer.object["detail"] as? String)?.isEmpty == false)
    }

    @Test func `a method that isn't there is refused with those that are`() throws {
        let answer = try Fixture().answer("/api/v1/releases", .DELETE)
        #expect(answer.status == .methodNotAllowed)
        #expect(answer["Allow"] == "GET, HEAD")
    }

    @Test func `an empty store has empty lists`() throws {
        let fixture = try Fixture()
        for (path, member) in [
            ("releases", "releases"), ("images", "images"), ("audits", "audits"), ("published", "places"),
            ("log/entries", "entries"),
        ] {
            let answer = fixture.answer("/api/v1/" + path)
            #expect(answer.status == .ok)
            #expect(try items(answer, member).isEmpty)
        }
        #expect(fixture.reports.all.isEmpty)
    }

    @Test func `the document describes every operation, and refers to schemas that it has`() throws {
        let document = try Fixture().answer("/api/v1/openapi.json").object
        let paths = try #require(document["paths"] as? [String: Any])
        #expect(Set(paths.keys) == Set(APIRoutes.operations.map { "/api/v1" + $0.path }))
        let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
        let text = try Fixture().answer("/api/v1/openapi.json").text
        let referred = text.split(separator: "\"#/components/schemas/").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(!referred.isEmpty)
        for name in Set(referred) { #expect(schemas[String(name)] != nil, "\(name)") }
    }
}
