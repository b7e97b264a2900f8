import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import StoreTestSupport
import SystemIO
import Testing

@testable import RegistryServer

/// Pushing blobs: OCI distribution specification 1.1, "Pushing blobs".
struct UploadTests {
    private let bytes = Array("the bytes of a blob".utf8)

    private func isStored(_ bytes: [UInt8], _ fixture: Fixture, in repository: String = "app") throws -> Bool {
        let answer = fixture.answer("/v2/\(repository)/blobs/\(Digest.of(bytes))")
        return try answer.status == .ok && answer.bytes == bytes
    }

    @Test func `end-4a and end-6: POST and PUT`() throws {
        let fixture = try Fixture(writes: .everything)
        let begun = fixture.send(.POST, "/v2/app/blobs/uploads/")
        #expect(begun.status == .accepted)
        let location = try #require(begun["Location"])
        #expect(location.hasPrefix("/v2/app/blobs/uploads/"))
        #expect(begun["Docker-Upload-UUID"].map { location.hasSuffix($0) } == true)
        let ended = fixture.send(.PUT, "\(location)?digest=\(Digest.of(bytes))", bytes)
        #expect(ended.status == .created)
        #expect(ended["Location"] == "/v2/app/blobs/\(Digest.of(bytes))")
        #expect(ended["Docker-Content-Digest"] == "\(Digest.of(bytes))")
        #expect(try isStored(bytes, fixture))
        #expect(fixture.send(.GET, location).status == .notFound)
    }

