import ContentAddress
import JSON
import OCI

/// The `index.json` of a layout, edited in place: what other programs wrote stays as it is, byte for byte.
struct LayoutIndex {
    private var entries: [LayoutEntry] = []
    // The members in their order; `manifests` is written from the entries.
    private var members: [(name: String, bytes: [UInt8])] = []

    private static let list = "manifests"

    /// The index of a layout that is made.
    init() {
        members = [
            (Self.list, []),
            ("mediaType", CanonicalJSON.encode(.string(MediaType.imageIndex))),
            ("schemaVersion", CanonicalJSON.encode(.int(2))),
        ]
    }

    /// Reads the index of a layout that is there.
    ///
    /// Throws for what isn't an index, or can be read in two ways.
    init(reading bytes: [UInt8], what: String) throws(TransportError) {
        _ = try decodeDocument(AnyDocument.self, bytes, as: .index, mediaType: MediaType.imageIndex, what)
        let document: JSONDocument
        do { document = try JSONDocument(bytes) } catch { throw .document(what: what, reason: "\(error)") }
        guard document.value.kind == .object else { throw .document(what: what, reason: "it is not an object") }
        for member in document.value.members {
            guard member.name == Self.list else {
                members.append((member.name, Array(member.value.source)))
                continue
            }
            members.append((member.name, []))
            entries = member.value.elements.map(LayoutEntry.init)
        }
        if !members.contains(where: { $0.name == Self.list }) { members.append((Self.list, [])) }
    }

    /// Removes the entries with such a name and digest.
    mutating func removeEntries(where isRemoved: (_ name: String?, _ digest: String) -> Bool) {
        entries.removeAll { isRemoved($0.name, $0.digest) }
    }

    /// Adds an entry behind the others.
    mutating func append(_ entry: LayoutEntry) { entries.append(entry) }

    /// Sorts the entries by name and digest.
    mutating func sort() {
        entries.sort { ($0.name ?? "", $0.digest) < ($1.name ?? "", $1.digest) }
    }

    /// The index as it is written.
    var bytes: [UInt8] {
        let fields = members.map { name, value in
            let text = name == Self.list ? Self.joined(entries.map(\.bytes), "[", "]") : value
            return CanonicalJSON.encode(.string(name)) + ":".utf8 + text
        }
        return Self.joined(fields, "{", "}")
    }

    private static func joined(_ parts: [[UInt8]], _ start: String, _ end: String) -> [UInt8] {
        Array(start.utf8) + parts.joined(separator: ",".utf8) + end.utf8
    }
}
