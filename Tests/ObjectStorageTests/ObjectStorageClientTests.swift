import ContentAddress
import HTTP
import HTTPTestSupport
import NIOHTTP1
import Synchronization
import Testing

@testable import ObjectStorage

@Suite struct ObjectStorageClientTests {
    /// Runs a client beside a server that gives these answers, the last one for ever.
    @discardableResult
    private func run<Result>(
        _ replies: [FakeServer.Reply],
        _ change: (inout ObjectStorageOptions) -> Void = { _ in },
        _ body: (ObjectStorageClient, FakeServer) throws -> Result
    ) throws -> Result {
        let rest = Mutex(replies)
        return try FakeServer.run({ _ in rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }) { server in
            try body(try FakeStorage.client("http://\(server.host)", prefix: "/blobs", change), server)
        }
    }

    @Test(arguments: [500, 503, 429])
    func aFailureThatMayPassIsTriedAgain(_ status: Int) throws {
        try run([FakeStorage.failure(status, "SlowDown"), .init(status), .init(200)]) { client, server in
            try client.put("key", [1, 2])
            #expect(server.requests.count == 3)
            #expect(server.requests.allSatisfy { $0.body == [1, 2] && $0.uri == "/bucket/blobs/key" })
        }
    }

    @Test func theSameIsNotTriedForEver() throws {
        try run([FakeStorage.failure(503, "SlowDown")]) { client, server in
            let error = #expect(throws: ObjectStorageError.self) { try client.delete("key") }
            #expect(error?.description.contains("status 503, SlowDown, no") == true, "\(String(describing: error))")
            #expect(server.requests.count == 5)
        }
    }

    @Test func aLongPauseIsNotWaitedFor() throws {
        let waits = Mutex<[Double]>([])
        let change = { (options: inout ObjectStorageOptions) in
            options.retry.sleep = { seconds in waits.withLock { $0.append(seconds) } }
        }
        try run([.init(503, [("Retry-After", "20")]), .init(503, [("Retry-After", "3600")])], change) {
            client,
            server in
            #expect(throws: ObjectStorageError.self) { try client.delete("key") }
            #expect(server.requests.count == 2)
            #expect(waits.withLock(\.self) == [20])
        }
    }

    @Test func allCallsShareABudget() throws {
        try run([.init(500)]) { client, server in
            for _ in 0..<200 { #expect(throws: ObjectStorageError.self) { try client.delete("key") } }
            // Once for each call, and 100 times more.
            #expect(server.requests.count == 300)
        }
    }

    @Test func aConditionIsNotSentTwice() throws {
        try run([.init(500), .init(412)]) { client, server in
            #expect(throws: ObjectStorageError.self) { try client.put("key", [], ifNew: true) }
            #expect(server.requests.count == 1)
            #expect(throws: ObjectStorageError.precondition(what: "object key", place: "s3://bucket/blobs")) {
                try client.put("key", [], ifNew: true)
            }
            #expect(server.requests.last?.headers.first(name: "if-none-match") == "*")
        }
    }

