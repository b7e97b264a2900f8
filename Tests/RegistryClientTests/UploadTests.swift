import ContentAddress
import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import OCI
import RegistryClient
import Synchronization
import Testing

/// Uploads that break off, against a registry that keeps what it got.
@Suite struct UploadTests {
    /// One upload at a time, kept as a registry keeps it.
    private final class Uploads: Sendable {
        struct State {
            var bytes: [UInt8] = []
            var isOpen = false
            var committed: Set<String> = []
            var begun = 0
            var status = 0
        }

        let state = Mutex(State())
        let forgets: Bool
        let failure: Int?

        /// `forgets`: a broken upload is gone.
        ///
        /// `failure`: the first PATCH is answered so.
        init(forgets: Bool = false, failure: Int? = nil) {
            self.forgets = forgets
            self.failure = failure
        }

        func answer(_ request: FakeServer.Request) -> FakeServer.Reply {
            state.withLock { answer(request, &$0) }
        }

        private func answer(_ request: FakeServer.Request, _ state: inout State) -> FakeServer.Reply {
            let place = ("Location", "/v2/image/blobs/uploads/one?state=\(state.bytes.count)")
            var range: (String, String) { ("Range", "0-\(max(state.bytes.count - 1, 0))") }
            switch request.method {
            case .HEAD: return .init(404)
            case .GET where request.path == "/v2/": return .init(200)
            case .POST:
                state.begun += 1
                state.bytes = []
                state.isOpen = true
                return .init(202, [("Location", "/v2/image/blobs/uploads/one")])
            case .PATCH:
                if let failure, state.status == 0 {
                    state.status = failure
                    return .init(failure, [("Retry-After", "1")])
                }
                guard state.isOpen else { return .init(404) }
                let span = request.headers.first(name: "Content-Range")
                guard span.map({ Int($0.prefix { $0 != "-" }) == state.bytes.count }) ?? true else {
                    return .init(416, [place, range])
                }
                if request.isCut, forgets {
                    state.isOpen = false
                } else {
                    state.bytes += request.body
                }
                return .init(202, [("Location", "/v2/image/blobs/uploads/one?state=\(state.bytes.count)"), range])
            case .GET:
                return state.isOpen ? .init(204, [place, range]) : .init(404)
            case .PUT where request.path.contains("/manifests/"): return .init(201)
            case .PUT:
                let bytes = state.bytes + request.body
                let digest = request.uri.split(separator: "digest=").last.map(String.init) ?? ""
                guard "\(Digest.of(bytes))" == digest else {
                    return .init(
                        400,
                        [],
                        Array(#"{"errors": [{"code": "DIGEST_INVALID", "message": "other bytes"}]}"#.utf8)
                    )
                }
                state.committed.insert(digest)
                return .init(201, [("Docker-Content-Digest", digest)])
            default: return .init(405)
            }
        }
    }

    private static let bytes = Fixture.noise(1_000_000, seed: 3)

    private static var descriptor: Descriptor {
        Descriptor(mediaType: MediaType.layer, digest: .of(bytes), size: Int64(bytes.count))
    }

    private func push(_ server: FakeServer, bytes: [UInt8] = bytes) throws -> Int64 {
        let destination = try Fixture.images().destination("\(server.host)/image:1", name: nil)
        let remote = try #require(destination as? any RemoteImageDestination)
        let source = Fixture.OneBlob(bytes: bytes)
        let count = Mutex<Int64>(0)
        let descriptor = Self.descriptor
        try remote.add(descriptor) { bytes in
            count.withLock { $0 += bytes }
        } opening: { () throws(TransportError) in
            try source.blob(descriptor)
        }
        return count.withLock { $0 }
    }

    /// Breaks the first uploads off, each after so many bytes.
    private static func cuts(_ lengths: [Int]) -> @Sendable (HTTPRequestHead) -> Int? {
        let rest = Cuts(lengths)
        return { head in head.method == .PATCH ? rest.next() : nil }
    }

    private final class Cuts: Sendable {
        private let lengths: Mutex<[Int]>

        init(_ lengths: [Int]) { self.lengths = Mutex(lengths) }

