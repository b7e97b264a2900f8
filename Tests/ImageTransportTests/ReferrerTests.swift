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

    @Test func whatRefersToAnImageStaysWithItAndGoesWithIt() throws {
        let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
        try withExtendedLifetime(files) {
            let (directory, store) = (files.path, try files.open())
            let subject = TestImage { $0.file("hello", Array("hello".utf8)) }
            try subject.write(layout: directory + "/layout")
            // A referrer of the image, and one of that.
            let first = try add(referrer(of: subject.manifest), to: directory + "/layout")
            let second = try add(
                referrer(of: try CanonicalJSON.encode(referrer(of: subject.manifest))),
                to: directory + "/layout"
            )
            let source = try LayoutSource(directory: directory + "/layout", tag: nil)
            #expect(source.root().digest == .of(subject.manifest), "what refers to an image is not one to choose from")
            let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
            #expect(found.all.map(\.outline.root.digest) == [first, second])
            #expect(found.leftOut.isEmpty)

            let name = try ImageReference(parsing: "app:1")
            try ImageCopy.run(from: source, to: StoreDestination(store: store, references: [name]), referrers: found)
            #expect(try store.referrers(to: .of(subject.manifest)).map(\.digest) == [first])
            #expect(try store.referrers(to: first).map(\.digest) == [second])
            #expect(try store.collect(grace: 0).blobs.isEmpty)
            #expect(try store.images().count == 1, "they are not images of their own")
            let kept = try StoreSource(store: store, reference: name)
            let again = ImageReferrers(to: try ImageOutline(of: kept), in: kept)
            #expect(again.all.map(\.outline.root.digest) == [first, second])
            try ImageCopy.run(
                from: kept,
                to: LayoutDestination(directory: directory + "/copy", tag: "1"),
                referrers: again
            )
            let copy = try LayoutSource(directory: directory + "/copy", tag: nil)
            #expect(ImageReferrers(to: try ImageOutline(of: copy), in: copy).all.count == 2)

            #expect(try store.removeImage(name))
            _ = try store.collect(grace: 0)
            #expect(try store.referrers(to: .of(subject.manifest)).isEmpty)
            #expect(try store.referrers(to: first).isEmpty)
            #expect(try Directory.names(in: directory + "/store/blobs/sha256").isEmpty)
            #expect(try store.verify().faults.isEmpty)
        }
    }

    /// What an audit asks of an image: "none" would be a better answer than the store can give.
    @Test func aStoreThatFailsIsNotOneWithoutReferrers() throws {
        let files = try TemporaryStore(at: Timestamp(milliseconds: 0))
        try withExtendedLifetime(files) {
            let store = try files.open()
            let subject = TestImage { $0.file("hello", Array("hello".utf8)) }
            try subject.write(layout: files.path + "/layout")
            _ = try add(referrer(of: subject.manifest), to: files.path + "/layout")
            let source = try LayoutSource(directory: files.path + "/layout", tag: nil)
            let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
            let name = try ImageReference(parsing: "app:1")
            try ImageCopy.run(from: source, to: StoreDestination(store: store, references: [name]), referrers: found)
            let kept = try StoreSource(store: store, reference: name)
            let type = "application/vnd.example.signature"
            #expect(try kept.hasReferrer(to: .of(subject.manifest), ofType: type))
            #expect(try !kept.hasReferrer(to: .of(subject.manifest), ofType: "another"))

            let drop = "DROP TABLE referrer_blob; DROP TABLE referrer"
            try Shell.run(
                "python3 -c \"import sqlite3; sqlite3.connect('store/bindery.db').executescript('\(drop)')\"",
                in: files.path
            )
            #expect(throws: TransportError.self) {
                try kept.hasReferrer(to: .of(subject.manifest), ofType: type)
            }
        }
    }

    // Too deep for the strict reader, and not for Go's.
    private static let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)

    /// Registries and nydus-snapshotter are written in Go, which reads more than the strict reader.
    @Test(arguments: [
        (#""layers":[{}],"subject":"#, true), (#""layerS":[{}],"Subject":"#, true), (#""layers":[{}],"x":"#, false),
        (#""blobs":[{}],"subject":"#, false), (#""layers":[{}],"x":],"y":"#, false),
        (#""x":\#(Self.deep),"layers":[{}],"subject":"#, true),
        (#""x":"\#(String(repeating: "x", count: 70_000))","layers":[{}],"subject":"#, true),
    ])
    func whatNydusMayMountOfALayoutIsNotPassedOver(members: String, isFound: Bool) throws {
        try withTemporaryDirectory { directory in
            let subject = TestImage { $0.file("hello", Array("hello".utf8)) }
            try subject.write(layout: directory)
            let descriptor = CanonicalJSON.encode(
                .object(TestImage.descriptor(subject.manifest, MediaType.imageManifest))
            )
            let text = #"{"schemaVersion":2,\#(members)\#(String(decoding: descriptor, as: UTF8.self))}"#
            _ = try add(Array(text.utf8), to: directory)
            let source = try LayoutSource(directory: directory, tag: "latest")
            let digest = Digest.of(subject.manifest)
            #expect(source.hasReferrer(to: digest, ofType: LayerAcceleration.nydusType) == isFound)
            #expect(!source.hasReferrer(to: digest, ofType: "another"))
        }
    }

    /// Very long manifests are read up to a number.
    @Test(arguments: [(64, false), (65, true)])
    func veryManyLongManifestsLeaveDoubt(count: Int, isDoubted: Bool) throws {
        try withTemporaryDirectory { directory in
            let subject = TestImage { $0.file("hello", Array("hello".utf8)) }
            try subject.write(layout: directory)
            for number in 0..<count {
                let text = #"{"x":"\#(number) \#(String(repeating: "x", count: 70_000))"}"#
                _ = try add(Array(text.utf8), to: directory)
            }
            let source = try LayoutSource(directory: directory, tag: "latest")
            #expect(source.hasReferrer(to: Digest.of(subject.manifest), ofType: "another") == isDoubted)
        }
    }

    /// Adds a manifest, whose blobs are `{}`, to a layout.
    private func add(_ manifest: ImageManifest, to directory: String) throws -> Digest {
        try add(CanonicalJSON.encode(manifest), to: directory)
    }

    private func add(_ bytes: [UInt8], to directory: String) throws -> Digest {
        for bytes in [bytes, Array("{}".utf8)] {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/blobs/sha256/\(Digest.of(bytes).hex)"))
        }
        let index = URL(fileURLWithPath: directory + "/index.json")
        guard case .object(var members) = try JSONValue(parsing: Array(Data(contentsOf: index))),
            case .array(let entries)? = members["manifests"]
        else { throw CocoaError(.fileReadCorruptFile) }
        var entry = TestImage.descriptor(bytes, MediaType.imageManifest)
        entry["artifactType"] = .string("application/vnd.example.signature")
        members["manifests"] = .array(entries + [.object(entry)])
        try Data(CanonicalJSON.encode(.object(members))).write(to: index)
        return Digest.of(bytes)
    }
}
