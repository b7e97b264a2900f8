import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import StoreTestSupport
import Synchronization
import Testing

@testable import RegistryServer

/// Repositories that are copies of another registry's.
struct UpstreamTests {
    /// A registry that answers as a test tells it to.
    private final class Peer: RegistryAccess {
        struct State {
            var tags: [String: ImageDocument] = [:]
            var blobs: [Digest: [UInt8]] = [:]
            var failure: TransportError?
            var asked: [String] = []
        }

        let state = Mutex(State())

        func source(_ reference: String) throws(TransportError) -> any ImageSource {
            let (found, failure) = state.withLock { state -> (ImageDocument?, TransportError?) in
                state.asked.append(reference)
                let manifest = state.blobs.values.first { reference.hasSuffix("@\(Digest.of($0))") }
                return (
                    state.tags[reference]
                        ?? manifest.map { ImageDocument(mediaType: MediaType.imageManifest, bytes: $0) }, state.failure
                )
            }
            if let failure { throw failure }
            guard let found else { throw .notFound(what: "image", place: reference) }
            return Source(name: reference, top: found, peer: self)
        }

        func destination(_: String, name _: ImageReference?) throws(TransportError) -> any ImageDestination {
            throw .registry("nothing is pushed")
        }
    }

    private struct Source: ImageSource {
        let name: String
        let top: ImageDocument
        let peer: Peer

        func root() -> ImageDocument { top }

