import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Pushing manifests: OCI distribution specification 1.1, "Pushing Manifests".
struct ManifestPushTests {
    @Test func `end-7a: a manifest is there by tag and by digest, with the bytes that were pushed`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "team/app")
        // Bytes that no encoder of ours writes.
        let document = ImageDocument(mediaType: image.mediaType, bytes: image.bytes + Array(" \n".utf8))
        for reference in ["1.0", "\(document.digest)"] {
            let answer = fixture.put(document, reference, in: "team/app")
            #expect(answer.status == .created)
            #expect(answer["Location"] == "/v2/team/app/manifests/\(document.digest)")
            #expect(answer["Docker-Content-Digest"] == "\(document.digest)")
            let served = fixture.answer("/v2/team/app/manifests/\(reference)")
            #expect(try served.bytes == document.bytes)
            #expect(served["Content-Type"] == MediaType.imageManifest)
        }
        #expect(try fixture.store.images().map(\.references) == [["team/app:1.0"]])
        #expect(try fixture.answer("/v2/team/app/tags/list").text == #"{"name":"team/app","tags":["1.0"]}"#)
    }

    @Test func `an index is pushed after its manifests, and all of it is one image of the store`() throws {
        let fixture = try Fixture(writes: .everything)
        let manifests = try ["one", "two"].map { try fixture.image($0, in: "app") }
        for manifest in manifests { #expect(fixture.put(manifest, in: "app").status == .created) }
        let index = try fixture.index(of: manifests)
        #expect(fixture.put(index, "1", in: "app").status == .created)
        let images = try fixture.store.images()
        #expect(images.map(\.digest) == [index.digest])
        // The index, two manifests, two configs, two layers.
        #expect(
            try fixture.store.images(of: "app", reaching: manifests[1].manifest().layers[0].digest) == [index.digest]
        )
        // With the manifests that were pushed by digest gone, the index still has all of it.
        _ = try fixture.store.collect(grace: 0)
        for manifest in manifests {
            #expect(fixture.answer("/v2/app/manifests/\(manifest.digest)").status == .ok)
            #expect(fixture.answer("/v2/app/blobs/\(try manifest.manifest().layers[0].digest)").status == .ok)
        }
    }

    @Test func `a tag moves, in the log too, and what it was on stays by its digest`() throws {
        let fixture = try Fixture(writes: .everything)
        let images = try ["one", "two"].map { try fixture.image($0, in: "app") }
        for image in images { #expect(fixture.put(image, "1", in: "app").status == .created) }
        #expect(try fixture.answer("/v2/app/manifests/1").bytes == images[1].bytes)
        #expect(try fixture.answer("/v2/app/manifests/\(images[0].digest)").bytes == images[0].bytes)
        let moves = try fixture.store.events().filter { $0["tag"] == "app:1" }
        #expect(moves.map { $0["digest"] } == images.map(\.digest.description))
        #expect(moves.map { $0["replaces"] } == [nil, images[0].digest.description])
        #expect(moves.map { $0["repository"] } == ["app", "app"])
    }

    @Test func `end-7b: tags come with a digest, and are named in the answer`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        let tags = (0..<20).map { "1.\($0)" }
        let target = "\(image.digest)?" + tags.map { "tag=\($0)" }.joined(separator: "&")
        let answer = fixture.put(image, target, in: "app")
        #expect(answer.status == .created)
        #expect(answer["OCI-Tag"] == tags.joined(separator: ", "))
        for tag in tags { #expect(fixture.answer("/v2/app/manifests/\(tag)").status == .ok) }
        #expect(fixture.put(image, "\(image.digest)?tag=../x", in: "app").status == .badRequest)
        #expect(fixture.put(image, "1?tag=2", in: "app").status == .badRequest)
        let many = (0...100).map { "tag=\($0)" }.joined(separator: "&")
        #expect(fixture.put(image, "\(image.digest)?\(many)", in: "app").status == .uriTooLong)
    }

    @Test func `a digest of other bytes is refused`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        for digest in ["\(Digest.of("x"))", "\(LongDigest.of([]))"] {
            let answer = fixture.put(image, digest, in: "app")
            #expect(answer.status == .badRequest)
            #expect(try answer.code == "DIGEST_INVALID")
        }
        #expect(fixture.answer("/v2/app/manifests/\(image.digest)").status == .notFound)
    }

    @Test func `a manifest is known by the sha512 that it was pushed under, by its tag too`() throws {
        let fixture = try Fixture(writes: .everything)
        let layer = Array("layer".utf8)
        let long = LongDigest.of(layer)
        _ = fixture.send(.POST, "/v2/app/blobs/uploads/?digest=\(long)", layer)
        let text = """
            {"schemaVersion":2,"mediaType":"\(MediaType.imageManifest)",
            "config":{"mediaType":"\(MediaType.empty)","digest":"\(long)","size":5},
            "layers":[{"mediaType":"\(MediaType.layer)","digest":"\(long)","size":5}]}
            """
        let document = ImageDocument(mediaType: MediaType.imageManifest, bytes: Array(text.utf8))
        let name = LongDigest.of(document.bytes)
        #expect(fixture.put(document, "\(name)?tag=1", in: "app")["Docker-Content-Digest"] == "\(name)")
        for reference in ["1", "\(name)"] {
            let answer = fixture.answer("/v2/app/manifests/\(reference)")
            #expect(try answer.bytes == document.bytes)
            #expect(answer["Docker-Content-Digest"] == "\(name)")
        }
        #expect(fixture.answer("/v2/app/manifests/\(document.digest)")["Docker-Content-Digest"] == "\(document.digest)")
    }

    @Test func `artifacts and documents of unknown types are taken as they are`() throws {
        let fixture = try Fixture(writes: .everything)
        let documents = [
            ("application/vnd.example+json", #"{"a":1,"a":2}"#), ("text/html", "<script>"),
            ("application/vnd.oci.artifact.manifest.v1+json", "{}"),
        ]
        for (type, text) in documents {
            let document = ImageDocument(mediaType: type, bytes: Array(text.utf8))
            #expect(fixture.put(document, "odd", in: "app").status == .created)
            let answer = fixture.answer("/v2/app/manifests/odd")
            #expect(try answer.text == text)
            #expect(answer["Content-Type"] == (type.hasPrefix("application/") ? type : "application/octet-stream"))
        }
    }

    @Test(arguments: [
        (#"{"schemaVersion":1,"name":"x","tag":"1","fsLayers":[]}"#, "application/json"),
        (#"{"schemaVersion":1}"#, "application/vnd.docker.distribution.manifest.v1+prettyjws"),
        (#"{"schemaVersion":2}"#, MediaType.imageManifest), (#"{"schemaVersion":2}"#, MediaType.imageIndex),
        ("{", MediaType.imageManifest), ("", MediaType.imageManifest), ("{}", ""), ("[]", MediaType.imageIndex),
        (#"{"schemaVersion":2,"manifests":[],"manifests":[]}"#, MediaType.imageIndex),
        (#"{"schemaVersion":2,"manifests":[],"layers":[]}"#, MediaType.imageIndex),
        (
            #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[]}"#,
            MediaType.imageIndex
        ),
        (#"{"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"y","size":1}]}"#, MediaType.imageIndex),
    ])
    func `a manifest that says different things to its readers, or nothing, is refused`(
        text: String,
        type: String
    ) throws {
        let fixture = try Fixture(writes: .everything)
        let answer = fixture.put(ImageDocument(mediaType: type, bytes: Array(text.utf8)), "1", in: "app")
        #expect(answer.status == .badRequest)
        #expect(try ["MANIFEST_INVALID", "DIGEST_INVALID"].contains(answer.code))
        #expect(fixture.answer("/v2/app/manifests/1").status == .notFound)
    }

    @Test func `parameters of the type don't count, and a manifest that says its type needs none`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        for fields in [[("Content-Type", MediaType.imageManifest + "; charset=utf-8")], []] {
            #expect(fixture.send(.PUT, "/v2/app/manifests/1", image.bytes, fields).status == .created)
            #expect(fixture.answer("/v2/app/manifests/1")["Content-Type"] == MediaType.imageManifest)
        }
    }

    @Test func `a manifest of more than 4 MiB is refused`() throws {
        let fixture = try Fixture(writes: .everything)
        let fields = [("Content-Type", MediaType.imageManifest)]
        let bytes = [UInt8](repeating: 0x20, count: (4 << 20) + 1)
        #expect(fixture.send(.PUT, "/v2/app/manifests/1", bytes, fields).status == .payloadTooLarge)
        let length = [("Content-Length", "\(bytes.count)")]
        #expect(fixture.send(.PUT, "/v2/app/manifests/1", [], fields + length).status == .payloadTooLarge)
        // 4 MB is taken.
        var manifest = try fixture.image("one", in: "app").manifest()
        manifest.annotations = ["a": String(repeating: "a", count: 4_000_000)]
        let large = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        #expect(fixture.put(large, "1", in: "app").status == .created)
    }

    @Test func `what a manifest names is pushed before it, to its own repository`() throws {
        let fixture = try Fixture(writes: WriteRule(push: true))
        let image = try fixture.image("one", in: "other")
        let answer = fixture.put(image, "1", in: "app")
        #expect(answer.status == .notFound)
        #expect(try answer.code == "MANIFEST_BLOB_UNKNOWN")
        _ = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .created)
        var manifest = try image.manifest()
        manifest.layers[0].size += 1
        let wrong = ImageDocument(mediaType: image.mediaType, bytes: try CanonicalJSON.encode(manifest))
        #expect(try fixture.put(wrong, "1", in: "app").code == "MANIFEST_INVALID")
        // Layers that are elsewhere aren't pushed.
        manifest.layers[0] = Descriptor(
            mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            digest: .of("elsewhere"),
            size: 5
        )
        let partial = ImageDocument(mediaType: image.mediaType, bytes: try CanonicalJSON.encode(manifest))
        #expect(fixture.put(partial, "1", in: "app").status == .created)
    }

    @Test func `a sparse index has what comes later, from its own repository alone`() throws {
        let fixture = try Fixture(writes: WriteRule(push: true))
        let manifests = try ["here", "later"].map { try fixture.image($0, in: "app") }
        #expect(fixture.put(manifests[0], in: "app").status == .created)
        let index = try fixture.index(of: manifests)
        #expect(fixture.put(index, "1", in: "app").status == .created)
        #expect(fixture.answer("/v2/app/manifests/\(manifests[1].digest)").status == .notFound)
        // In another repository it is whole, which gives this one nothing.
        for manifest in manifests {
            for digest in [try manifest.manifest().config.digest, try manifest.manifest().layers[0].digest] {
                _ = fixture.send(.POST, "/v2/other/blobs/uploads/?mount=\(digest)&from=app")
            }
            #expect(fixture.put(manifest, in: "other").status == .created)
        }
        #expect(fixture.put(index, "1", in: "other").status == .created)
        #expect(fixture.answer("/v2/app/manifests/\(manifests[1].digest)").status == .notFound)
        #expect(fixture.answer("/v2/other/manifests/\(manifests[1].digest)").status == .ok)
        #expect(fixture.put(manifests[1], in: "app").status == .created)
        #expect(fixture.answer("/v2/app/manifests/\(manifests[1].digest)").status == .ok)
        _ = try fixture.store.collect(grace: 0)
        #expect(fixture.answer("/v2/app/blobs/\(try manifests[1].manifest().layers[0].digest)").status == .ok)
    }

    @Test func `an image that comes by another way is there, whatever a sparse index lacks`() throws {
        let fixture = try Fixture(writes: .everything)
        let built = try fixture.addImage(["elsewhere:1"])
        let index = try fixture.index(of: [built.manifests[0]])
        #expect(fixture.put(index, "sparse", in: "app").status == .created)
        let manifest = "/v2/app/manifests/\(built.manifests[0].digest)"
        #expect(fixture.answer(manifest).status == .notFound)
        try fixture.store.tag(built.index.digest, as: ImageReference(parsing: "app:built"))
        #expect(fixture.answer(manifest).status == .ok)
        #expect(fixture.answer("/v2/app/blobs/\(built.config.digest)").status == .ok)
    }

    @Test func `a sparse image is taken where that is meant, and gives no blob that its repository lacks`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("secret", in: "private")
        #expect(fixture.put(image, "1", in: "private").status == .created)
        #expect(fixture.put(image, "1", in: "public").status == .created)
        let layer = try image.manifest().layers[0].digest
        #expect(fixture.answer("/v2/public/manifests/1").status == .ok)
        #expect(fixture.answer("/v2/public/blobs/\(layer)").status == .notFound)
        #expect(fixture.answer("/v2/private/blobs/\(layer)").status == .ok)
        fixture.push(Array("layer secret".utf8), to: "public")
        #expect(fixture.answer("/v2/public/blobs/\(layer)").status == .ok)
    }

    @Test func `images are not releases, and what would be served under another name isn't pushed`() throws {
        let fixture = try Fixture(hosts: ["registry.example"], writes: .everything)
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "releases/tool").status == .badRequest)
        #expect(fixture.put(image, "1", in: "app").status == .created)
        #expect(try fixture.store.images().map(\.references) == [["app:1"]])
    }

    @Test func `a tag that an image of a host has is moved under that name`() throws {
        let fixture = try Fixture(hosts: ["registry.example"], writes: .everything)
        try fixture.addImage(["registry.example/app:1"])
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .created)
        #expect(try fixture.answer("/v2/app/manifests/1").bytes == image.bytes)
        #expect(try fixture.store.images().flatMap(\.references) == ["registry.example/app:1"])
    }

    @Test func `nothing is taken where nothing is said`() throws {
        let fixture = try Fixture(writes: WriteRule(push: true))
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .created)
        for target in ["/v2/app/manifests/1", "/v2/app/manifests/\(image.digest)", "/v2/app/blobs/\(image.digest)"] {
            #expect(fixture.send(.DELETE, target).status == .methodNotAllowed)
        }
        #expect(fixture.answer("/v2/app/manifests/1").status == .ok)
    }
}
