import ContentAddress
import Foundation
import HTTP
import HTTPTestSupport
import NIOHTTP1
import Synchronization

@testable import ObjectStorage

/// Object storage in memory, which may break one promise.
final class FakeStorage: Sendable {
    /// What endpoints in use were seen to do, and what they may do.
    enum Fault: String, CaseIterable {
        case staleReads, deletedReads, ignoredChecksums, unsignedBodies, noStoredChecksums, repeatedClaims
        case ignoredRanges, shortLists, swappedParts, earlyUploads, ignoredPartChecksums, immortalUploads
        case ignoredConditions, unknownConditions, racedConditions, racedUploads
        case uncheckedAddresses, open, deletingRule, hiddenRules, versions
    }

    private struct Object {
        var bytes: [UInt8]
        var claim: String?
    }

    private struct State {
        var objects: [String: Object] = [:]
        var uploads: [String: [Int: [UInt8]]] = [:]
        var count = 0
        // Conditions that were looked at and not yet acted on.
        var stale: [String: Object] = [:]
    }

    let fault: Fault?
    private let state = Mutex(State())
    private static let bucket = "/bucket"

    init(_ fault: Fault? = nil) {
        self.fault = fault
    }

    /// The keys that are there.
    var keys: [String] { state.withLock { $0.objects.keys.sorted() } }
    /// How many uploads weren't ended.
    var uploadCount: Int { state.withLock { $0.uploads.count } }

    /// Runs a client beside it.
    static func run<Result>(
        _ fault: Fault? = nil,
        prefix: String = "",
        _ body: (ObjectStorageClient, FakeStorage, FakeServer) throws -> Result
    ) throws -> Result {
        let storage = FakeStorage(fault)
        return try FakeServer.run({ storage.answer($0) }) { server in
            try body(try client("http://\(server.host)", prefix: prefix), storage, server)
        }
    }

    /// A client that loses no time between attempts.
    static func client(
        _ endpoint: String,
        prefix: String = "",
        _ change: (inout ObjectStorageOptions) -> Void = { _ in }
    ) throws -> ObjectStorageClient {
        let environment = ["AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hidden"]
        var options = ObjectStorageOptions(HTTPOptions(environment: environment))
        options.retry.sleep = { _ in }
        change(&options)
        return try ObjectStorageClient(ObjectLocation(parsing: "s3://bucket\(prefix)?endpoint=\(endpoint)"), options)
    }

    static func failure(_ status: Int, _ code: String, _ more: String = "") -> FakeServer.Reply {
        .init(status, [], Array("<Error><Code>\(code)</Code><Message>no</Message>\(more)</Error>".utf8))
    }

    private static func document(_ text: String) -> FakeServer.Reply {
        .init(200, [("Content-Type", "application/xml")], Array("<?xml version=\"1.0\"?>\n\(text)".utf8))
    }

    private func answer(_ request: FakeServer.Request) -> FakeServer.Reply {
        let query = URLComponents(string: request.uri)?.queryItems ?? []
        func value(_ name: String) -> String? { query.first { $0.name == name }.map { $0.value ?? "" } }
        guard isAllowed(request, value("X-Amz-Signature")) else { return Self.failure(403, "AccessDenied") }
        let key = String(request.path.dropFirst(Self.bucket.count + 1))
        if request.path == Self.bucket { return bucket(value) }
        if let number = value("partNumber").flatMap({ Int($0) }), let upload = value("uploadId") {
            return part(number, of: upload, request)
        }
        if value("uploads") != nil || value("uploadId") != nil { return upload(key, value("uploadId"), request) }
        switch request.method {
        case .PUT: return put(key, request)
        case .DELETE: return delete(key)
        default: return get(key, request)
        }
    }

    private func isAllowed(_ request: FakeServer.Request, _ signature: String?) -> Bool {
        if fault == .open || request.authorization != nil { return true }
        guard let signature else { return false }
        guard fault != .uncheckedAddresses, let address = URL(string: "http://x\(request.uri)"),
            let host = request.headers.first(name: "Host"),
            let time = URLComponents(string: request.uri)?.queryItems?.first(where: { $0.name == "X-Amz-Date" })?.value
        else { return fault == .uncheckedAddresses }
        let key = AccessKey(identifier: "key", secret: "hidden", source: "")
        let expected = RequestSignature(key: key, region: "us-east-1", time: time)
            .presignedQuery(method: "GET", host: host, path: address.path, seconds: 60)
        return expected.hasSuffix(signature)
    }

    private func isDamaged(_ request: FakeServer.Request) -> Bool {
        let claim = request.headers.first(name: "x-amz-checksum-sha256")
        return claim != nil && claim != ObjectStorageClient.checksum(Digest.of(request.body)).value
    }

    private func put(_ key: String, _ request: FakeServer.Request) -> FakeServer.Reply {
        if fault != .ignoredChecksums, fault != .repeatedClaims, isDamaged(request) {
            return Self.failure(400, "BadDigest")
        }
        let digest = request.headers.first(name: "x-amz-content-sha256")
        if fault != .unsignedBodies, digest != Digest.of(request.body).hex {
            return Self.failure(400, "XAmzContentSHA256Mismatch")
        }
        let claim = request.headers.first(name: "x-amz-checksum-sha256")
        let object = Object(bytes: request.body, claim: fault == .noStoredChecksums ? nil : claim)
        return store(object, key, request, isRaced: fault == .racedConditions)
    }