        func next() -> Int? { lengths.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    @Test(arguments: [[], [300_000], [1], [400_000, 200_000, 100_000], [999_999]])
    func goesOnAtTheRegistrysOffset(_ lengths: [Int]) throws {
        let uploads = Uploads()
        try FakeServer.run(cut: Self.cuts(lengths), { uploads.answer($0) }) { server in
            let sent = try push(server)
            #expect(sent == Int64(Self.bytes.count))
            #expect(uploads.state.withLock { $0.committed } == ["\(Self.descriptor.digest)"])
            let starts = server.requests.filter { $0.method == .PATCH }.map { request in
                request.headers.first(name: "Content-Range").flatMap { Int($0.prefix { $0 != "-" }) } ?? 0
            }
            var expected = [0]
            // An offset of one byte can't be told from none.
            for length in lengths { expected.append((expected.last ?? 0) + (length == 1 ? 0 : length)) }
            if lengths == [1] { #expect(uploads.state.withLock { $0.begun } >= 1) } else { #expect(starts == expected) }
        }
    }

    @Test func beginsAgainWhenTheRegistryHasForgottenTheUpload() throws {
        let uploads = Uploads(forgets: true)
        try FakeServer.run(cut: Self.cuts([500_000]), { uploads.answer($0) }) { server in
            let sent = try push(server)
            #expect(sent == Int64(Self.bytes.count))
            #expect(uploads.state.withLock { $0.begun } == 2)
        }
    }

    @Test(arguments: [429, 500, 503])
    func waitsAndGoesOnWhenTheRegistryIsBusy(_ status: Int) throws {
        let uploads = Uploads(failure: status)
        try FakeServer.run({ uploads.answer($0) }) { server in
            let sent = try push(server)
            #expect(sent == Int64(Self.bytes.count))
            #expect(uploads.state.withLock { $0.begun } == 1)
        }
    }

    @Test func givesUpWhenEveryUploadBreaksOff() throws {
        let uploads = Uploads(forgets: true)
        try FakeServer.run(cut: { [.PATCH, .PUT].contains($0.method) ? 1000 : nil }, { uploads.answer($0) }) { server in
            let error = #expect(throws: TransportError.self) { try push(server) }
            #expect(error?.description.contains("broke off each time") == true, "\(String(describing: error))")
            #expect(server.requests.count < 20)
            #expect(uploads.state.withLock { $0.committed.isEmpty })
        }
    }

    @Test(arguments: [201, 202, 404])
    func mountsFromARepositoryOfTheSameRegistry(_ status: Int) throws {
        let image = Fixture.SmallImage()
        let uploads = Uploads()
        let mounted = Mutex<[String]>([])
        try FakeServer.run({ request in
            if request.uri.contains("mount="), status != 202 {
                mounted.withLock { $0.append(request.uri) }
                return .init(status)
            }
            // Only what is there afterwards was mounted.
            if request.method == .HEAD, status == 201, let digest = request.path.split(separator: "/").last,
                mounted.withLock({ $0.contains { $0.contains(digest) } })
            {
                return .init(200, [], digest == "\(Digest.of(image.layer))" ? image.layer : image.config)
            }
            if request.method == .GET, request.path != "/v2/" {
                return request.path.contains("/manifests/sha256:") || request.path.hasSuffix("/manifests/1")
                    ? image.reply
                    : .init(200, [], request.path.hasSuffix("\(Digest.of(image.layer))") ? image.layer : image.config)
            }
            return uploads.answer(request)
        }) { server in
            let images = Fixture.images()
            let source = try #require(try images.source("\(server.host)/other:1") as? RegistrySource)
            let destination = try images.destination("\(server.host)/image:1", name: nil)
            try ImageCopy.run(from: source, to: destination)
            let posts = server.requests.filter { $0.method == .POST }
            #expect(posts.first?.uri.hasSuffix("&from=other") == true)
            let sent = server.requests.filter { $0.method == .PUT && $0.path.contains("/blobs/") }.count
            #expect(sent == (status == 201 ? 0 : 2))
            #expect(posts.count == (status == 404 ? 4 : 2))
        }
    }

    @Test func sendsNoDigestForBytesThatAreOthers() throws {
        let uploads = Uploads()
        var damaged = Self.bytes
        damaged[700_000] ^= 1
        try FakeServer.run({ uploads.answer($0) }) { server in
            let error = #expect(throws: TransportError.self) { try push(server, bytes: damaged) }
            guard case .digest = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(uploads.state.withLock { $0.committed.isEmpty })
            #expect(!server.requests.contains { $0.method == .PUT })
        }
    }
}
