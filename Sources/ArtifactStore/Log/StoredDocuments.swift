import ContentAddress
import SystemIO

/// What manifests and indexes among the blobs say, for an index that is made again.
struct StoredDocuments {
    let blobs: any BlobStorage

    /// What a document reaches.
    struct Reach {
        var mediaType: String
        /// The blobs that are there, itself included.
        var blobs: Set<Digest> = []
        /// What annotations name: recipes, and what they were made from.
        var named: Set<Digest> = []
    }

    private static let largest = 16 << 20
    private static let mostDocuments = 10_000
    private static let indexType = "application/vnd.oci.image.index.v1+json"
    private static let manifestType = "application/vnd.oci.image.manifest.v1+json"

    init(_ blobs: any BlobStorage) { self.blobs = blobs }

    func isThere(_ digest: Digest) throws(StoreError) -> Bool { try blobs.isThere(digest) }

    /// Everything below a document; nil where it isn't one, or isn't there.
    func reach(_ root: Digest) throws(StoreError) -> Reach? {
        guard let members = document(root) else { return nil }
        var reach = Reach(mediaType: Self.type(of: members))
        var queue = [root]
        while let digest = queue.popLast(), reach.blobs.count < Self.mostDocuments {
            guard reach.blobs.insert(digest).inserted, let members = document(digest) else { continue }
            for descriptor in descriptors(members) {
                note(descriptor["annotations"], in: &reach)
                guard let digest = Self.digest(descriptor), try isThere(digest) else { continue }
                // A member of an index is a document; all else is bytes.
                if Self.isDocument(descriptor) { queue.append(digest) } else { reach.blobs.insert(digest) }
            }
            note(members["annotations"], in: &reach)
        }
        return reach
    }

    /// The layers' diffIDs of a manifest.
    func diffIDs(of manifest: Digest) -> [Digest]? {
        guard case .object(let descriptor)? = document(manifest)?["config"], let config = Self.digest(descriptor),
            case .object(let rootfs)? = document(config)?["rootfs"], case .array(let values)? = rootfs["diff_ids"]
        else { return nil }
        return values.compactMap { if case .string(let text) = $0 { try? Digest(parsing: text) } else { nil } }
    }

    private func document(_ digest: Digest) -> [String: JSONValue]? {
        guard let bytes = try? blobs.open(digest).readBytes(limit: Self.largest + 1),
            bytes.count <= Self.largest, bytes.first == UInt8(ascii: "{") || bytes.first.map({ $0 <= 0x20 }) == true,
            case .object(let members)? = try? JSONValue(parsing: bytes)
        else { return nil }
        return members
    }

    private func descriptors(_ members: [String: JSONValue]) -> [[String: JSONValue]] {
        var all: [JSONValue] = members["config"].map { [$0] } ?? []
        for list in ["layers", "manifests", "blobs"] {
            if case .array(let values)? = members[list] { all += values }
        }
        return all.compactMap { if case .object(let descriptor) = $0 { descriptor } else { nil } }
    }

    private func note(_ annotations: JSONValue?, in reach: inout Reach) {
        guard case .object(let texts)? = annotations else { return }
        for case .string(let text) in texts.values {
            for match in text.matches(of: /sha256:[0-9a-f]{64}/) {
                if let digest = try? Digest(parsing: match.output) { reach.named.insert(digest) }
            }
        }
    }

    private static func digest(_ descriptor: [String: JSONValue]) -> Digest? {
        guard case .string(let text)? = descriptor["digest"] else { return nil }
        return try? Digest(parsing: text)
    }

    private static func isDocument(_ descriptor: [String: JSONValue]) -> Bool {
        guard case .string(let type)? = descriptor["mediaType"] else { return false }
        return type.contains("manifest") || type.contains("index")
    }

    private static func type(of members: [String: JSONValue]) -> String {
        if case .string(let type)? = members["mediaType"] { return type }
        return members["manifests"] == nil ? manifestType : indexType
    }
}
