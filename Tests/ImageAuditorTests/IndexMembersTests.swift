import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import OCI
import TestSupport
import Testing

/// What of an index is audited, and what is passed over.
@Suite struct IndexMembersTests {
    private static let good = AuditFixture.image()
    private static let evil: TestImage = {
        var image = TestImage { $0.file("usr/bin/agent", TestProgram(code: "evil").bytes, mode: 0o755) }
        image.execution = ["Entrypoint": ["/usr/bin/agent"]]
        return image
    }()
    private static let statement: TestImage = {
        var image = TestImage()
        image.layers = [.init(Array(#"{"_type":"https://in-toto.io/Statement/v1"}"#.utf8))]
        image.layers[0].mediaType = "application/vnd.in-toto+json"
        image.os = "unknown"
        image.architecture = "unknown"
        return image
    }()

    private static let linux: JSONValue = ["os": "linux", "architecture": "amd64"]
    private static let nowhere: JSONValue = ["os": "unknown", "architecture": "unknown"]

    private static func member(_ image: TestImage, _ more: [String: JSONValue] = ["platform": linux]) -> JSONValue {
        .object(TestImage.descriptor(image.manifest, MediaType.imageManifest).merging(more) { $1 })
    }

    /// Audits an index of these members; `blobs` are further ones, such as indexes.
    private func audit(
        _ members: [JSONValue],
        blobs: [[UInt8]] = [],
        without missing: Digest? = nil,
        platform: String? = nil
    ) throws -> ImageAudit {
        var result: ImageAudit?
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/index"
            for image in [Self.good, Self.evil, Self.statement] { try image.write(layout: layout) }
            let index = Self.index(members)
            for blob in blobs + [index] {
                try Data(blob).write(to: URL(fileURLWithPath: "\(layout)/blobs/sha256/\(Digest.of(blob).hex)"))
            }
            if let missing { try FileManager.default.removeItem(atPath: "\(layout)/blobs/sha256/\(missing.hex)") }
            let top = JSONValue.object(TestImage.descriptor(index, MediaType.imageIndex))
            try Data(CanonicalJSON.encode(["schemaVersion": 2, "manifests": [top]]))
                .write(to: URL(fileURLWithPath: layout + "/index.json"))
            var options = AuditOptions()
            options.platform = try platform.map { try Platform(parsing: $0) }
            result = try Auditor(store: fixture.store, options: options).audit(
                LayoutSource(directory: layout, tag: nil)
            )
        }
        return try #require(result)
    }

    private static func index(_ members: [JSONValue]) -> [UInt8] {
        CanonicalJSON.encode([
            "schemaVersion": 2, "mediaType": .string(MediaType.imageIndex), "manifests": .array(members),
        ])
    }

    private static let attested: [String: JSONValue] = [
        "annotations": ["vnd.docker.reference.type": "attestation-manifest"]
    ]

    @Test(
        arguments: [
            ("annotated as an attestation", member(evil, attested.merging(["platform": linux]) { $1 })),
            ("for no platform", member(evil, [:])),
            ("for an empty platform", member(evil, ["platform": [:]])),
            ("for half a platform", member(evil, ["platform": ["architecture": "amd64"]])),
            ("for nowhere, with files", member(evil, attested.merging(["platform": nowhere]) { $1 })),
            ("in other letter case", member(evil, ["platform": ["os": "Linux", "architecture": "AMD64"]])),
            ("with an artifact's type", member(evil, ["artifactType": "application/x-note", "platform": linux])),
        ] as [(String, JSONValue)]
    )
    func whatAnEngineCouldChooseIsAudited(label: String, member: JSONValue) throws {
        for members in [[member, Self.member(Self.good)], [Self.member(Self.good), member]] {
            let audit = try audit(members)
            #expect(audit.platforms.count == 2)
            #expect(audit.verdict == .mismatch)
        }
    }

    @Test(
        "a member by another algorithm's digest concerns its own platform alone",
        arguments: [
            ("linux/arm64", "linux/amd64", Verdict.exact), ("linux/amd64", "linux/amd64", .incomplete),
            (nil, "linux/amd64", .incomplete), ("linux/arm64", nil, .incomplete),
        ] as [(String?, String?, Verdict)]
    )
    func otherAlgorithm(of own: String?, asked: String?, verdict: Verdict) throws {
        let parts = own?.split(separator: "/").map(String.init)
        let platform: [String: JSONValue] =
            parts.map { ["platform": ["os": .string($0[0]), "architecture": .string($0[1])]] } ?? [:]
        let foreign: [String: JSONValue] = [
            "mediaType": .string(MediaType.imageManifest), "digest": "sha512:00", "size": 1,
        ]
        let members = [Self.member(Self.good), JSONValue.object(foreign.merging(platform) { $1 })]
        #expect(try audit(members, platform: asked).verdict == verdict)
    }

    @Test("an image whose config isn't there is the one that the index offers, and contradicts nothing")
    func absentConfig() throws {
        let audit = try audit([Self.member(Self.good)], without: Digest.of(Self.good.config))
        #expect(audit.verdict == .incomplete)
        #expect(audit.platforms.map(\.platform) == ["linux/amd64"])
        #expect(!audit.codes.contains(.platformClaim))
    }

    @Test(
        "parts of a platform that nothing names are said to be unknown",
        arguments: [("", "", "unknown"), ("linux", "", "linux/unknown"), ("", "arm64", "unknown/arm64")]
    )
    func unnamed(os: String, architecture: String, words: String) throws {
        try AuditFixture.with { fixture in
            var image = Self.good
            (image.os, image.architecture) = (os, architecture)
            let audit = try fixture.audit(image)
            #expect(audit.platforms.map(\.platform) == [words])
        }
    }

    @Test(
        "parts of a platform that a config leaves out are the index's",
        arguments: [
            ("", "", true), ("linux", "", true), ("", "amd64", true), ("windows", "", false), ("", "arm64", false),
        ]
    )
    func silentConfig(os: String, architecture: String, fits: Bool) throws {
        try AuditFixture.with { fixture in
            var image = Self.good
            (image.os, image.architecture) = (os, architecture)
            let layout = fixture.directory + "/silent"
            try image.write(layout: layout)
            let index = Self.index([Self.member(image)])
            try Data(index).write(to: URL(fileURLWithPath: "\(layout)/blobs/sha256/\(Digest.of(index).hex)"))
            let top = JSONValue.object(TestImage.descriptor(index, MediaType.imageIndex))
            try Data(CanonicalJSON.encode(["schemaVersion": 2, "manifests": [top]]))
                .write(to: URL(fileURLWithPath: layout + "/index.json"))
            let audit = try Auditor(store: fixture.store).audit(LayoutSource(directory: layout, tag: nil))
            #expect(audit.codes.contains(.platformClaim) == !fits)
            #expect(audit.verdict == (fits ? .exact : .mismatch))
        }
    }

    @Test("an index or manifest from which engines restore a process is not the start of its program")
    func checkpoint() throws {
        let key = "org.criu.checkpoint.container.name"
        for (key, isRestored) in [(key, true), ("org.criu.note", false)] {
            var image = Self.good
            image.annotations = [key: "agent"]
            try AuditFixture.with { fixture in
                let audit = try fixture.audit(image)
                #expect(audit.verdict == (isRestored ? .incomplete : .exact))
            }
            let nested = CanonicalJSON.encode([
                "schemaVersion": 2, "mediaType": .string(MediaType.imageIndex), "manifests": [Self.member(Self.good)],
                "annotations": [key: "agent"],
            ])
            let member = JSONValue.object(TestImage.descriptor(nested, MediaType.imageIndex))
            #expect(try audit([member], blobs: [nested]).verdict == (isRestored ? .incomplete : .exact))
        }
    }

    @Test func attestationsArePassedOver() throws {
        let audit = try audit([
            Self.member(Self.good),
            Self.member(Self.statement, Self.attested.merging(["platform": Self.nowhere]) { $1 }),
        ])
        #expect(audit.verdict == .exact)
        #expect(audit.attestationCount == 1)
    }

    @Test func artifactsArePassedOverAndCounted() throws {
        let config = Array("{}".utf8)
        let artifact = CanonicalJSON.encode([
            "schemaVersion": 2, "artifactType": "application/x-chart",
            "config": .object(TestImage.descriptor(config, MediaType.empty)), "layers": [],
        ])
        let members: [JSONValue] = [
            Self.member(Self.good), .object(TestImage.descriptor(artifact, MediaType.imageManifest)),
            .object(TestImage.descriptor(config, "text/plain")),
        ]
        let audit = try audit(members, blobs: [config, artifact])
        #expect(audit.verdict == .exact)
        #expect(audit.codes == [.passedOver, .platformMissing])
    }

    @Test("what isn't there may come later, and is a manifest to engines that don't go by the type")
    func absentMembersWithoutAPlatform() throws {
        let blob = Array("{\"layers\":[]}".utf8)
        let members: [JSONValue] = [Self.member(Self.good), .object(TestImage.descriptor(blob, "text/plain"))]
        let audit = try audit(members)
        #expect(audit.verdict == .incomplete)
        #expect(audit.codes.contains(.notRead))
    }

    @Test(arguments: [
        ("application/json", Verdict.mismatch), ("application/x-config", .ambiguous), (MediaType.empty, .ambiguous),
    ])
    func aConfigOfAnotherTypeThatEnginesReadIsAnImages(type: String, verdict: Verdict) throws {
        let manifest = CanonicalJSON.encode([
            "schemaVersion": 2, "config": .object(TestImage.descriptor(Self.evil.config, type)),
            "layers": [.object(TestImage.descriptor(Self.evil.layers[0].blob, MediaType.layer))],
        ])
        let member = JSONValue.object(TestImage.descriptor(manifest, MediaType.imageManifest))
        #expect(try audit([member, Self.member(Self.good)], blobs: [manifest]).verdict == verdict)
    }

    @Test(
        "what engines run without a look at the config isn't passed over, whatever type and platform the config has",
        arguments: [
            (MediaType.imageManifest, ["platform": ["architecture": "amd64"]]),
            (MediaType.imageManifest, ["platform": ["architecture": "x86_64", "os": ""]]),
            (MediaType.dockerManifest, [:]), (MediaType.dockerManifest, ["platform": [:]]),
        ] as [(String, [String: JSONValue])]
    )
    func configsWithoutAPlatform(type: String, more: [String: JSONValue]) throws {
        var bare = Self.evil
        bare.os = ""
        bare.architecture = ""
        for config in ["application/x-config", MediaType.empty, "application/octet-stream"] {
            let manifest = CanonicalJSON.encode([
                "schemaVersion": 2, "mediaType": .string(type),
                "config": .object(TestImage.descriptor(bare.config, config)),
                "layers": [.object(TestImage.descriptor(bare.layers[0].blob, MediaType.layer))],
            ])
            let member = JSONValue.object(TestImage.descriptor(manifest, type).merging(more) { $1 })
            let audit = try audit([member, Self.member(Self.good)], blobs: [manifest, bare.config])
            #expect(audit.platforms.count == 2)
            #expect(audit.verdict != .exact && audit.verdict != .contains)
        }
    }

    @Test("a config without a variant doesn't contradict an index that has one, as it does for another processor")
    func variants() throws {
        let second: JSONValue = ["os": "linux", "architecture": "amd64", "variant": "v2"]
        let audit = try audit([Self.member(Self.good, ["platform": second])])
        #expect(!audit.codes.contains(.platformClaim))
        #expect(audit.platforms.map(\.platform) == ["linux/amd64/v2"])
        let other: JSONValue = ["os": "linux", "architecture": "arm64"]
        #expect(try self.audit([Self.member(Self.good, ["platform": other])]).codes.contains(.platformClaim))
    }

    /// Engines on containers/image take the first member without a platform for one that no member has, by its blob.
    @Test(
        arguments: [
            "application/x.y", "", "application/vnd.OCI.image.manifest.v1+json", MediaType.statement,
            "application/vnd.oci.image.manifest.v1+json; charset=utf-8", MediaType.imageConfig,
        ]
    )
    func aManifestByItsBlobAloneIsNotPassedOver(type: String) throws {
        let twice = Array("{\"config\": {}, ".utf8) + Self.evil.manifest.dropFirst()
        for manifest in [Self.evil.manifest, twice, [0xEF, 0xBB, 0xBF] + Self.evil.manifest] {
            let member = TestImage.descriptor(manifest, type)
            let audit = try audit([Self.member(Self.good), .object(member)], blobs: [manifest])
            #expect(audit.verdict == .incomplete)
            let nowhere = member.merging(["platform": Self.nowhere]) { $1 }
            #expect(try self.audit([Self.member(Self.good), .object(nowhere)], blobs: [manifest]).verdict == .exact)
        }
    }

    @Test func indexesInIndexesAreRead() throws {
        var blob = Self.index([Self.member(Self.evil)])
        var blobs = [blob]
        for _ in 0..<2 {
            blob = Self.index([.object(TestImage.descriptor(blob, MediaType.imageIndex))])
            blobs.append(blob)
        }
        let nested = JSONValue.object(TestImage.descriptor(blob, MediaType.imageIndex))
        #expect(try audit([Self.member(Self.good), nested], blobs: blobs).verdict == .mismatch)
        // A further level isn't read, and says so.
        let deeper = Self.index([nested])
        let deep = JSONValue.object(TestImage.descriptor(deeper, MediaType.imageIndex))
        let audit = try audit([Self.member(Self.good), deep], blobs: blobs + [deeper])
        #expect(audit.verdict == .incomplete)
        #expect(audit.codes.contains(.limit))
    }

    @Test func whatIsNotThereOrNotReadCostsTheVerdict() throws {
        let missing = try audit([Self.member(Self.good), Self.member(Self.evil)], without: .of(Self.evil.manifest))
        #expect(missing.verdict == .incomplete)
        #expect(missing.codes.contains(.notRead))
        let layer = try audit([Self.member(Self.good)], without: .of(Self.good.layers[0].blob))
        #expect(layer.verdict == .incomplete)
        let old = "application/vnd.docker.distribution.manifest.v1+prettyjws"
        let schema1 = JSONValue.object(TestImage.descriptor(Self.evil.config, old))
        #expect(try audit([Self.member(Self.good), schema1]).verdict == .incomplete)
    }

    @Test func aMemberThatCanBeReadInTwoWaysCostsTheVerdict() throws {
        let text = String(decoding: Self.good.manifest, as: UTF8.self).dropLast() + #","Layers":[]}"#
        let twice = Array(text.utf8)
        let member = JSONValue.object(
            TestImage.descriptor(twice, MediaType.imageManifest).merging(["platform": Self.linux]) { $1 }
        )
        let audit = try audit([Self.member(Self.good), member], blobs: [twice])
        #expect(audit.verdict == .ambiguous)
        #expect(audit.codes.contains(.ambiguousDocument))
    }

    @Test func onlyTheAskedPlatformIsRead() throws {
        let other = Self.member(Self.evil, ["platform": ["os": "linux", "architecture": "s390x"]])
        #expect(try audit([Self.member(Self.good), other], platform: "linux/amd64").verdict == .exact)
    }

    @Test("A manifest that no engine runs is named, and not called damaged", arguments: [nil, "application/x-chart"])
    func artifactsAreNotImages(_ artifactType: String?) throws {
        var chart = TestImage()
        chart.layers = [.init(Array("a chart".utf8))]
        chart.editConfig = { _ in "{}" }
        chart.editManifest = { text in
            text.replacing("vnd.oci.image.config.v1+json", with: "vnd.cncf.helm.config.v1+json")
                .replacing("{", with: artifactType.map { "{\"artifactType\":\"\($0)\"," } ?? "{", maxReplacements: 1)
        }
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/chart"
            try chart.write(layout: layout)
            let error = #expect(throws: AuditError.self) {
                try Auditor(store: fixture.store, options: AuditOptions()).audit(
                    LayoutSource(directory: layout, tag: nil)
                )
            }
            guard case .artifact(_, let type)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(type == artifactType ?? "application/vnd.cncf.helm.config.v1+json")
        }
    }

