import ContentAddress
import JSON
import OCI

/// An entry of a layout's `index.json`, as it is written.
struct LayoutEntry {
    /// The members that are made anew for each entry.
    static let ownMembers: Set<String> = ["annotations", "digest", "mediaType", "size"]
    /// The annotations that name an image.
    static let nameAnnotations: Set<String> = [Annotation.referenceName, Annotation.containerdName]

    /// The tag, or whatever else names it.
    let name: String?
    let digest: String
    let bytes: [UInt8]

    /// One that a layout has.
    init(_ entry: JSONValueView) {
        name = entry["annotations"]?[Annotation.referenceName]?.string
        digest = entry["digest"]?.string ?? ""
        bytes = Array(entry.source)
    }

    /// One that says what a descriptor does.
    init(_ descriptor: Descriptor) throws(TransportError) {
        name = descriptor.annotations?[Annotation.referenceName]
        digest = descriptor.digest.description
        do { bytes = try CanonicalJSON.encode(descriptor) } catch {
            throw .document(what: "an entry of index.json", reason: "\(error)")
        }
    }

    /// That of an image, with its tag, its full name, and what another place said of it.
    init(image: ImageOutline, tag: String?, fullName: String? = nil) {
        let root = image.root.descriptor
        var annotations = image.listing.annotations
        annotations[Annotation.referenceName] = tag.map(Self.text)
        annotations[Annotation.containerdName] = fullName.map(Self.text)
        var members = image.listing.members
        members["annotations"] = annotations.isEmpty ? nil : Self.object(annotations)
        members["digest"] = Self.text(root.digest.description)
        members["mediaType"] = Self.text(root.mediaType)
        members["size"] = CanonicalJSON.encode(.int(root.size))
        name = tag
        digest = root.digest.description
        bytes = Self.object(members)
    }

    private static func text(_ value: String) -> [UInt8] { CanonicalJSON.encode(.string(value)) }

    private static func object(_ members: [String: [UInt8]]) -> [UInt8] {
        let fields = members.sorted { $0.key < $1.key }.map { text($0.key) + ":".utf8 + $0.value }
        return Array("{".utf8) + fields.joined(separator: ",".utf8) + "}".utf8
    }
}