    @Test(arguments: [
        (FakeStorage.failure(404, "NoSuchBucket"), "there is no bucket"),
        (FakeStorage.failure(403, "SignatureDoesNotMatch"), "the key is key, from the environment"),
        (FakeStorage.failure(403, "RequestTimeTooSkewed"), "is this machine's clock right?"),
        (
            FakeStorage.failure(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
            "write region=eu-west-1"
        ),
        (
            .init(301, [("x-amz-bucket-region", "eu-west-2"), ("Location", "http://127.0.0.1:1/")]),
            "write region=eu-west-2"
        ),
        (FakeStorage.failure(400, "BadDigest"), "received other bytes than were sent as object key"),
        (.init(404), "there is no object key in s3://bucket/blobs"),
        (.init(200, [], Array("\u{1B}[31m".utf8)), "another"),
        (FakeStorage.failure(400, "\u{1B}[31mred"), "refuses object key"),
        (.init(400, [], Array("<a>".utf8)), "status 400"),
    ])
    func aRefusalSaysWhatToDo(_ reply: FakeServer.Reply, _ words: String) throws {
        try run([reply]) { client, server in
            let error = #expect(throws: ObjectStorageError.self) { try client.get("key", range: 0...1, limit: 10) }
            let text = try #require(error).description
            #expect(text.contains(words) || (reply.status == 200 && text.contains("the range none came")), "\(text)")
            #expect(!text.contains("hidden") && !text.contains("\u{1B}"), "\(text)")
            // A redirect isn't followed: the signature would go to another host.
            #expect(server.requests.count == 1)
        }
    }

    @Test func aFailureBehindSuccessIsOne() throws {
        let upload = MultipartUpload(key: "key", identifier: "id")
        var late = FakeStorage.failure(404, "NoSuchUpload")
        late.status = 200
        try run([late]) { client, _ in
            #expect(throws: ObjectStorageError.self) { try client.complete(upload, []) }
        }
    }

    @Test func aListHasAnEndAndNoOtherKeys() throws {
        func list(_ text: String) -> FakeServer.Reply {
            .init(200, [], Array("<ListBucketResult>\(text)</ListBucketResult>".utf8))
        }
        let more = "<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>"
        for reply in [list(more), list("<Contents><Key>other</Key></Contents>"), list("<Contents/>"), .init(200)] {
            try run([reply]) { client, _ in
                let error = #expect(throws: ObjectStorageError.self) { try client.list("") { _ in } }
                #expect(error?.description.contains("wrongly") == true, "\(String(describing: error))")
            }
        }
    }

    @Test func moreThanTheLimitIsNotRead() throws {
        try run([.init(200, [], [UInt8](repeating: 1, count: 11))]) { client, _ in
            let all = try client.get("key", limit: 11)
            #expect(all.count == 11)
            #expect(throws: ObjectStorageError.self) { try client.get("key", limit: 10) }
        }
    }

    @Test func aChecksumOfPartsIsNoneOfTheBytes() throws {
        let digest = Digest.of("bytes")
        let (name, value) = ObjectStorageClient.checksum(digest)
        for (text, expected) in [(value, digest), (value + "-2", nil), ("", nil)] {
            try run([.init(200, [(name, text), ("Content-Length", "5")])]) { client, _ in
                let status = try client.head("key")
                #expect(status == ObjectStatus(size: 5, digest: expected))
            }
        }
    }

    @Test func plainHTTPIsForThisMachineAlone() throws {
        #expect(throws: ObjectStorageError.self) { try FakeStorage.client("http://s3.example") }
        _ = try FakeStorage.client("http://s3.example") { $0.http.isInsecure = true }
        _ = try FakeStorage.client("https://s3.example")
    }

    @Test(arguments: [
        ("<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>", true),
        ("<Status>Disabled</Status><Expiration><Days>1</Days></Expiration>", false),
        ("<Status>Enabled</Status><Expiration><Date>2030-01-01</Date></Expiration><Prefix>blobs/</Prefix>", true),
        ("<Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Filter><Prefix>bl</Prefix></Filter>", true),
        (
            "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Filter><Prefix>blobs/sha256/0</Prefix></Filter>",
            true
        ),
        (
            "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Filter><Prefix>other/</Prefix></Filter>",
            false
        ),
        (
            "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Filter><And><Prefix>blobs/</Prefix>"
                + "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And></Filter>", true
        ),
        (
            "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Filter><And><Prefix>blobs/</Prefix>"
                + "<Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>", false
        ),
        (
            "<Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            false
        ),
        (
            "<Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>",
            false
        ),
        (
            "<Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
            false
        ),
        (
            "<Status>Enabled</Status><Transition><Days>1</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>",
            true
        ),
        (
            "<Status>Enabled</Status><Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>",
            false
        ),
    ])
    func aRuleThatTakesBlobsAwayIsKnown(_ rule: String, _ expected: Bool) throws {
        let element = try XMLElement(parsing: Array("<Rule>\(rule)</Rule>".utf8))
        #expect(LifecycleRule(element).threatens("blobs/") == expected)
    }
}
