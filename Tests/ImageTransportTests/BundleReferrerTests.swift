import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import Release
import StoreTestSupport
import SystemIO
import Testing

/// What others attached to images and releases goes with them, byte for byte, within bounds.
@Suite("What others attached") struct BundleReferrerTests {
    let bundles: BundleTests

    /// One without a base.
    let image: ImageReference

    init() throws {
        bundles = try BundleTests()
        image = try ImageReference(parsing: "base:1")
    }

    private var layout: String { bundles.directory.path + "/layout" }
    private var bundle: String { bundles.directory.path + "/bundle" }

    /// A copy of the image in a layout, with attachments, brought into a store of its own.
    private func attached(_ attachments: [ForeignAttachment] = ForeignAttachment.all) throws -> (Store, [Digest]) {
        let source = try StoreSource(store: bundles.first, reference: image)
        try ImageCopy.run(from: source, to: LayoutDestination(directory: layout, tag: "1"))
        let added = try attachments.map { try $0.add(to: layout, about: source.root().descriptor).digest }
        let store = try bundles.directory.open("attached", second: 1)
        try copy(LayoutSource(directory: layout, tag: "1"), to: StoreDestination(store: store, references: [image]))
        return (store, added)
    }

    private func copy(_ source: some ImageSource, to destination: any ImageDestination) throws {
        let referrers = ImageReferrers(to: try ImageOutline(of: source), in: source)
        #expect(referrers.leftOut.isEmpty)
        try ImageCopy.run(from: source, to: destination, referrers: referrers)
    }

    /// What is attached to the image in a place, with the tags that attach it.
    private func list(_ source: some ImageSource) throws -> Set<String> {
        let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
        #expect(found.leftOut.isEmpty)
        return Set(found.all.map { "\($0.outline.root.digest) \($0.source.tag?.text ?? "")" })
    }

    private func export(_ items: [BundleExport.Item], from store: Store, to place: String) throws {
        var export = try BundleExport(items, from: store)
        for part in export.parts { try export.addReferrers(of: part) }
        #expect(export.remarks.isEmpty)
        try export.write(to: LayoutWriters.open(ImageLocation(parsing: "oci:\(place)")))
    }

    private func read(_ place: String, referrers: Bool = true) throws -> BundleImport {
        try BundleImport(BundleSource(ImageLocation(parsing: "oci:\(place)")), referrers: referrers)
    }

