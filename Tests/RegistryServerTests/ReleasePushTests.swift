import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Release
import StoreTestSupport
import Testing

@testable import RegistryServer

/// Releases that are pushed: docs/bundle-format.md, section 2, by the end-points of any artifact.
struct ReleasePushTests {
    /// The documents of a release of another store, and its files.
    private struct Offered {
        let index: ImageDocument
        let manifests: [ImageDocument]

        init(_ release: String, _ files: [String: [UInt8]]) throws {
            let other = try Fixture()
            for (platform, bytes) in files {
                let path = try other.directory.file("file-\(platform.count)-\(bytes.count)", bytes, mode: 0o755)
                _ = try other.store.put([try other.directory.request(path, release, platform: platform)])
            }
            let source = try ReleaseSource(store: other.store, release: try ReleaseKey(parsing: release))
            index = source.root()
            manifests = try index.index().manifests.map { try source.document($0) }
        }
    }

    private let files = ["linux/amd64": Array("amd64\n".utf8), "linux/arm64": Array("arm64!\n".utf8)]

    /// Pushes everything but the index.
    private func pushParts(_ offered: Offered, to fixture: Fixture, _ repository: String = "releases/team/tool") {
        for bytes in files.values { fixture.push(bytes, to: repository) }
        for manifest in offered.manifests {
            #expect(fixture.put(manifest, in: repository).status == .created)
        }
    }

    @Test func `a release is pushed as oras pushes an artifact, and is there with the same digest`() throws {
        let fixture = try Fixture(writes: .everything)
        let offered = try Offered("team/tool@1.2.3", files)
        pushParts(offered, to: fixture)
        #expect(try fixture.store.releases().isEmpty)
        for manifest in offered.manifests {
            #expect(try fixture.answer("/v2/releases/team/tool/manifests/\(manifest.digest)").bytes == manifest.bytes)
        }
        let answer = fixture.put(offered.index, "1.2.3", in: "releases/team/tool")
        let text = try answer.text
        #expect(answer.status == .created, "\(text)")
        #expect(answer["Docker-Content-Digest"] == "\(offered.index.digest)")
        let served = fixture.answer("/v2/releases/team/tool/manifests/1.2.3")
        #expect(try served.bytes == offered.index.bytes)
        let artifacts = try fixture.store.artifacts(of: try ReleaseKey(parsing: "team/tool@1.2.3"))
        #expect(artifacts.map(\.digest) == ["amd64\n", "arm64!\n"].map { Digest.of($0) })
        #expect(try fixture.store.images().isEmpty)
        #expect(fixture.put(offered.index, "1.2.3", in: "releases/team/tool").status == .created)
    }

    @Test func `a push by digest with the tag beside it makes the release, too`() throws {
        let fixture = try Fixture(writes: .everything)
        let offered = try Offered("team/tool@1.2.3", files)
        pushParts(offered, to: fixture)
        #expect(fixture.put(offered.index, in: "releases/team/tool").status == .created)
        #expect(try fixture.store.releases().isEmpty)
        let answer = fixture.put(offered.index, "\(offered.index.digest)?tag=1.2.3", in: "releases/team/tool")
        #expect(answer["OCI-Tag"] == "1.2.3")
        #expect(try fixture.store.releases().count == 1)
    }

    @Test func `other bytes under a version are refused, and what is there stays`() throws {
        let fixture = try Fixture(writes: .everything)
        let first = try Offered("team/tool@1.2.3", files)
        pushParts(first, to: fixture)
        _ = fixture.put(first.index, "1.2.3", in: "releases/team/tool")
        let second = try Offered("team/tool@1.2.3", ["linux/amd64": Array("other\n".utf8)])
        fixture.push(Array("other\n".utf8), to: "releases/team/tool")
        for manifest in second.manifests { _ = fixture.put(manifest, in: "releases/team/tool") }
        let answer = fixture.put(second.index, "1.2.3", in: "releases/team/tool")
        #expect(answer.status == .forbidden)
        #expect(try answer.code == "DENIED")
        #expect(try fixture.answer("/v2/releases/team/tool/manifests/1.2.3").bytes == first.index.bytes)
    }

