import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import NIOHTTP1
import OCI
import Printable
import Release
import StoreTestSupport
import Synchronization
import SystemIO

@testable import RegistryServer

/// A store with an image for two platforms and a release, and the routes over it.
final class Fixture: Sendable {
    let directory: TemporaryStore
    let store: Store
    let routes: RegistryRoutes
    private let hosts: [String]
    private let withheld: Set<Digest>
    private let writes: WriteRule
    /// What the routes wrote into the log.
    let reports: Reports

    final class Reports: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// A layer that is sent from its file, and one that is sent from memory.
    static let largeLayer = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    static let smallLayer = Array("a small layer".utf8)
    static let program = Array("#!/bin/sh\necho tool\n".utf8)

    init(
        hosts: [String] = [],
        withheld: Set<Digest> = [],
        writes: WriteRule = WriteRule(),
        immutable: [String] = [],
        audit: PushAudit.Consequence? = nil,
        policy: String? = nil,
        seconds: Int64 = 3600,
        limits: ClientLimits? = nil,
        identify: IdentifyRule? = nil,
        traffic: Traffic = Traffic(),
        quota: (perRepository: Int64?, ofStore: Int64?)? = nil
    ) throws {
        directory = try TemporaryStore()
        store = try directory.open()
        var writes = writes
        writes.immutableTags = ImmutableTags(immutable)
        if let quota { writes.quota = Quota(store, perRepository: quota.perRepository, ofStore: quota.ofStore) }
        if let audit {
            let rules = try policy.map { (policy: try Policy(parsing: $0), text: $0) }
            writes.audit = PushAudit(store, audit, rules: rules, seconds: seconds)
            writes.sparse = false
        }
        (self.hosts, self.withheld, self.writes) = (hosts, withheld, writes)
        let reports = Reports()
        self.reports = reports
        routes = try RegistryRoutes(
            store,
            names: try ServedNames(hosts: hosts),
            drafts: DraftRule { withheld.contains($0) },
            writes: writes,
            limits: limits,
            identify: identify,
            traffic: traffic,
            report: { reports.add($0.text.text) }
        )
    }

    /// The routes of another start of the server.
    func restarted() throws -> RegistryRoutes {
        let reports = reports
        let withheld = withheld
        return try RegistryRoutes(
            store,
            names: try ServedNames(hosts: hosts),
            drafts: DraftRule { withheld.contains($0) },
            writes: writes,
            report: { reports.add($0.text.text) }
        )
    }

    /// The digests of an image that was added.
    struct Image {
        let index: ImageDocument
        let manifests: [ImageDocument]
        let config: ImageDocument
    }

    /// Adds an image for two platforms under some names; `note` makes it another one.
    @discardableResult
    func addImage(_ names: [String], note: String = "") throws -> Image {
        let batch = try store.beginBatch()
        let config = ImageDocument(mediaType: MediaType.imageConfig, bytes: Array("{\"note\":\"\(note)\"}".utf8))
        let layers = try [Self.largeLayer, Self.smallLayer].map { bytes in
            Descriptor(mediaType: MediaType.layer, digest: try batch.add(bytes), size: Int64(bytes.count))
        }
        let manifests = try layers.map { layer in
            let manifest = ImageManifest(config: config.descriptor, layers: [layer], annotations: nil)
            return ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        }
        let index = ImageDocument(
            mediaType: MediaType.imageIndex,
            bytes: try CanonicalJSON.encode(ImageIndex(manifests: manifests.map(\.descriptor)))
        )
        for document in manifests + [config, index] { _ = try batch.add(document.bytes) }
        try store.commit(
            batch,
            image: ImageRecord(
                digest: index.digest,
                mediaType: index.mediaType,
                blobs: Set(batch.contents.keys),
                references: try names.map { try ImageReference(parsing: $0) }
            )
        )
        return Image(index: index, manifests: manifests, config: config)
    }

    /// Adds a release with a program for one platform.
    func addRelease(_ release: String, _ bytes: [UInt8] = program, draft: Bool = false) throws {
        let path = try directory.file("program-\(UInt64.random(in: .min ... .max))", bytes, mode: 0o755)
        let request = try directory.request(path, release, platform: "linux/amd64")
        _ = try store.put([request], into: draft ? .draft(replaces: false) : .release)
    }

    func answer(_ target: String, _ method: HTTPMethod = .GET, _ fields: [(String, String)] = []) -> Answer {
        routes.answer(
            HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: HTTPHeaders(fields))
        )
    }
}

extension Answer {
    /// The bytes that are sent.
    var bytes: [UInt8] {
        get throws {
            switch body {
            case .bytes(let bytes): return bytes
            case .length, .events: return []
            case .file(let blob, let range):
                var bytes = [UInt8](repeating: 0, count: Int(range.upperBound - range.lowerBound))
                var done = 0
                while done < bytes.count {
                    let count = try bytes.withUnsafeMutableBytes { buffer in
                        try blob.file.read(
                            into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]),
                            at: range.lowerBound + Int64(done)
                        )
                    }
                    guard count > 0 else { break }
                    done += count
                }
                return bytes
            }
        }
    }

    var text: String { get throws { String(decoding: try bytes, as: UTF8.self) } }

    /// The code of an error's answer; nil where there is none.
    var code: String? {
        get throws {
            struct Body: Decodable {
                struct Problem: Decodable {
                    let code: String
                    let message: String
                }
                let errors: [Problem]
            }
            let body = try? JSONDecoder().decode(Body.self, from: Data(bytes))
            return body?.errors.first?.code
        }
    }

    subscript(_ field: String) -> String? { headers.first(name: field) }
}