    @Test("what cosign, notation and GitHub attach goes from layout to store to bundle to store, as it is")
    func shapes() throws {
        let (store, added) = try attached()
        let wanted = try list(LayoutSource(directory: layout, tag: "1"))
        #expect(wanted.count == ForeignAttachment.all.count)
        #expect(wanted.filter { $0.hasSuffix(".sig") || $0.hasSuffix(".att") || $0.hasSuffix(".sbom") }.count == 3)
        #expect(try LayoutSource(directory: layout, tag: nil).root().digest == store.image(image)?.digest)
        #expect(try list(StoreSource(store: store, reference: image)) == wanted)
        let archive = bundles.directory.path + "/again.tar"
        try copy(StoreSource(store: store, reference: image), to: ArchiveDestination.layout(path: archive, tag: "1"))
        #expect(try list(LayoutSource(archive: archive, tag: "1")) == wanted)

        try export([.image(image)], from: store, to: bundle)
        let bundle = try read(bundle)
        #expect(Set(bundle.parts.flatMap(\.referrers)) == Set(added))
        try bundle.checkContents()
        let second = try bundles.directory.open("second", second: 2)
        _ = try bundle.run(into: second)
        #expect(try list(StoreSource(store: second, reference: image)) == wanted)
        for digest in added { #expect(try second.readBlob(digest) == store.readBlob(digest)) }
        let before = try second.lastEvent()
        _ = try read(self.bundle).run(into: second)
        #expect(try second.lastEvent() == before, "importing again is not an event")
        _ = try second.collect(grace: 0)
        #expect(try list(StoreSource(store: second, reference: image)) == wanted)
        #expect(try second.removeImage(image))
        _ = try second.collect(grace: 0)
        #expect(try second.referrers(to: StoreSource(store: store, reference: image).root().digest).isEmpty)
    }

    @Test("the bytes are a function of what is in it, and without referrers those of before")
    func bytes() throws {
        let (store, _) = try attached()
        try export([.image(image)], from: store, to: bundle)
        let second = try bundles.directory.open("second", second: 2)
        _ = try read(bundle).run(into: second)
        try export([.image(image)], from: second, to: bundle + "2")
        for name in try Directory.names(in: bundle + "/blobs/sha256") + ["../../index.json"] {
            let path = "/blobs/sha256/" + name
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: bundle + path))
                    == Data(contentsOf: URL(fileURLWithPath: bundle + "2" + path))
            )
        }
        let plain = try bundles.export([.image(image)], from: store, to: "plain.tar")
        var export = try BundleExport([.image(image)], from: bundles.first)
        for part in export.parts { try export.addReferrers(of: part) }
        #expect(export.parts.count == 1, "nothing is attached to it there")
        try export.write(
            to: LayoutWriters.open(ImageLocation(parsing: "oci-archive:\(bundles.directory.path)/other.tar"))
        )
        let places = [String(plain.dropFirst("oci-archive:".count)), bundles.directory.path + "/other.tar"]
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: places[0])) == Data(contentsOf: URL(fileURLWithPath: places[1]))
        )
    }

    @Test("an import without referrers leaves them")
    func left() throws {
        let (store, added) = try attached()
        try export([.image(image)], from: store, to: bundle)
        let second = try bundles.directory.open("second", second: 2)
        _ = try read(bundle, referrers: false).run(into: second)
        #expect(try list(StoreSource(store: second, reference: image)).isEmpty)
        #expect(throws: StoreError.self) { try second.readBlob(added[0]) }
        // They come later where they are wanted.
        _ = try read(bundle).run(into: second)
        #expect(try list(StoreSource(store: second, reference: image)).count == added.count)
    }

    @Test("what is attached to a release comes from a layout and goes into a bundle")
    func release() throws {
        let source = try ReleaseSource(store: bundles.first, release: bundles.release)
        try ImageCopy.run(from: source, to: LayoutDestination(directory: layout, tag: "1.2.3"))
        for attachment in ForeignAttachment.all { try attachment.add(to: layout, about: source.root().descriptor) }
        let store = try bundles.directory.open("attached", second: 1)
        let taken = try read(layout)
        #expect(taken.parts.map(\.referrers.count) == [ForeignAttachment.all.count])
        _ = try taken.run(into: store)
        let seal = source.root().digest
        _ = try store.seal(bundles.release, as: seal, store.artifacts(of: bundles.release), with: nil)
        _ = try store.collect(grace: 0)
        let wanted = try list(ReleaseSource(store: store, release: bundles.release))
        #expect(wanted.count == ForeignAttachment.all.count)
        try export([.release(bundles.release)], from: store, to: bundle)
        let second = try bundles.directory.open("second", second: 2)
        _ = try read(bundle).run(into: second)
        #expect(try list(ReleaseSource(store: second, release: bundles.release)) == wanted)
    }

    @Test("an image with a name in the repository is attached by it")
    func named() throws {
        let (store, added) = try attached([ForeignAttachment.all[0]])
        let subject = try StoreSource(store: store, reference: image).root().digest
        let second = try bundles.directory.open("second", second: 2)
        let tag = "base:sha256-\(subject.hex).sig"
        for (from, to) in [("1", "\(image)"), ("sha256-\(subject.hex).sig", tag)] {
            try ImageCopy.run(
                from: LayoutSource(directory: layout, tag: from),
                to: StoreDestination(store: second, references: [ImageReference(parsing: to)])
            )
        }
        #expect(try list(StoreSource(store: second, reference: image)) == ["\(added[0]) sha256-\(subject.hex).sig"])
        try export([.image(image)], from: second, to: bundle)
        #expect(try read(bundle).parts.flatMap(\.referrers) == added)
    }

    @Test("a manifest with two tags is attached by the first, and the other is left out with a word")
    func twoTags() throws {
        let signature = ForeignAttachment.all[0]
        var other = signature
        other.tag = ".att"
        let (_, added) = try attached([signature])
        let root = try LayoutSource(directory: layout, tag: "1").root().descriptor
        #expect(try other.add(to: layout, about: root).digest == added[0])
        let source = try LayoutSource(directory: layout, tag: "1")
        let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
        #expect(found.all.map(\.outline.root.digest) == added)
        #expect(found.leftOut.count == 1)
        #expect(found.leftOut.first?.contains(CosignTag(root.digest, .att).text) == true, "\(found.leftOut)")
    }

    @Test("a tag in a layout is moved, not written twice")
    func copiedAgain() throws {
        let signature = ForeignAttachment.all[0]
        let (store, _) = try attached([signature])
        let source = try StoreSource(store: store, reference: image)
        let place = bundles.directory.path + "/place"
        for _ in 0..<2 { try copy(source, to: LayoutDestination(directory: place, tag: "1")) }
        let tag = CosignTag(source.root().digest, .sig).text
        let text = try String(contentsOf: URL(fileURLWithPath: place + "/index.json"), encoding: .utf8)
        #expect(text.components(separatedBy: tag).count == 2, "\(text)")
    }

    @Test("of two manifests that came by one tag the later travels, and the other is left out with a word")
    func moved() throws {
        let older = ForeignAttachment.all[0]
        var newer = older
        newer.config = "{ }"
        let (store, before) = try attached([older])
        let subject = try StoreSource(store: store, reference: image).root().descriptor
        let another = bundles.directory.path + "/another"
        try ImageCopy.run(
            from: StoreSource(store: bundles.first, reference: image),
            to: LayoutDestination(directory: another, tag: "1")
        )
        let after = try newer.add(to: another, about: subject).digest
        let later = try bundles.directory.open("attached", second: 9)
        try copy(LayoutSource(directory: another, tag: "1"), to: StoreDestination(store: later, references: [image]))
        let source = try StoreSource(store: later, reference: image)
        let found = ImageReferrers(to: try ImageOutline(of: source), in: source)
        #expect(found.all.map(\.outline.root.digest) == [after])
        #expect(found.leftOut.count == 1)
        #expect(found.leftOut.first?.contains("\(before[0].short)") == true, "\(found.leftOut)")
    }

    // MARK: what isn't taken

    /// Alters the part of the referrers, with all digests put right behind it.
    private func alter(_ change: (inout [String: JSONValue]) throws -> Void) throws {
        let path = bundle + "/index.json"
        guard case .object(var top) = try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path)))),
            case .array(var entries)? = top["manifests"]
        else { return }
        let number = try #require(
            entries.firstIndex { entry in
                guard case .object(let members) = entry else { return false }
                return members["artifactType"] == .string(BundleType.referrers)
            }
        )
        guard case .object(var entry) = entries[number], case .string(let text)? = entry["digest"] else { return }
        func file(_ hex: String) -> URL { URL(fileURLWithPath: "\(bundle)/blobs/sha256/\(hex)") }
        guard case .object(var index) = try JSONValue(parsing: Array(Data(contentsOf: file(Digest(parsing: text).hex))))
        else { return }
        try change(&index)
        let bytes = CanonicalJSON.encode(.object(index))
        try Data(bytes).write(to: file(Digest.of(bytes).hex))
        entry["digest"] = .string("\(Digest.of(bytes))")
        entry["size"] = .int(Int64(bytes.count))
        entries[number] = .object(entry)
        top["manifests"] = .array(entries)
        try Data(CanonicalJSON.encode(.object(top))).write(to: URL(fileURLWithPath: path))
    }

    static let alterations: [(words: String, change: @Sendable (inout [String: JSONValue]) -> Void)] = [
        ("no subject", { $0["subject"] = nil }),
        (
            "is not base:1",
            { index in
                guard case .object(var subject)? = index["subject"] else { return }
                subject["digest"] = .string("\(Digest.of(Array("another".utf8)))")
                index["subject"] = .object(subject)
            }
        ),
        ("docs/bundle-format.md", { $0["annotations"] = .object(["a": "b"]) }),
        (
            "stands there twice",
            { index in
                guard case .array(let members)? = index["manifests"] else { return }
                index["manifests"] = .array(members + [members[0]])
            }
        ),
        (
            "isn't of this part, nor before it",
            { index in
                guard case .array(var members)? = index["manifests"], case .object(var member) = members[0] else {
                    return
                }
                member["annotations"] = .object([
                    Annotation.referenceName: .string("sha256-\(Digest.of(Array("another".utf8)).hex).sig")
                ])
                members[0] = .object(member)
                index["manifests"] = .array(members)
            }
        ),
        (
            "names no subject",
            { index in
                guard case .array(let members)? = index["manifests"] else { return }
                index["manifests"] = .array(
                    members.map { member in
                        guard case .object(var members) = member else { return member }
                        members["annotations"] = nil
                        return .object(members)
                    }
                )
            }
        ),
        (
            "not a manifest",
            { index in
                guard case .array(var members)? = index["manifests"], case .object(var member) = members[0] else {
                    return
                }
                member["mediaType"] = "application/octet-stream"
                members[0] = .object(member)
                index["manifests"] = .array(members)
            }
        ),
    ]

    @Test(
        "a list of referrers that says something else is refused, and nothing comes in",
        arguments: alterations.indices
    )
    func refused(number: Int) throws {
        let (words, change) = Self.alterations[number]
        let (store, _) = try attached()
        try export([.image(image)], from: store, to: bundle)
        try alter(change)
        for referrers in [true, false] {
            let error = #expect(throws: TransportError.self) { try read(bundle, referrers: referrers) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test("more than travels is left out with a word, and refused in a bundle")
    func bounds() throws {
        let many = (0..<65).map { number in
            ForeignAttachment(description: "number \(number)", artifactType: "application/x", layerType: "text/plain")
        }
        let (store, _) = try attached([many[0]])
        try export([.image(image)], from: store, to: bundle)
        let source = try StoreSource(store: bundles.first, reference: image)
        for attachment in many.dropFirst() { try attachment.add(to: layout, about: source.root().descriptor) }
        let found = ImageReferrers(to: try ImageOutline(of: source), in: try LayoutSource(directory: layout, tag: "1"))
        #expect(found.all.count == 64)
        #expect(found.leftOut.count == 1)
        let members = try many.map { attachment -> JSONValue in
            let root = try attachment.add(to: layout, about: source.root().descriptor)
            return .object([
                "digest": .string("\(root.digest)"), "mediaType": .string(root.mediaType), "size": .int(root.size),
            ])
        }
        for name in try Directory.names(in: layout + "/blobs/sha256") {
            try Data(contentsOf: URL(fileURLWithPath: layout + "/blobs/sha256/" + name))
                .write(to: URL(fileURLWithPath: bundle + "/blobs/sha256/" + name))
        }
        try alter { $0["manifests"] = .array(members) }
        let error = #expect(throws: TransportError.self) { try read(bundle) }
        #expect(error?.description.contains("the list of what refers to") == true, "\(String(describing: error))")
    }

    /// Puts manifests into a bundle's list of referrers.
    private func replace(by members: [ImageDocument]) throws {
        for member in members {
            try Data(member.bytes).write(
                to: URL(fileURLWithPath: "\(bundle)/blobs/sha256/\(member.digest.hex)")
            )
        }
        try alter { index in
            index["manifests"] = .array(
                members.map { member in
                    .object([
                        "digest": .string("\(member.digest)"), "mediaType": .string(member.mediaType),
                        "size": .int(Int64(member.bytes.count)),
                    ])
                }
            )
        }
    }

    private func manifest(about subject: Descriptor, size: Int64 = 2) throws -> ImageDocument {
        let config = Descriptor(mediaType: MediaType.empty, digest: .of("{}"), size: 2)
        let layer = Descriptor(mediaType: "text/plain", digest: .of("\(size) bytes"), size: size)
        var manifest = ImageManifest(config: config, layers: [layer])
        manifest.subject = subject
        return ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
    }

    @Test("deeper or larger than what travels is refused in a bundle")
    func depthAndSize() throws {
        let (store, _) = try attached([ForeignAttachment.all[3]])
        try export([.image(image)], from: store, to: bundle)
        let subject = try StoreSource(store: store, reference: image).root().descriptor
        try replace(by: [manifest(about: subject, size: 16 << 20)])
        var error = #expect(throws: TransportError.self) { try read(bundle) }
        #expect(error?.description.contains("what is in it") == true, "\(String(describing: error))")
        var chain: [ImageDocument] = []
        for _ in 0..<5 { chain.append(try manifest(about: chain.last?.descriptor ?? subject)) }
        try replace(by: chain)
        error = #expect(throws: TransportError.self) { try read(bundle) }
        #expect(error?.description.contains("travel to a depth of") == true, "\(String(describing: error))")
    }
}
