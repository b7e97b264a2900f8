import ArtifactStore
import ContentAddress
import OCI

/// The end-points of a registry (OCI distribution specification 1.1, "Endpoints").
enum RegistryRoute: Equatable {
    /// What a manifest is asked for by.
    enum Reference: Equatable, CustomStringConvertible {
        case tag(Tag)
        case digest(ContentName)

        var description: String {
            switch self {
            case .tag(let tag): tag.text
            case .digest(let digest): digest.description
            }
        }
    }

    /// `/v2/`, end-1.
    case base
    /// `/v2/<name>/blobs/<digest>`, end-2.
    case blob(RepositoryName, ContentName)
    /// `/v2/<name>/manifests/<reference>`, end-3.
    case manifest(RepositoryName, Reference)
    /// `/v2/<name>/tags/list`, end-8.
    case tags(RepositoryName)
    /// `/v2/<name>/blobs/uploads/`, end-4 and end-11.
    case uploads(RepositoryName)
    /// `/v2/<name>/blobs/uploads/<id>`: end-5, end-6, end-13 and end-14.
    case upload(RepositoryName, UploadID)
    /// `/v2/<name>/referrers/<digest>`, end-12.
    case referrers(RepositoryName, ContentName)

    /// The repository; nil for the base.
    var name: RepositoryName? {
        switch self {
        case .base: nil
        case .blob(let name, _), .manifest(let name, _), .tags(let name), .uploads(let name), .upload(let name, _),
            .referrers(let name, _):
            name
        }
    }

    /// The end-point of a path; nil for one that is none.
    init?(_ segments: [String]) throws(RegistryProblem) {
        guard segments.first == "v2" else { return nil }
        let rest = segments.dropFirst()
        if rest.isEmpty || rest == [""] {
            self = .base
            return
        }
        guard let end = Self.end(Array(rest)) else { return nil }
        let written = rest.prefix(rest.count - end.count).joined(separator: "/")
        guard let name = try? RepositoryName(parsing: written) else { throw .invalidName(written) }
        switch end[0] {
        case "tags": self = .tags(name)
        case "manifests": self = .manifest(name, try Self.reference(end[1], in: name))
        case "blobs" where end[1] == "uploads":
            guard end.count == 3, !end[2].isEmpty else {
                self = .uploads(name)
                return
            }
            guard let id = UploadID(end[2]) else { throw .unknownUpload }
            self = .upload(name, id)
        case "referrers": self = .referrers(name, try Self.digest(end[1]) { .unsupportedDigest($0) })
        default: self = .blob(name, try Self.digest(end[1]) { .unknownBlob($0, in: name.text) })
        }
    }

    // A repository may be called like an end-point: what stands last counts.
    private static func end(_ segments: [String]) -> [String]? {
        if let place = segments.indices.dropLast().last(where: { segments[$0] == "blobs" }),
            segments[place + 1] == "uploads", segments.count - place <= 3
        {
            return Array(segments[place...])
        }
        let end = Array(segments.suffix(2))
        guard end.count == 2, !end[1].isEmpty else { return nil }
        return ["blobs", "manifests", "referrers"].contains(end[0]) || end == ["tags", "list"] ? end : nil
    }

    private static func reference(_ text: String, in name: RepositoryName) throws(RegistryProblem) -> Reference {
        if let tag = try? Tag(parsing: text) { return .tag(tag) }
        // What is not a tag was never given to a manifest.
        guard text.contains(":") else { throw .unknownManifest(text, in: name.text) }
        return .digest(try digest(text) { .unknownManifest($0, in: name.text) })
    }

    private static func digest(
        _ text: String,
        unknown: (String) -> RegistryProblem
    ) throws(RegistryProblem) -> ContentName {
        if let digest = try? ContentName(parsing: text) { return digest }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        // Of another algorithm, nothing is stored.
        guard parts.count == 2, parts[0] != "sha256", parts[0] != "sha512", isAlgorithm(parts[0]), isEncoded(parts[1])
        else {
            throw .invalidDigest(text)
        }
        throw unknown(text)
    }

    // OCI image specification 1.1, descriptor.md, "Digests".
    private static func isAlgorithm(_ text: Substring) -> Bool {
        text.split(omittingEmptySubsequences: false) { "+._-".contains($0) }.allSatisfy { component in
            !component.isEmpty && component.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }

    private static func isEncoded(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: byte == UInt8(ascii: "=") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                }
            }
    }
}
