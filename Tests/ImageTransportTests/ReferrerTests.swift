import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import StoreTestSupport
import SystemIO
import TestSupport
import Testing

/// Manifests with a `subject` (OCI image specification 1.1, manifest.md): signatures, SBOMs, attestations.
@Suite struct ReferrerTests {
    /// A manifest without layers that speaks of another one.
    private func referrer(of subject: [UInt8]) throws -> ImageManifest {
        let empty = Array("{}".utf8)
        var manifest = ImageManifest(
            config: Descriptor(mediaType: "application/vnd.oci.empty.v1+json", digest: .of(empty), size: 2),
            layers: [Descriptor(mediaType: "application/vnd.oci.empty.v1+json", digest: .of(empty), size: 2)]
        )
        manifest.artifactType = "application/vnd.example.signature"
        manifest.subject = Descriptor(
            mediaType: MediaType.imageManifest,
            digest: .of(subject),
            size: Int64(subject.count)
        )
        return manifest
    }

    /// A layout with one referrer, and without its subject.
    private func write(_ manifest: ImageManifest, to directory: String) throws -> Digest {
        let bytes = try CanonicalJSON.encode(manifest)
        let descriptor = TestImage.descriptor(bytes, MediaType.imageManifest)
        let index = CanonicalJSON.encode(["schemaVersion": 2, "manifests": .array([.object(descriptor)])])
        try Directory.createWithParents(directory + "/blobs/sha256")
        let files = [
            ("blobs/sha256/\(Digest.of(bytes).hex)", bytes),
            ("blobs/sha256/\(Digest.of(Array("{}".utf8)).hex)", Array("{}".utf8)),
            ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)), ("index.json", index),
        ]
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name)")) }
        return Digest.of(bytes)
    }

    @Test func aReferrerIsKeptByItsOwnNameAndNeitherKeepsItsSubjectNorGoesWithIt() throws {
        let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
        try withExtendedLifetime(files) {
            let directory = files.path
            let store = try files.open()
            func bring(_ layout: String, as name: String) throws {
                let destination = try StoreDestination(store: store, references: [ImageReference(parsing: name)])
                try ImageCopy.run(from: try LayoutSource(directory: layout, tag: nil), to: destination)
            }
            func remove(_ name: String) throws -> CollectionReport {
                #expect(try store.removeImage(ImageReference(parsing: name)))
                return try store.collect(grace: 0)
            }
            let subject = TestImage { $0.file("hello", Array("hello".utf8)) }
            try subject.write(layout: directory + "/subject")
            let digest = try write(try referrer(of: subject.manifest), to: directory + "/referrer")

            // The subject needn't be there: the specification allows a referrer to come first, or to stay behind.
            try bring(directory + "/referrer", as: "app:signature")
            #expect(try store.collect(grace: 0).blobs.isEmpty)
            try bring(directory + "/subject", as: "app:1")

            #expect(try remove("app:1").images == [Digest.of(subject.manifest)])
            let left = try StoreSource(store: store, reference: try ImageReference(parsing: "app:signature"))
            #expect(left.root().digest == digest)
            #expect(try ImageOutline(of: left).blobs.count == 2)
            #expect(try store.verify().faults.isEmpty)

            try bring(directory + "/subject", as: "app:1")
            #expect(try remove("app:signature").images == [digest])
            #expect(try store.image(ImageReference(parsing: "app:1")) != nil)
            #expect(try remove("app:1").images.count == 1)
            #expect(try Directory.names(in: directory + "/store/blobs/sha256").isEmpty)
        }
    }
}