    /// An engine adds Docker Hub or `latest` to a name that has none, and finds the other image.
    @Test(arguments: [
        ("demo/x:1", "docker.io/demo/x:1", Verdict.ambiguous), ("demo/x:1", "index.docker.io/demo/x:1", .ambiguous),
        ("library/x:latest", "docker.io/library/x", .ambiguous), ("demo/x:1", "docker.io/demo/x:2", .exact),
        ("demo/x:1", "registry.example/demo/x:1", .exact),
    ])
    func oneNameInTwoSpellingsIsAmbiguous(tag: String, other: String, verdict: Verdict) throws {
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/layout"
            for image in [Self.good, Self.evil] { try image.write(layout: layout) }
            let named = [
                (Self.good, "org.opencontainers.image.ref.name", tag), (Self.evil, "io.containerd.image.name", other),
            ]
            let entries = named.map { image, key, name in
                Self.member(image, ["annotations": [key: .string(name)]])
            }
            try Data(CanonicalJSON.encode(["schemaVersion": 2, "manifests": .array(entries)]))
                .write(to: URL(fileURLWithPath: layout + "/index.json"))
            let source = try LayoutSource(directory: layout, tag: tag)
            #expect(try Auditor(store: fixture.store).audit(source).verdict == verdict)
        }
    }
}