    @Test func `end-4b: a single POST`() throws {
        let fixture = try Fixture(writes: .everything)
        for bytes in [bytes, [], Array("{}".utf8)] {
            let answer = fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(bytes))", bytes)
            #expect(answer.status == .created)
            #expect(answer["Location"] == "/v2/app/blobs/\(Digest.of(bytes))")
            #expect(try isStored(bytes, fixture))
        }
    }

    @Test(arguments: [false, true])
    func `end-5: chunks in order, the last one by PATCH or by PUT`(isLastByPut: Bool) throws {
        let fixture = try Fixture(writes: .everything)
        var location = fixture.begin("app")
        let chunks = [Array(bytes[..<5]), Array(bytes[5..<11]), Array(bytes[11...])]
        var size = 0
        for chunk in isLastByPut ? Array(chunks.dropLast()) : chunks {
            let range = "\(size)-\(size + chunk.count - 1)"
            let answer = fixture.send(.PATCH, location, chunk, [("Content-Range", range)])
            size += chunk.count
            #expect(answer.status == .accepted)
            #expect(answer["Range"] == "0-\(size - 1)")
            location = try #require(answer["Location"])
            let status = fixture.send(.GET, location)
            #expect(status.status == .noContent)
            #expect(status["Range"] == "0-\(size - 1)")
            #expect(status["Location"] == location)
        }
        let last = isLastByPut ? chunks[2] : []
        let range = isLastByPut ? [("Content-Range", "\(size)-\(bytes.count - 1)")] : []
        #expect(fixture.send(.PUT, "\(location)?digest=\(Digest.of(bytes))", last, range).status == .created)
        #expect(try isStored(bytes, fixture))
    }

    @Test(arguments: ["5-9", "1-5", "0-4"])
    func `a chunk out of order is 416, and says where the upload stands`(range: String) throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, Array(bytes[..<3]), [("Content-Range", "0-2")]).status == .accepted)
        for (method, target) in [(HTTPMethod.PATCH, location), (.PUT, "\(location)?digest=\(Digest.of(bytes))")] {
            let answer = fixture.send(method, target, Array(bytes[..<5]), [("Content-Range", range)])
            #expect(answer.status == .rangeNotSatisfiable)
            #expect(answer["Range"] == "0-2")
            #expect(answer["Location"] == location)
        }
        #expect(fixture.send(.PATCH, location, Array(bytes[3...])).status == .accepted)
        #expect(fixture.send(.PUT, "\(location)?digest=\(Digest.of(bytes))").status == .created)
    }

    @Test(arguments: [
        ("3-1", "3"), ("a-b", "3"), ("0", "1"), ("bytes 0-2/3", "3"), ("-2", "3"), ("0-", "3"),
        ("0-9223372036854775807", "3"), ("0-99999999999999999999", "3"), ("0-2", "4"), ("", "3"),
    ])
    func `a range that isn't one, or not the content's, is refused`(range: String, length: String) throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        let fields = [("Content-Range", range), ("Content-Length", length)]
        let answer = fixture.send(.PATCH, location, [1, 2, 3], fields)
        #expect(answer.status == .badRequest)
        #expect(try ["BLOB_UPLOAD_INVALID", "SIZE_INVALID"].contains(answer.code))
        #expect(fixture.send(.GET, location)["Range"] == "0-0")
    }

    @Test func `a chunk that is shorter than its range doesn't count`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        let answer = fixture.send(.PATCH, location, [1, 2, 3], [("Content-Range", "0-9")])
        #expect(try answer.code == "SIZE_INVALID")
        #expect(fixture.send(.PATCH, location, bytes, [("Content-Range", "0-\(bytes.count - 1)")]).status == .accepted)
        #expect(fixture.send(.PUT, "\(location)?digest=\(Digest.of(bytes))").status == .created)
    }

    @Test func `a digest of other bytes is refused, and leaves nothing`() throws {
        let fixture = try Fixture(writes: .everything)
        let wrong = Digest.of("other")
        let long = LongDigest.of(Array("other".utf8))
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, Array(bytes[..<5])).status == .accepted)
        for answer in [
            fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(wrong)", bytes),
            fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(long)", bytes),
            fixture.send(.PUT, "\(fixture.begin("app"))?digest=\(wrong)", bytes),
            fixture.send(.PUT, "\(location)?digest=\(wrong)", Array(bytes[5...])),
        ] {
            #expect(answer.status == .badRequest)
            #expect(try answer.code == "DIGEST_INVALID")
        }
        #expect(try !isStored(bytes, fixture))
        #expect(fixture.answer("/v2/app/blobs/\(wrong)").status == .notFound)
        #expect(try Directory.names(in: fixture.store.paths.root + "/uploads").isEmpty)
        #expect(try Directory.names(in: fixture.store.paths.blobs).isEmpty)
        #expect(try Directory.names(in: fixture.store.paths.staging).isEmpty)
    }

    @Test(arguments: ["", "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha512:00"])
    func `a digest that isn't one, or of another algorithm, is refused before the content`(digest: String) throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        #expect(try fixture.send(.PUT, "\(location)?digest=\(digest)", bytes).code == "DIGEST_INVALID")
        #expect(try fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(digest)", bytes).code == "DIGEST_INVALID")
        #expect(fixture.send(.GET, location).status == .noContent)
    }

    @Test func `sha512 names a blob beside sha256`() throws {
        let fixture = try Fixture(writes: .everything)
        let long = LongDigest.of(bytes)
        let begun = fixture.send(.POST, "/v2/app/blobs/uploads/?digest-algorithm=sha512")
        let location = try #require(begun["Location"])
        let answer = fixture.send(.PUT, "\(location)?digest=\(long)", bytes)
        #expect(answer.status == .created)
        #expect(answer["Docker-Content-Digest"] == "\(long)")
        for digest in ["\(long)", "\(Digest.of(bytes))"] {
            let blob = fixture.answer("/v2/app/blobs/\(digest)")
            #expect(try blob.bytes == bytes)
            #expect(blob["Docker-Content-Digest"] == digest)
        }
        #expect(fixture.send(.POST, "/v2/app/blobs/uploads/?digest-algorithm=md5").status == .badRequest)
        #expect(fixture.answer("/v2/other/blobs/\(long)").status == .notFound)
    }

    @Test func `end-14: an upload that is cancelled is gone`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, bytes).status == .accepted)
        #expect(fixture.send(.DELETE, location).status == .noContent)
        for method in [HTTPMethod.GET, .DELETE, .PATCH] {
            let answer = fixture.send(method, location, bytes)
            #expect(answer.status == .notFound)
            #expect(try answer.code == "BLOB_UPLOAD_UNKNOWN")
        }
        #expect(try Directory.names(in: fixture.store.paths.root + "/uploads").isEmpty)
    }

    @Test func `an upload goes on where it was after a new start, and keeps to its repository`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        #expect(fixture.send(.PATCH, location, Array(bytes[..<7])).status == .accepted)
        let routes = try fixture.restarted()
        let other = location.replacing("/v2/app/", with: "/v2/other/")
        #expect(routes.send(.GET, other)?.status == .notFound)
        #expect(routes.send(.PATCH, other, [bytes])?.status == .notFound)
        #expect(routes.send(.GET, location)?["Range"] == "0-6")
        #expect(
            routes.send(.PATCH, location, [Array(bytes[7...])], [("Content-Range", "7-\(bytes.count - 1)")])?["Range"]
                == "0-\(bytes.count - 1)"
        )
        #expect(routes.send(.PUT, "\(location)?digest=\(Digest.of(bytes))")?.status == .created)
        #expect(try isStored(bytes, fixture))
    }

    @Test func `what came of a chunk before the connection ended counts, and of a whole blob doesn't`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        #expect(fixture.routes.send(.PATCH, location, [Array(bytes[..<4])], isCut: true) == nil)
        #expect(fixture.send(.GET, location)["Range"] == "0-3")
        let target = "\(location)?digest=\(Digest.of(bytes))"
        #expect(fixture.routes.send(.PUT, target, [Array(bytes[4..<6])], isCut: true) == nil)
        #expect(fixture.send(.GET, location)["Range"] == "0-3")
        #expect(fixture.send(.PUT, target, Array(bytes[4...])).status == .created)
        #expect(try isStored(bytes, fixture))
    }

    @Test func `a whole blob that is cut off leaves no upload, whose name nobody knows`() throws {
        let fixture = try Fixture(writes: .everything)
        let target = "/v2/app/blobs/uploads/?digest=\(Digest.of(bytes))"
        #expect(fixture.routes.send(.POST, target, [Array(bytes[..<4])], isCut: true) == nil)
        #expect(try Directory.names(in: fixture.store.paths.root + "/uploads").isEmpty)
        #expect(fixture.send(.POST, target, bytes).status == .created)
    }

    @Test func `an upload that has become a blob has no other name when that is answered`() throws {
        let fixture = try Fixture(writes: .everything)
        let uploads = fixture.store.paths.root + "/uploads"
        for number in 0..<50 {
            let bytes = Array("blob \(number)".utf8)
            let status = fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(bytes))", bytes).status
            let left = try Directory.names(in: uploads)
            #expect(status == .created && left.isEmpty)
        }
    }

    @Test func `only one request at a time writes to an upload`() throws {
        let fixture = try Fixture(writes: .everything)
        let location = fixture.begin("app")
        let head = HTTPRequestHead(version: .http1_1, method: .PATCH, uri: location)
        let first = fixture.routes.intake(head)
        guard case .upload = first else {
            Issue.record("the first is taken")
            return
        }
        #expect(fixture.send(.PATCH, location, bytes).status == .conflict)
        withExtendedLifetime(first) {}
    }

    @Test func `end-11: a blob is mounted from a repository that has it, or from any`() throws {
        let fixture = try Fixture(writes: .everything)
        let digest = fixture.push(bytes, to: "one").digest
        for query in ["mount=\(digest)&from=one", "mount=\(digest)"] {
            let repository = "two/\(query.utf8.count)"
            let answer = fixture.send(.POST, "/v2/\(repository)/blobs/uploads/?\(query)")
            #expect(answer.status == .created)
            #expect(answer["Location"] == "/v2/\(repository)/blobs/\(digest)")
            #expect(try isStored(bytes, fixture, in: repository))
        }
        // Of an image that was built, and of a release.
        try fixture.addImage(["built:1"])
        try fixture.addRelease("tool@1.0.0")
        for (digest, source) in [
            (Digest.of(Fixture.smallLayer), "built"), (Digest.of(Fixture.program), "releases/tool"),
        ] {
            let target = "/v2/two/blobs/uploads/?mount=\(digest)&from=\(source)"
            #expect(fixture.send(.POST, target).status == .created)
        }
    }

    @Test func `what isn't where it is to be mounted from begins an upload`() throws {
        let fixture = try Fixture(withheld: [], writes: .everything)
        let digest = fixture.push(bytes, to: "one").digest
        try fixture.addRelease("tool@1.0.0", Array("draft".utf8), draft: true)
        for query in [
            "mount=\(digest)&from=none", "mount=\(Digest.of("none"))", "mount=\(Digest.of("none"))&from=one",
            // A draft's bytes are nobody's.
            "mount=\(Digest.of("draft"))", "mount=\(Digest.of("draft"))&from=releases/tool",
        ] {
            let answer = fixture.send(.POST, "/v2/two/blobs/uploads/?\(query)")
            #expect(answer.status == .accepted)
            #expect(answer["Location"]?.hasPrefix("/v2/two/blobs/uploads/") == true)
        }
        #expect(try fixture.send(.POST, "/v2/two/blobs/uploads/?mount=x").code == "DIGEST_INVALID")
        #expect(try fixture.send(.POST, "/v2/two/blobs/uploads/?mount=\(digest)&from=../one").code == "NAME_INVALID")
    }

    @Test func `uploads are bounded in number and in time`() throws {
        let directory = try TemporaryStore(at: Timestamp(milliseconds: 1_000_000_000_000))
        let store = try directory.open()
        let area = try UploadArea(in: store, most: 2)
        let first = try #require(try area.begin(in: "app"))
        _ = try #require(try area.begin(in: "app"))
        #expect(try area.begin(in: "app") == nil)
        for name in try Directory.names(in: store.paths.root + "/uploads") where name.hasPrefix("\(first)") {
            let file = try File.open("\(store.paths.root)/uploads/\(name)", 2)
            try file.setModified(1_000_000_000 - UploadArea.time / 1000 - 1)
        }
        #expect(try area.begin(in: "app") != nil)
        guard case .unknown = try area.open(first, in: "app") else {
            Issue.record("it has run out")
            return
        }
    }

    @Test func `a page of another site writes nothing`() throws {
        let fixture = try Fixture(writes: .everything)
        for field in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
            let answer = fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(bytes))", bytes, [field])
            #expect(answer.status == .forbidden)
            #expect(fixture.send(.DELETE, "/v2/app/manifests/1", [], [field]).status == .forbidden)
        }
        #expect(try !isStored(bytes, fixture))
    }
}
