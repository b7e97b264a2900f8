import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Release
import StoreTestSupport
import Testing

@testable import RegistryServer

/// Releases as OCI artifacts (docs/bundle-format.md, section 2).
struct ReleaseRepositoryTests {
    @Test func `a release is the index of a bundle, its manifests, its config and its files`() throws {
        let fixture = try Fixture()
        try fixture.addRelease("team/tool@1.2.3")
        let source = try ReleaseSource(store: fixture.store, release: try ReleaseKey(parsing: "team/tool@1.2.3"))
        let answer = fixture.answer("/v2/releases/team/tool/manifests/1.2.3")
        #expect(answer.status == .ok)
        #expect(try answer.bytes == source.root().bytes)
        #expect(answer["Content-Type"] == MediaType.imageIndex)
        for descriptor in try source.root().index().manifests {
            let document = try source.document(descriptor)
            let manifest = fixture.answer("/v2/releases/team/tool/manifests/\(descriptor.digest)")
            #expect(try manifest.bytes == document.bytes)
            #expect(manifest["Content-Type"] == MediaType.imageManifest)
            let (config, layers) = (try document.manifest().config, try document.manifest().layers)
            #expect(try fixture.answer("/v2/releases/team/tool/blobs/\(config.digest)").text == "{}")
            for layer in layers {
                #expect(try fixture.answer("/v2/releases/team/tool/blobs/\(layer.digest)").bytes == Fixture.program)
            }
        }
    }

    @Test func `versions are tags`() throws {
        let fixture = try Fixture()
        for (version, bytes) in [("1.10.0", "b"), ("1.9.0", "a"), ("1.9.0+build.5", "c")] {
            try fixture.addRelease("tool@\(version)", Array(bytes.utf8))
        }
        let body = #"{"name":"releases/tool","tags":["1.10.0","1.9.0","1.9.0_build.5"]}"#
        #expect(try fixture.answer("/v2/releases/tool/tags/list").text == body)
        let page = fixture.answer("/v2/releases/tool/tags/list?n=2")
        #expect(page["Link"] == "</v2/releases/tool/tags/list?n=2&last=1.9.0>; rel=\"next\"")
        let first = fixture.answer("/v2/releases/tool/manifests/1.9.0")["Docker-Content-Digest"]
        #expect(fixture.answer("/v2/releases/tool/manifests/v1.9.0")["Docker-Content-Digest"] == first)
        #expect(fixture.answer("/v2/releases/tool/manifests/1.9.0_build.5")["Docker-Content-Digest"] != first)
    }

    @Test func `what isn't released isn't there`() throws {
        let fixture = try Fixture()
        try fixture.addRelease("tool@1.0.0")
        try fixture.addRelease("other@1.0.0", Array("other".utf8))
        try fixture.addRelease("draft@1.0.0", Array("a draft".utf8), draft: true)
        for target in [
            "/v2/releases/tool/manifests/2.0.0", "/v2/releases/none/manifests/1.0.0", "/v2/releases/none/tags/list",
            "/v2/releases/tool/manifests/\(Digest.of("none"))", "/v2/releases/tool/blobs/\(Digest.of("other"))",
            "/v2/releases/none/blobs/\(ReleaseDocuments.config.digest)", "/v2/tool/manifests/1.0.0",
            "/v2/releases/draft/manifests/1.0.0", "/v2/releases/draft/tags/list",
            "/v2/releases/draft/blobs/\(Digest.of("a draft"))",
        ] {
            #expect(fixture.answer(target).status == .notFound, "\(target)")
        }
        #expect(fixture.answer("/v2/releases/other/blobs/\(Digest.of("other"))").status == .ok)
    }

    @Test func `a file that comes to a release is seen at once`() throws {
        let fixture = try Fixture()
        try fixture.addRelease("tool@1.0.0")
        let before = fixture.answer("/v2/releases/tool/manifests/1.0.0")["Docker-Content-Digest"] ?? ""
        let path = try fixture.directory.file("arm", Array("#!/bin/sh\necho arm\n".utf8), mode: 0o755)
        _ = try fixture.store.put([try fixture.directory.request(path, "tool@1.0.0", platform: "linux/arm64")])
        let after = fixture.answer("/v2/releases/tool/manifests/1.0.0")["Docker-Content-Digest"] ?? ""
        #expect(before != after)
        #expect(fixture.answer("/v2/releases/tool/manifests/\(after)").status == .ok)
        #expect(fixture.answer("/v2/releases/tool/manifests/\(before)").status == .notFound)
    }

    @Test func `what came into the store with a release is served with it`() throws {
        let fixture = try Fixture()
        let release = try ReleaseKey(parsing: "tool@1.0.0")
        try fixture.addRelease("tool@1.0.0")
        try fixture.addRelease("other@1.0.0", Array("other".utf8))
        let store = fixture.store
        let root = try ReleaseSource(store: store, release: release).root()
        _ = try store.seal(release, as: root.digest, store.artifacts(of: release), with: nil)
        var blobs: [Digest: [UInt8]] = [:]
        func add(_ text: String) -> Descriptor {
            let bytes = Array(text.utf8)
            blobs[.of(bytes)] = bytes
            return Descriptor(mediaType: "text/plain", digest: .of(bytes), size: Int64(bytes.count))
        }
        var manifest = ImageManifest(config: add("{}"), layers: [add("a bill of materials")])
        manifest.subject = root.descriptor
        let bytes = try CanonicalJSON.encode(manifest)
        let digest = Digest.of(bytes)
        blobs[digest] = bytes
        var request = ImportRequest(source: "a bundle", artifacts: [], images: [], blobs: [:])
        request.blobs = blobs.mapValues { Int64($0.count) }
        request.referrers = [
            ReferrerRecord(
                digest: digest,
                subject: root.digest,
                mediaType: MediaType.imageManifest,
                artifactType: nil,
                blobs: Set(blobs.keys)
            )
        ]
        let arrival = try store.beginImport(request)
        for (digest, bytes) in blobs { _ = try arrival.add(digest) { write in try bytes.withUnsafeBytes(write) } }
        _ = try arrival.commit()
        #expect(try fixture.answer("/v2/releases/tool/manifests/\(digest)").bytes == bytes)
        let layer = manifest.layers[0].digest
        #expect(try fixture.answer("/v2/releases/tool/blobs/\(layer)").text == "a bill of materials")
        #expect(fixture.answer("/v2/releases/other/manifests/\(digest)").status == .notFound)
        #expect(fixture.answer("/v2/releases/other/blobs/\(layer)").status == .notFound)
    }
}