        func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
            let (bytes, failure) = peer.state.withLock { ($0.blobs[descriptor.digest], $0.failure) }
            if let failure { throw failure }
            guard let bytes else { throw .notFound(what: "blob", place: name) }
            return MemoryReader(bytes)
        }
    }

    private final class Clock: Sendable {
        let time = Mutex<Int64>(1_000_000)
        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    }

    private let peer = Peer()
    private let clock = Clock()
    private let fixture: Fixture
    private let layer = Array("a layer of another registry".utf8)
    private let config = Array("{}".utf8)

    init() throws {
        let clock = clock
        let upstream = try #require(
            Upstream(parsing: "hub=registry.example/team", registries: peer) {
                Timestamp(milliseconds: clock.time.withLock(\.self))
            }
        )
        var writes = WriteRule(push: true)
        writes.upstreams = [upstream]
        fixture = try Fixture(writes: writes)
    }

    /// An image that the other registry has from now on under a tag.
    private func image(_ note: String, _ tag: String = "1") throws -> ImageDocument {
        func descriptor(_ bytes: [UInt8], _ type: String) -> Descriptor {
            Descriptor(mediaType: type, digest: .of(bytes), size: Int64(bytes.count))
        }
        let manifest = ImageManifest(
            config: descriptor(config, MediaType.imageConfig),
            layers: [descriptor(layer, MediaType.layer)],
            annotations: ["note": note]
        )
        let document = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        peer.state.withLock { state in
            state.tags["registry.example/team/app:\(tag)"] = document
            for bytes in [layer, config, document.bytes] { state.blobs[.of(bytes)] = bytes }
        }
        return document
    }

    private var layerPath: String { "/v2/hub/app/blobs/\(Digest.of(layer))" }

    @Test func `an image comes from the other registry once, and is served when that is away`() throws {
        let document = try image("one")
        #expect(try fixture.answer("/v2/hub/app/manifests/1").bytes == document.bytes)
        #expect(try fixture.answer(layerPath).bytes == layer)
        #expect(try fixture.store.images().map(\.references) == [["hub/app:1"]])
        let asked = peer.state.withLock(\.asked.count)
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .ok)
        #expect(try fixture.answer(layerPath).bytes == layer)
        #expect(peer.state.withLock(\.asked.count) == asked)
        peer.state.withLock { $0.failure = .registry("status 429") }
        clock.pass(3_600_000)
        #expect(try fixture.answer("/v2/hub/app/manifests/1").bytes == document.bytes)
        #expect(try fixture.answer(layerPath).bytes == layer)
        #expect(fixture.reports.all.contains { $0.contains("hub/app:1 is served as it was") })
        // One that doesn't answer has its minute, too, and what is had by its digest isn't asked for again.
        let tries = peer.state.withLock(\.asked.count)
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .ok)
        #expect(fixture.answer("/v2/hub/app/manifests/\(document.digest)").status == .ok)
        #expect(peer.state.withLock(\.asked.count) == tries)
        // What never came can't be had.
        let away = fixture.answer("/v2/hub/app/manifests/2")
        #expect(away.status == .serviceUnavailable)
        #expect(away["Retry-After"] == "60")
    }

    @Test func `a tag follows the other registry, in a minute`() throws {
        let first = try image("one")
        #expect(try fixture.answer("/v2/hub/app/manifests/1").bytes == first.bytes)
        let second = try image("two")
        #expect(try fixture.answer("/v2/hub/app/manifests/1").bytes == first.bytes)
        clock.pass(60_001)
        #expect(try fixture.answer("/v2/hub/app/manifests/1").bytes == second.bytes)
        peer.state.withLock { $0.tags = [:] }
        clock.pass(60_001)
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .notFound)
    }

    @Test func `other bytes than a digest says are refused, and nothing of them is kept`() throws {
        _ = try image("one")
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .ok)
        let digest = Digest.of(layer)
        peer.state.withLock { $0.blobs[digest] = Array("a layer of another regiStry".utf8) }
        #expect(fixture.answer(layerPath).status == .badGateway)
        #expect(try fixture.store.blobSize(digest) == nil)
        peer.state.withLock { $0.blobs[digest] = Array("short".utf8) }
        #expect(fixture.answer(layerPath).status == .badGateway)
        peer.state.withLock { $0.blobs[digest] = layer }
        #expect(try fixture.answer(layerPath).bytes == layer)
    }

    @Test func `only what a manifest there names is fetched, and nothing is pushed there`() throws {
        let secret = Array("a blob that no manifest names".utf8)
        peer.state.withLock { $0.blobs[.of(secret)] = secret }
        #expect(fixture.answer("/v2/hub/app/blobs/\(Digest.of(secret))").status == .notFound)
        #expect(fixture.send(.POST, "/v2/hub/app/blobs/uploads/").status == .forbidden)
        for name in ["app", "hubris/app", "hub"] {
            #expect(fixture.answer("/v2/\(name)/manifests/1").status == .notFound)
        }
        #expect(peer.state.withLock(\.asked).isEmpty)
    }

    @Test func `a blob that is here isn't fetched again, though its registry is away`() throws {
        _ = try image("one")
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .ok)
        #expect(fixture.answer(layerPath).status == .ok)
        peer.state.withLock { $0.blobs[.of(layer)] = nil }
        for _ in 0..<2 { #expect(try fixture.answer(layerPath).bytes == layer) }
    }

    @Test func `what is kept of another registry is within the quotas`() throws {
        var writes = WriteRule(push: true)
        let peer = peer
        writes.upstreams = [
            try #require(
                Upstream(parsing: "hub=registry.example/team", registries: peer) { Timestamp(milliseconds: 0) }
            )
        ]
        let document = try image("one")
        let fixture = try Fixture(writes: writes, quota: (Int64(document.bytes.count + layer.count - 1), nil))
        #expect(fixture.answer("/v2/hub/app/manifests/1").status == .ok)
        #expect(fixture.answer(layerPath).status == .forbidden)
        #expect(try fixture.store.blobSize(.of(layer)) == nil)
    }

    @Test(arguments: [
        "hub", "hub=", "=docker.io", "Hub=docker.io", "releases=docker.io", "hub=team/app", "hub=docker.io/a:1",
    ])
    func `what names no prefix or no registry is none`(text: String) {
        #expect(Upstream(parsing: text, registries: peer) { Timestamp(milliseconds: 0) } == nil)
    }
}
