import ContentAddress
import OCI

/// The small files at the top of an OCI image layout and of a Docker archive.
enum LayoutText {
    /// The content of `oci-layout`.
    static let layout = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    /// The content of `index.json`.
    static func index(_ entries: [LayoutEntry]) -> [UInt8] {
        var index = LayoutIndex()
        for entry in entries { index.append(entry) }
        return index.bytes
    }

    /// The content of `manifest.json`: config, layers and names of each platform's image.
    ///
    /// `docker load` and `podman load` read it.
    static func manifest(_ parts: [(part: ImageOutline.Part, names: [String])]) -> [UInt8] {
        CanonicalJSON.encode(
            .array(
                parts.map { part, names in
                    .object([
                        "Config": .string(path(part.manifest.config.digest)),
                        "Layers": .array(part.manifest.layers.map { .string(path($0.digest)) }),
                        "RepoTags": .array(names.map { .string($0) }),
                    ])
                }
            )
        )
    }

    /// The content of `repositories`, which readers before `manifest.json` take names from.
    static func repositories(_ parts: [(part: ImageOutline.Part, names: [String])]) -> [UInt8] {
        var repositories: [String: JSONValue] = [:]
        for (part, names) in parts {
            for name in names {
                guard let colon = name.lastIndex(of: ":") else { continue }
                let top = part.manifest.layers.last?.digest ?? part.manifest.config.digest
                var tags: [String: JSONValue] = [:]
                if case .object(let known)? = repositories[String(name[..<colon])] { tags = known }
                tags[String(name[name.index(after: colon)...])] = .string(top.hex)
                repositories[String(name[..<colon])] = .object(tags)
            }
        }
        return CanonicalJSON.encode(.object(repositories))
    }

    static func path(_ digest: Digest) -> String { "blobs/sha256/" + digest.hex }
}
