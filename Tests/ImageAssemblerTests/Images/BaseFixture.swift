import Archive
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import TestSupport

/// Bases that tests put together, `base:1` each.
enum BaseFixture {
    typealias Member = (header: TarHeader, text: String)

    static func file(_ path: String, _ text: String, mode: UInt16 = 0o644) -> Member {
        (TarHeader(path: path, kind: .file, mode: mode, size: Int64(text.utf8.count)), text)
    }

    static func directory(_ path: String, mode: UInt16 = 0o755, uid: UInt32 = 0) -> Member {
        (TarHeader(path: path, kind: .directory, mode: mode, uid: uid), "")
    }

    static func link(_ path: String, _ target: String) -> Member {
        (TarHeader(path: path, kind: .symbolicLink, mode: 0o777, linkName: target), "")
    }

    static func tar(_ members: [Member]) -> [UInt8] {
        members.flatMap { member in
            TarWriter.encode(member.header) + Array(member.text.utf8) + TarWriter.padding(after: member.header.size)
        } + TarWriter.trailer
    }

    /// Puts a base `base:1` for a platform, with layers of members.
    static func addBase(
        to store: Store,
        _ layers: [[Member]],
        platform: String = "linux/amd64",
        change: (inout ImageConfig) -> Void = { _ in },
        rewrite: (String) -> String = { $0 }
    ) throws {
        let tars = layers.map(tar)
        var config = ImageConfig(platform: try Platform(parsing: platform), diffIDs: tars.map { Digest.of($0) })
        change(&config)
        try addBase(to: store, tars: tars, config: CanonicalJSON.encode(config), rewrite: rewrite)
    }

    /// Puts a base `base:1` with layers and a config as they are; without a config, with a plain one.
    static func addBase(
        to store: Store,
        tars: [[UInt8]],
        config: [UInt8]? = nil,
        diffIDs: [[UInt8]]? = nil,
        rewrite: (String) -> String = { $0 }
    ) throws {
        let batch = try store.beginBatch()
        let digests = try tars.map { try batch.add($0) }
        let plain = ImageConfig(
            platform: try Platform(parsing: "linux/amd64"),
            diffIDs: diffIDs?.map { Digest.of($0) } ?? digests
        )
        let configBytes = try config ?? CanonicalJSON.encode(plain)
        let manifest = ImageManifest(
            config: Descriptor(
                mediaType: MediaType.imageConfig,
                digest: try batch.add(configBytes),
                size: Int64(configBytes.count)
            ),
            layers: zip(digests, tars).map { digest, tar in
                Descriptor(mediaType: MediaType.layer, digest: digest, size: Int64(tar.count))
            }
        )
        let text = rewrite(String(decoding: try CanonicalJSON.encode(manifest), as: UTF8.self))
        let digest = try batch.add(Array(text.utf8))
        let record = ImageRecord(
            digest: digest,
            mediaType: MediaType.imageManifest,
            blobs: Set(digests + [manifest.config.digest, digest]),
            references: [try ImageReference(parsing: "base:1")]
        )
        try store.commit(batch, image: record)
    }

    static func build(
        _ text: String,
        in fixture: StoreFixture,
        _ contexts: NamedContexts = NamedContexts(),
        change: (inout ImageBuilder.Options) -> Void = { _ in }
    ) throws -> BuiltImage {
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        let plan = try PlanFixture.plan(text, PlanFixture.releases([artifact])) {
            $0.contexts = contexts
            $0.carriesOutRun = true
        }
        var options = ImageBuilder.Options()
        change(&options)
        return try ImageBuilder(store: fixture.store).build(plan, path: "D", options: options)
    }
}