    @Test func `a release that lacks a file of the one here is refused`() throws {
        let fixture = try Fixture(writes: .everything)
        try fixture.addRelease("team/tool@1.2.3")
        let path = try fixture.directory.file("arm", files["linux/arm64"] ?? [], mode: 0o755)
        _ = try fixture.store.put([try fixture.directory.request(path, "team/tool@1.2.3", platform: "linux/arm64")])
        let offered = try Offered("team/tool@1.2.3", ["linux/arm64": files["linux/arm64"] ?? []])
        for manifest in offered.manifests { _ = fixture.put(manifest, in: "releases/team/tool") }
        let answer = fixture.put(offered.index, "1.2.3", in: "releases/team/tool")
        #expect(answer.status == .forbidden)
        #expect(try answer.text.contains("further file"))
    }

    @Test func `bytes that only another repository has make no release`() throws {
        let fixture = try Fixture(writes: .everything)
        for bytes in files.values { fixture.push(bytes, to: "other") }
        let offered = try Offered("team/tool@1.2.3", files)
        for manifest in offered.manifests { _ = fixture.put(manifest, in: "releases/team/tool") }
        let answer = fixture.put(offered.index, "1.2.3", in: "releases/team/tool")
        #expect(answer.status == .notFound)
        #expect(try answer.code == "MANIFEST_BLOB_UNKNOWN")
        #expect(try fixture.store.releases().isEmpty)
    }

    @Test func `what is not a release, or another one than it is called, isn't taken`() throws {
        let fixture = try Fixture(writes: .everything)
        let offered = try Offered("team/tool@1.2.3", files)
        pushParts(offered, to: fixture)
        pushParts(offered, to: fixture, "releases/other")
        for (document, name, tag) in [
            (offered.index, "releases/team/tool", "1.2.4"), (offered.index, "releases/team/tool", "latest"),
            (offered.index, "releases/other", "1.2.3"),
            (try fixture.image("x", in: "releases/other"), "releases/other", "1"),
            (offered.manifests[0], "releases/team/tool", "1.2.3"),
        ] {
            let answer = fixture.put(document, tag, in: name)
            #expect(answer.status == .badRequest, "\(name):\(tag)")
            #expect(try answer.code == "MANIFEST_INVALID", "\(name):\(tag)")
        }
        let image = try fixture.image("x", in: "releases/team/tool")
        #expect(fixture.put(image, in: "releases/team/tool").status == .badRequest)
        #expect(try fixture.store.releases().isEmpty)
        #expect(fixture.send(.DELETE, "/v2/releases/team/tool/manifests/1.2.3").status == .badRequest)
    }

    @Test func `what refers to a release is listed, and can be had`() throws {
        let fixture = try Fixture(writes: .everything)
        let offered = try Offered("team/tool@1.2.3", files)
        let repository = "releases/team/tool"
        pushParts(offered, to: fixture)
        let layer = fixture.push(Array("a signature".utf8), to: repository, type: "application/x")
        var manifest = ImageManifest(config: ReleaseDocuments.config.descriptor, layers: [layer])
        manifest.artifactType = "application/x"
        manifest.subject = offered.index.descriptor
        let signature = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        // The config is there for whoever asks, and nobody pushes it then.
        let answer = fixture.put(signature, in: repository)
        let text = try answer.text
        #expect(answer["OCI-Subject"] == "\(offered.index.digest)", "\(text)")
        #expect(fixture.put(offered.index, "1.2.3", in: repository).status == .created)
        let list = try fixture.answer("/v2/\(repository)/referrers/\(offered.index.digest)").text
        #expect(list.contains("\(signature.digest)"))
        #expect(try fixture.answer("/v2/\(repository)/manifests/\(signature.digest)").bytes == signature.bytes)
        #expect(try fixture.answer("/v2/\(repository)/blobs/\(layer.digest)").text == "a signature")
        #expect(fixture.put(signature, "latest", in: repository).status == .badRequest)
    }

    @Test func `a release that isn't proved is refused with the reason`() throws {
        var writes = WriteRule.everything
        writes.proofs = { _, _ in throw ServerError.unproved("it is not signed") }
        let fixture = try Fixture(writes: writes)
        let offered = try Offered("team/tool@1.2.3", files)
        pushParts(offered, to: fixture)
        let answer = fixture.put(offered.index, "1.2.3", in: "releases/team/tool")
        #expect(answer.status == .forbidden)
        #expect(try answer.text.contains("it is not signed"))
        #expect(try fixture.store.releases().isEmpty)
    }
}