    private func store(
        _ object: Object,
        _ key: String,
        _ request: FakeServer.Request,
        isRaced: Bool
    ) -> FakeServer.Reply {
        let isConditional = request.headers.contains(name: "if-none-match") && fault != .ignoredConditions
        if isConditional, fault == .unknownConditions { return Self.failure(501, "NotImplemented") }
        return state.withLock { state in
            // The first two of a race look before either of them has written.
            state.count += isConditional ? 1 : 0
            let isBlind = isRaced && state.count % 4 < 2
            if isConditional, state.objects[key] != nil, !isBlind { return Self.failure(412, "PreconditionFailed") }
            if let old = state.objects[key] { state.stale[key] = old }
            state.objects[key] = object
            return .init(200, [("ETag", "\"tag\"")])
        }
    }

    private func delete(_ key: String) -> FakeServer.Reply {
        state.withLock { state in
            if let old = state.objects.removeValue(forKey: key) { state.stale[key] = old }
            return .init(204)
        }
    }

    private func get(_ key: String, _ request: FakeServer.Request) -> FakeServer.Reply {
        let object = state.withLock { state in
            switch fault {
            case .staleReads: state.stale[key] ?? state.objects[key]
            case .deletedReads: state.objects[key] ?? state.stale[key]
            default: state.objects[key]
            }
        }
        guard let object else { return Self.failure(404, "NoSuchKey") }
        let fields = object.claim.map { [("x-amz-checksum-sha256", $0)] } ?? []
        guard let range = request.headers.first(name: "range"), fault != .ignoredRanges else {
            return .init(200, fields, object.bytes)
        }
        let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        let part = Array(object.bytes[ends[0]..<min(ends[1] + 1, object.bytes.count)])
        let name = "bytes \(ends[0])-\(ends[0] + part.count - 1)/\(object.bytes.count)"
        return .init(206, [("Content-Range", name)], part)
    }

    private func upload(_ key: String, _ name: String?, _ request: FakeServer.Request) -> FakeServer.Reply {
        if request.method == .DELETE {
            if fault != .immortalUploads { state.withLock { _ = $0.uploads.removeValue(forKey: name ?? "") } }
            return .init(204)
        }
        guard let name else {
            return state.withLock { state in
                let name = "upload-\(state.uploads.count)-\(key.count)-\(UInt32.random(in: 0 ... .max))"
                state.uploads[name] = [:]
                if fault == .earlyUploads { state.objects[key] = Object(bytes: [], claim: nil) }
                return Self.document(
                    "<InitiateMultipartUploadResult xmlns='urn:s3'><UploadId>\(name)</UploadId></InitiateMultipartUploadResult>"
                )
            }
        }
        guard let parts = state.withLock({ $0.uploads[name] }) else { return Self.failure(404, "NoSuchUpload") }
        let ordered = parts.sorted { fault == .swappedParts ? $0.key > $1.key : $0.key < $1.key }
        let object = Object(bytes: ordered.flatMap(\.value), claim: "c29tZSBwYXJ0cw==-\(parts.count)")
        let reply = store(object, key, request, isRaced: fault == .racedUploads)
        guard reply.status == 200 else { return reply }
        state.withLock { _ = $0.uploads.removeValue(forKey: name) }
        return Self.document(
            "<CompleteMultipartUploadResult><ETag>&quot;t&quot;</ETag></CompleteMultipartUploadResult>"
        )
    }

    private func part(_ number: Int, of upload: String, _ request: FakeServer.Request) -> FakeServer.Reply {
        if fault != .ignoredPartChecksums, isDamaged(request) { return Self.failure(400, "BadDigest") }
        state.withLock { $0.uploads[upload]?[number] = request.body }
        return .init(200, [("ETag", "\"\(number)\"")])
    }

    private func bucket(_ value: (String) -> String?) -> FakeServer.Reply {
        if value("lifecycle") != nil {
            switch fault {
            case .hiddenRules: return Self.failure(403, "AccessDenied")
            case .deletingRule:
                return Self.document(
                    "<LifecycleConfiguration><Rule><ID>week</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>"
                        + "<Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>"
                )
            default: return Self.failure(404, "NoSuchLifecycleConfiguration")
            }
        }
        if value("versioning") != nil {
            let status = fault == .versions ? "<Status>Enabled</Status>" : ""
            return Self.document("<VersioningConfiguration>\(status)</VersioningConfiguration>")
        }
        let start = value("prefix") ?? ""
        let after = value("continuation-token") ?? ""
        let all = keys.filter { $0.hasPrefix(start) && $0 > after }
        let page = all.prefix(value("max-keys").flatMap { Int($0) } ?? 1000)
        let isCut = page.count < all.count && fault != .shortLists
        return Self.document(
            "<ListBucketResult><IsTruncated>\(isCut)</IsTruncated>"
                + page.map { "<Contents><Key>\($0)</Key></Contents>" }.joined()
                + (isCut ? "<NextContinuationToken>\(page.last ?? "")</NextContinuationToken>" : "")
                + "</ListBucketResult>"
        )
    }
}
