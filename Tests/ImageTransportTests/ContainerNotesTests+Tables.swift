import ContentAddress
import Foundation
import ImageTransport
import OCI
import TestSupport
import Testing

/// Archives with two tables, of which each engine reads the one that it knows.
extension ContainerNotesTests {
    /// An archive as Docker of version 25 writes it, with a table of its own for each reader.
    private static func both(
        listed: [(TestImage, [String])],
        indexed: [(TestImage, [String: JSONValue])],
        missing: [Digest] = [],
        asIndex: Bool = false
    ) -> [UInt8] {
        var tar = TarBuilder()
        var added: Set<Digest> = Set(missing)
        func blob(_ bytes: [UInt8]) {
            if added.insert(.of(bytes)).inserted { tar.file("blobs/sha256/\(Digest.of(bytes).hex)", bytes) }
        }
        for image in listed.map(\.0) + indexed.map(\.0) where !missing.contains(.of(image.manifest)) {
            for bytes in image.layers.map(\.blob) + [image.config, image.manifest] { blob(bytes) }
        }
        var members: [JSONValue] = indexed.map { image, annotations in
            var members = TestImage.descriptor(image.manifest, MediaType.imageManifest)
            if !annotations.isEmpty { members["annotations"] = .object(annotations) }
            return .object(members)
        }
        if asIndex {
            let index = CanonicalJSON.encode([
                "schemaVersion": 2, "mediaType": .string(MediaType.imageIndex), "manifests": .array(members),
            ])
            blob(index)
            members = [.object(TestImage.descriptor(index, MediaType.imageIndex))]
        }
        tar.file("index.json", CanonicalJSON.encode(["schemaVersion": 2, "manifests": .array(members)]))
        tar.file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
        tar.file(
            "manifest.json",
            CanonicalJSON.encode(
                .array(
                    listed.map { image, tags in
                        let path = { (bytes: [UInt8]) in JSONValue.string("blobs/sha256/\(Digest.of(bytes).hex)") }
                        return [
                            "Config": path(image.config), "RepoTags": .array(tags.map { .string($0) }),
                            "Layers": .array(image.layers.map { path($0.blob) }),
                        ]
                    }
                )
            )
        )
        return tar.archive
    }

    private static func named(_ name: String, _ tag: String) -> [String: JSONValue] {
        [Annotation.containerdName: .string("docker.io/\(name)"), Annotation.referenceName: .string(tag)]
    }

    private static let relayered: TestImage = {
        // The config of the good one, and another layer.
        var image = other
        image.diffIDs = [.of(Self.image.layers[0].tar)]
        return image
    }()

    @Test(
        arguments: [
            Archive(
                "another image in the index",
                both(listed: [(image, ["demo/x:1"])], indexed: [(other, named("demo/x:1", "1"))])
            ),
            Archive(
                "the names changed round",
                both(
                    listed: [(image, ["demo/x:1"]), (other, ["demo/y:1"])],
                    indexed: [(image, named("demo/y:1", "1")), (other, named("demo/x:1", "1"))]
                )
            ),
            Archive(
                "one name for two images of the index",
                both(
                    listed: [(image, ["demo/x:1"]), (other, [])],
                    indexed: [(image, named("demo/x:1", "1")), (other, named("demo/x:1", "1"))]
                )
            ),
            Archive(
                "another tag",
                both(
                    listed: [(image, ["demo/x:1"])],
                    indexed: [(image, [Annotation.referenceName: "2"])]
                )
            ),
            Archive(
                "other layers",
                both(listed: [(image, ["demo/x:1"])], indexed: [(relayered, named("demo/x:1", "1"))])
            ),
        ] as [Archive]
    )
    func tablesThatDisagree(archive: Archive) throws {
        #expect(try isAmbiguous(open(archive.bytes, reference: "demo/x:1")))
        try withTemporaryDirectory { directory in
            try Data(archive.bytes).write(to: URL(fileURLWithPath: directory + "/image.tar"))
            for name in try layoutTags(directory) {
                #expect(try isAmbiguous(LayoutSource(archive: directory + "/image.tar", tag: name)))
            }
        }
    }

    private func layoutTags(_ directory: String) throws -> [String] {
        let text = try Shell.run("tar -xOf image.tar index.json", in: directory).output
        return try ImageDocument(mediaType: MediaType.imageIndex, bytes: text).index().manifests.compactMap {
            $0.annotations?[Annotation.referenceName]
        }
    }

    @Test(
        arguments: [
            Archive("one image", both(listed: [(image, ["demo/x:1"])], indexed: [(image, named("demo/x:1", "1"))])),
            Archive("no names", both(listed: [(image, [])], indexed: [(image, [:])])),
            Archive(
                "a tag only",
                both(listed: [(image, ["demo/x:1"])], indexed: [(image, [Annotation.referenceName: "1"])])
            ),
            Archive(
                "two names",
                both(
                    listed: [(image, ["demo/x:1", "demo/x:2"])],
                    indexed: [(image, named("demo/x:1", "1")), (image, named("demo/x:2", "2"))]
                )
            ),
            Archive(
                "two images",
                both(
                    listed: [(image, ["demo/x:1"]), (other, ["demo/y:1"])],
                    indexed: [(image, named("demo/x:1", "1")), (other, named("demo/y:1", "1"))]
                )
            ),
        ] as [Archive]
    )
    func tablesThatAgree(archive: Archive) throws {
        let source = try open(archive.bytes, reference: archive.testDescription == "no names" ? nil : "demo/x:1")
        #expect(source.notes.ambiguities == [])
        #expect(source.notes.further.isEmpty)
        #expect(source.notes.absent.isEmpty)
    }

    @Test("containerd's export of an image whose name has no registry has an empty tag, which is no other name")
    func anEmptyTagIsNoName() throws {
        for (tag, isSure) in [("", true), ("3", true), ("2", false)] {
            let names: [String: JSONValue] = [
                Annotation.containerdName: "u:3", Annotation.referenceName: .string(tag),
            ]
            let archive = Self.both(listed: [(Self.image, ["u:3"])], indexed: [(Self.image, names)])
            try withTemporaryDirectory { directory in
                try Data(archive).write(to: URL(fileURLWithPath: directory + "/image.tar"))
                let source = try LayoutSource(archive: directory + "/image.tar", tag: nil)
                #expect(source.notes.ambiguities.isEmpty == isSure, "'\(tag)'")
            }
        }
    }

    @Test func whatTheIndexHasBesideIsListed() throws {
        let archive = Self.both(
            listed: [(Self.image, ["demo/x:1"])],
            indexed: [(Self.image, [:]), (Self.other, [:])],
            asIndex: true
        )
        #expect(try open(archive).notes.further.map(\.digest) == [.of(Self.other.manifest)])
        let partial = Self.both(
            listed: [(Self.image, ["demo/x:1"])],
            indexed: [(Self.image, [:]), (Self.other, [:])],
            missing: [.of(Self.other.manifest)],
            asIndex: true
        )
        let source = try open(partial)
        #expect(source.notes.ambiguities.isEmpty)
        #expect(source.notes.absent == [.of(Self.other.manifest)])
    }
}
