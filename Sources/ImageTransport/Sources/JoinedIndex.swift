package import ArtifactStore
import ContentAddress
package import OCI
import Printable

/// An index of images in a store that were built one platform at a time.
///
/// The members' bytes stay, and what an index says beside its members, or of one, is kept as it is written. The order
/// is that of platforms, so that the same images give the same index in whatever order they come.
package struct JoinedIndex: ImageSource {
    /// The name that it is to get.
    package let name: String
    private let store: Store
    private let top: ImageDocument
    /// The platforms of its members, in their order.
    package let platforms: [Platform]

    /// Two images for one platform.
    package struct Conflict: Error, Equatable, CustomStringConvertible {
        let platform: String
        let first: String
        let second: String

        /// Both images, and for what platform they are.
        package var description: String {
            let words: Message =
                "\(first) and \(second) are both for \(platform), and an index has one image for each platform"
            return words.text
        }
    }

    /// Joins images; with a former index, they are added to that one.
    ///
    /// Throws ``Conflict`` for two different images of one platform, and what is wrong with a document.
    package init(named name: String, of images: [StoreSource], addedTo former: StoreSource?, in store: Store) throws {
        self.name = name
        self.store = store
        var members: [Member] = []
        for image in (former.map { [$0] } ?? []) + images { members += try Member.all(of: image) }
        members = try Self.distinct(members).sorted { $0.order < $1.order }
        var document: [String: JSONValue] = ["schemaVersion": 2, "mediaType": .string(MediaType.imageIndex)]
        if let former, let own = try Self.index(former) {
            document = own
        } else {
            let annotations = try Self.commonAnnotations(images)
            if !annotations.isEmpty { document["annotations"] = .object(annotations) }
        }
        document["manifests"] = .array(members.map(\.value))
        let mediaType = if case .string(let text) = document["mediaType"] { text } else { MediaType.imageIndex }
        top = ImageDocument(mediaType: mediaType, bytes: CanonicalJSON.encode(.object(document)))
        platforms = members.flatMap(\.platforms)
        guard top.descriptor.size <= ImageDocument.largestSize else {
            throw TransportError.tooLarge(
                what: "the image index",
                size: top.descriptor.size,
                limit: ImageDocument.largestSize
            )
        }
    }

    /// The index.
    package func root() -> ImageDocument { top }

    /// Opens a blob of the store.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        try StoreBlobs(store: store).open(descriptor)
    }

    // The index's own members, none for an image of one platform.
    private static func index(_ image: StoreSource) throws -> [String: JSONValue]? {
        let root = image.root()
        guard MediaType.isIndex(root.mediaType) else { return nil }
        guard case .object(var members) = try JSONValue(parsing: root.bytes, keepsNumbers: true) else { return nil }
        members["mediaType"] = .string(root.mediaType)
        return members
    }

    // What all indexes say alike is said of the whole.
    private static func commonAnnotations(_ images: [StoreSource]) throws -> [String: JSONValue] {
        let all = try images.compactMap { image -> [String: JSONValue]? in
            guard let index = try index(image) else { return nil }
            return if case .object(let annotations) = index["annotations"] { annotations } else { [:] }
        }
        guard let first = all.first else { return [:] }
        return first.filter { key, value in all.allSatisfy { $0[key] == value } }
    }

    private static func distinct(_ members: [Member]) throws -> [Member] {
        var kept: [Member] = []
        var byPlatform: [String: Member] = [:]
        for member in members where !kept.contains(where: { $0.descriptor.digest == member.descriptor.digest }) {
            kept.append(member)
            for platform in member.names {
                if let other = byPlatform.updateValue(member, forKey: platform) {
                    throw Conflict(platform: platform, first: other.text, second: member.text)
                }
            }
        }
        return kept
    }
}

extension JoinedIndex {
    /// A member as its index writes it, and what it is.
    private struct Member {
        let value: JSONValue
        let descriptor: Descriptor
        /// What engines choose it for; none for an attestation or another artifact.
        let platforms: [Platform]
        /// The platforms, with the system's version where the index gives it.
        let names: [String]
        let image: String

        /// What to call it in a message.
        var text: String { "\(image) (\(descriptor.digest.short))" }

        /// Platforms first, then what has none.
        var order: (Int, String, Digest) { (names.isEmpty ? 1 : 0, names.first ?? "", descriptor.digest) }

        private init(_ value: JSONValue, _ descriptor: Descriptor, _ image: StoreSource) throws {
            self.value = value
            self.descriptor = descriptor
            self.image = image.name
            let all = try IndexMembers.platforms(of: descriptor, in: image).filter { $0.os != "unknown" }
            var version = ""
            if case .object(let members) = value, case .object(let platform) = members["platform"],
                case .string(let text) = platform["os.version"]
            {
                version = " " + text
            }
            platforms = all
            names = all.map { "\($0)\(version)" }
        }

        static func all(of image: StoreSource) throws -> [Member] {
            let root = image.root()
            guard let index = try JoinedIndex.index(image) else {
                let descriptor = root.descriptor
                var value: [String: JSONValue] = [
                    "mediaType": .string(descriptor.mediaType), "digest": .string("\(descriptor.digest)"),
                    "size": .int(descriptor.size),
                ]
                let config = try root.manifest().config
                if MediaType.isConfig(config.mediaType),
                    case .object(let members) = try JSONValue(parsing: image.document(config).bytes, keepsNumbers: true)
                {
                    let keys: Set = ["os", "architecture", "variant", "os.version", "os.features"]
                    value["platform"] = .object(members.filter { keys.contains($0.key) })
                }
                return [try Member(.object(value), descriptor, image)]
            }
            let view = try root.index()
            guard view.foreignMembers.isEmpty, case .array(let values) = index["manifests"] else {
                throw TransportError.document(
                    what: "the image index \(root.digest.short)",
                    reason: view.foreignMembers.first.map { "\($0)" } ?? "it has no members"
                )
            }
            return try zip(values, view.manifests).map { try Member($0, $1, image) }
        }
    }
}

extension StoreSource {
    /// Joins images of a store into an index, and gives it a name there.
    ///
    /// Throws ``JoinedIndex/Conflict``, what is wrong with a document, and what the store failed at.
    package static func join(
        _ images: [ImageReference],
        as name: ImageReference,
        addedTo former: ImageReference?,
        in store: Store
    ) throws -> (root: Descriptor, platforms: [Platform]) {
        let all = (former.map { [$0] } ?? []) + images
        let sources = try images.map { try StoreSource(store: store, reference: $0) }
        let index = try JoinedIndex(
            named: name.tagged,
            of: sources,
            addedTo: former.map { try StoreSource(store: store, reference: $0) },
            in: store
        )
        let outline = try ImageOutline(of: index)
        try outline.checkConfigs { descriptor throws(TransportError) in try index.document(descriptor).bytes }
        let batch = try store.beginBatch()
        _ = try batch.add(outline.root.bytes)
        // The files of releases in it keep being known.
        var artifacts: Set<Digest> = []
        for reference in all {
            if let image = try store.image(reference) { artifacts.formUnion(try store.releasedFiles(in: image.digest)) }
        }
        let record = ImageRecord(
            digest: outline.root.digest,
            mediaType: outline.root.mediaType,
            blobs: Set(outline.blobs.map(\.digest)),
            artifacts: artifacts,
            references: [name]
        )
        try store.commit(batch, image: record)
        return (outline.root.descriptor, index.platforms)
    }
}
