import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Proofs
import Release
import StoreTestSupport
import TestSupport
import Testing

@testable import Publishing
@testable import RegistryClient

/// A signature that a tag attaches, as cosign 2 writes it, counts as there where a place has it, and as missing where not.
@Suite struct AttachedByTagTests {
    /// Registries whose repositories are tags of one layout.
    private struct Registry: RegistryAccess {
        let layout: String

        func source(_ reference: String) throws(TransportError) -> any ImageSource {
            try LayoutSource(directory: layout, tag: tag(reference))
        }

        func destination(_ reference: String, name _: ImageReference?) throws(TransportError) -> any ImageDestination {
            try LayoutDestination(directory: layout, tag: tag(reference))
        }

        private func tag(_ reference: String) -> String { String(reference.split(separator: ":").last ?? "") }
    }

    private let directory: TemporaryStore
    private let store: Store
    private let image: ImageReference
    private let signature: Digest

    init() throws {
        directory = try TemporaryStore()
        store = try directory.open()
        image = try ImageReference(parsing: "registry.example/agent:1")
        let (built, signing) = (directory.path + "/built", directory.path + "/signing")
        let signed = TestImage { $0.file("agent", "the agent") }
        let signer = TestImage { $0.file("payload", "what cosign signs") }
        signature = Digest.of(signer.manifest)
        try signed.write(layout: built, tag: "1")
        try signer.write(layout: signing, tag: "1")
        try ImageCopy.run(
            from: LayoutSource(directory: signing, tag: "1"),
            to: LayoutDestination(directory: built, tag: CosignTag(Digest.of(signed.manifest), .sig).text)
        )
        try Self.copy(
            LayoutSource(directory: built, tag: "1"),
            to: StoreDestination(store: store, references: [image]),
            signed: true
        )
    }

    private static func copy(_ source: some ImageSource, to destination: any ImageDestination, signed: Bool) throws {
        let outline = try ImageOutline(of: source)
        let referrers = signed ? ImageReferrers(to: outline, in: source) : ImageReferrers()
        try ImageCopy.run(from: source, to: destination, outline: outline, referrers: referrers)
    }

    private func fill(_ layout: String, signed: Bool) throws {
        try Self.copy(
            StoreSource(store: store, reference: image),
            to: LayoutDestination(directory: layout, tag: "1"),
            signed: signed
        )
    }

    private func has(_ layout: String) throws -> Bool {
        let source = try LayoutSource(directory: layout, tag: "1")
        return try source.attached(to: source.root().descriptor).contains { $0.digest == signature }
    }

    @Test("a sync sends the signature where it is missing, and nothing where it is there", arguments: [true, false])
    func push(signed: Bool) throws {
        let layout = directory.path + "/place"
        try fill(layout, signed: signed)
        #expect(try has(layout) == signed)
        let sync = try sync(with: layout)
        #expect(try sync.push(.image(image)) { _ in }.0 == (signed ? .present : .sent))
        #expect(try has(layout))
        #expect(try sync.push(.image(image)) { _ in }.0 == .present)
    }

    @Test("a sync brings the signature where it is missing, and nothing where it is there", arguments: [true, false])
    func pull(signed: Bool) throws {
        let layout = directory.path + "/place"
        try fill(layout, signed: true)
        let other = try directory.open("other")
        try Self.copy(
            LayoutSource(directory: layout, tag: "1"),
            to: StoreDestination(store: other, references: [image]),
            signed: signed
        )
        let sync = try sync(with: layout, of: other)
        let trust = BundleTrust(allowsUnsigned: false, looksAtProofs: true)
        #expect(try sync.pull(.image(image), trust) { _ in }.0 == (signed ? .present : .sent))
        #expect(try sync.pull(.image(image), trust) { _ in }.0 == .present)
        #expect(try other.referrers(to: LayoutSource(directory: layout, tag: "1").root().digest).count == 1)
    }

    private func sync(with layout: String, of store: Store? = nil) throws -> StoreSync {
        let place = try RegistryPlace(parsing: "registry.example")
        return StoreSync(
            store: store ?? self.store,
            place: SyncPlace(place),
            registries: Registry(layout: layout),
            listing: RegistryListing(place) { _ throws(RegistryError) in throw .notFound(what: "a list", place: "none")
            },
            mayMove: false,
            isDryRun: false,
            warn: { _ in }
        )
    }

    @Test("a place that has the signature is the same, and one that lost it has drifted", arguments: [true, false])
    func read(signed: Bool) throws {
        let layout = directory.path + "/place"
        try fill(layout, signed: signed)
        let reader = try PlaceReader(
            store: store,
            registries: Registry(layout: layout),
            web: WebFiles(RegistryOptions(environment: [:]))
        )
        let finding = try reader.read(
            PublishedPlace(
                subject: "\(image)",
                place: "oci:\(layout):1",
                digest: StoreSource(store: store, reference: image).root().digest,
                publishedAt: store.now,
                publishedBy: "test"
            )
        )
        #expect(finding.state == (signed ? .same : .drift), "\(finding.reasons)")
        #expect(finding.reasons.contains { $0.contains("\(signature)") } == !signed)
    }
}
