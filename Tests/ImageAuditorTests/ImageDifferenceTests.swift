import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import OCI
import Release
import TestSupport
import Testing

@Suite struct ImageDifferenceTests {
    @Test func releasesComeFirstThenFiles() throws {
        try AuditFixture.with { fixture in
            var newer = AuditFixture.image("1.2.3")
            newer.layer { layer in
                layer.file("etc/motd", "hello")
                layer.file("etc/ca.pem", AuditFixture.bundle, mode: 0o600)
            }
            let difference = ImageDifference(
                from: .init(try fixture.audit(AuditFixture.image("1.2.2")), settings: [:]),
                to: .init(try fixture.audit(newer), settings: [:])
            )
            #expect(
                difference.releases.map { "\($0.name) \($0.before?.text ?? "-") \($0.after?.text ?? "-")" } == [
                    "agent 1.2.2 1.2.3", "ca-bundle 1 1",
                ]
            )
            #expect(
                difference.files.map { "\($0.kind.rawValue) \($0.path)" } == [
                    "mode /etc/ca.pem", "added /etc/motd", "content /usr/bin/agent",
                ]
            )
            #expect(!difference.isEmpty)
        }
    }

    @Test func anImageDoesNotDifferFromItself() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")])
            let side = ImageDifference.Side(audit, settings: [:])
            #expect(ImageDifference(from: side, to: side).isEmpty)
            let one = ImageDifference.Side(try fixture.audit(AuditFixture.image()), settings: [:])
            #expect(ImageDifference(from: side, to: one).platformsRemoved == ["linux/arm64"])
        }
    }

    @Test func ownersAndDirectoriesAreSeen() throws {
        try AuditFixture.with { fixture in
            var (old, new) = (AuditFixture.image(), AuditFixture.image())
            old.layer { layer in
                layer.directory("var/lib/agent", mode: 0o755)
                layer.file("etc/motd", "hello")
            }
            new.layer { layer in
                layer.directory("var/lib/agent", mode: 0o777)
                layer.file("etc/motd", Array("hello".utf8), uid: 1000)
            }
            let difference = ImageDifference(
                from: .init(try fixture.audit(old), settings: [:]),
                to: .init(try fixture.audit(new), settings: [:])
            )
            #expect(
                difference.files.map { "\($0.kind.rawValue) \($0.path)" } == ["owner /etc/motd", "mode /var/lib/agent"]
            )
        }
    }

    @Test("What runs is compared: entrypoint, variables one by one, labels, platform, annotations")
    func settingsAreCompared() throws {
        let old = ImageSettings(
            Array(
                #"{"architecture":"amd64","config":{"Entrypoint":["/a"],"Env":["A=1","B=2"],"Labels":{"v":"1"}}}"#.utf8
            ),
            annotations: ["a": "1"]
        )
        let new = ImageSettings(
            Array(
                #"{"architecture":"amd64","config":{"Entrypoint":["/b"],"Env":["B=2","LD_PRELOAD=/x"],"User":"","ExposedPorts":{"80/tcp":{}}}}"#
                    .utf8
            ),
            annotations: [:]
        )
        try AuditFixture.with { fixture in
            let audit = try fixture.audit(AuditFixture.image())
            let manifest = try #require(audit.platforms.first).manifest
            let difference = ImageDifference(
                from: .init(audit, settings: [manifest: old]),
                to: .init(audit, settings: [manifest: new])
            )
            #expect(
                difference.settings.map { "\($0.setting): \($0.before ?? "-") → \($0.after ?? "-")" } == [
                    #"Entrypoint: ["/a"] → ["/b"]"#, "Env A: 1 → -", "Env LD_PRELOAD: - → /x",
                    "ExposedPorts 80/tcp: - → yes", "Labels v: 1 → -", "annotation a: 1 → -",
                ]
            )
            #expect(!difference.isEmpty)
        }
    }

    @Test("Annotations of the index and of its members are settings, too")
    func annotationsOfAnIndexAreCompared() throws {
        try withTemporaryDirectory { directory in
            let image = AuditFixture.image()
            try image.write(layout: directory)
            var member = TestImage.descriptor(image.manifest, MediaType.imageManifest)
            member["annotations"] = ["b": "2"]
            let index = CanonicalJSON.encode([
                "schemaVersion": 2, "mediaType": .string(MediaType.imageIndex), "manifests": .array([.object(member)]),
                "annotations": ["a": "1"],
            ])
            try Data(index).write(to: URL(fileURLWithPath: "\(directory)/blobs/sha256/\(Digest.of(index).hex)"))
            let top = JSONValue.object(TestImage.descriptor(index, MediaType.imageIndex))
            try Data(CanonicalJSON.encode(["schemaVersion": 2, "manifests": [top]]))
                .write(to: URL(fileURLWithPath: directory + "/index.json"))
            let settings = try ImageSettings.of(LayoutSource(directory: directory, tag: nil))
            let values = try #require(settings[.of(image.manifest)]).values
            #expect(values["index annotation a"] == "1" && values["descriptor annotation b"] == "2")
        }
    }
}
