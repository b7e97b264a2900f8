import ContentAddress
import JSON
package import OCI

/// What a layout or an archive says of an image beside the image's own documents.
package struct ImageListing: Sendable, Hashable {
    /// The members of its entry in `index.json`, as they are written, but those that every entry has.
    let members: [String: [UInt8]]
    /// The entry's annotations, as they are written, but those that name the image.
    let annotations: [String: [UInt8]]
    /// Its names in a docker archive's `manifest.json`, those that have a tag, each once.
    package let names: [ImageReference]

    /// Nothing.
    init() { self.init(entry: nil) }

    /// What an entry of `index.json` says.
    init(entry: JSONValueView?) {
        var members: [String: [UInt8]] = [:]
        var annotations: [String: [UInt8]] = [:]
        for member in entry?.members ?? [] where !LayoutEntry.ownMembers.contains(member.name) {
            members[member.name] = Array(member.value.source)
        }
        for member in entry?["annotations"]?.members ?? [] where !LayoutEntry.nameAnnotations.contains(member.name) {
            annotations[member.name] = Array(member.value.source)
        }
        self.members = members
        self.annotations = annotations
        names = []
    }

    /// What an index, such as `index.json`, says of one of its members.
    init(member digest: Digest, named name: String? = nil, ofIndex bytes: [UInt8]) {
        let entries = (try? JSONDocument(bytes))?.value["manifests"]?.elements ?? []
        self.init(
            entry: entries.first { entry in
                entry["digest"]?.string == digest.description
                    && (name == nil || entry["annotations"]?[Annotation.referenceName]?.string == name)
            }
        )
    }

    /// An image's names in a docker archive; what isn't a name with a tag is left out.
    init(names: [String]) {
        members = [:]
        annotations = [:]
        var seen: Set<String> = []
        self.names = names.compactMap { try? ImageReference(parsing: $0) }.filter { name in
            name.tag != nil && name.digest == nil && seen.insert(name.fullName).inserted
        }
    }
}
