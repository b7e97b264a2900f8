internal import ArtifactStore
internal import ContentAddress
internal import ImageTransport
internal import OCI

/// An image of the store as a tree: the index, its platforms, their layers with what they were derived from.
struct ImageTree: Encodable {
    struct Part: Encodable {
        let platform: String
        let manifest: Digest
        let config: Digest
        let layers: [Layer]
    }

    struct Layer: Encodable {
        let digest: Digest
        let size: Int64
        let mediaType: String
        /// What the layer was derived from; nil for a foreign one.
        let recipe: JSONValue?
        /// The released files in it.
        let files: [File]
    }

    struct File: Encodable {
        let path: String
        let digest: Digest
        let releases: [String]
    }

    let digest: Digest
    let mediaType: String
    let references: [String]
    let platforms: [Part]

    init(_ image: StoredImage, in store: Store) throws {
        let repository = try RepositoryName(parsing: "image")
        let source = try StoreSource(
            store: store,
            reference: ImageReference(repository: repository, digest: image.digest)
        )
        let outline = try ImageOutline(of: source)
        digest = image.digest
        mediaType = image.mediaType
        references = image.references
        platforms = try outline.parts.map { part in
            Part(
                platform: part.descriptor.platform?.description ?? "-",
                manifest: part.descriptor.digest,
                config: part.manifest.config.digest,
                layers: try part.manifest.layers.map { try Self.layer($0, store) }
            )
        }
    }

    private static func layer(_ descriptor: Descriptor, _ store: Store) throws -> Layer {
        let text = descriptor.annotations?["dev.bindery.layer.recipe"]
        let recipe = text.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
        var files: [File] = []
        if case .object(let members)? = recipe, case .array(let entries)? = members["entries"] {
            for case .object(let entry) in entries {
                guard case .string(let path)? = entry["path"], case .string(let text)? = entry["digest"],
                    let digest = try? Digest(parsing: text)
                else { continue }
                let releases = try store.artifacts(with: digest).map(\.key.description)
                files.append(File(path: "/" + path, digest: digest, releases: releases))
            }
        }
        return Layer(
            digest: descriptor.digest,
            size: descriptor.size,
            mediaType: descriptor.mediaType,
            recipe: recipe,
            files: files
        )
    }

    /// Prints the tree for people.
    func print() {
        Output.line(Style.bold(references.isEmpty ? "\(digest)" : references.joined(separator: ", ")))
        Output.line("  index      \(digest)")
        for part in platforms {
            Output.line("  \(part.platform)")
            Output.line("    manifest \(part.manifest)")
            Output.line("    config   \(part.config)")
            for layer in part.layers {
                let origin = layer.recipe == nil ? "  (base)" : ""
                Output.line("    layer    \(layer.digest)  \(ByteCount.text(layer.size))\(origin)")
                for file in layer.files {
                    let releases = file.releases.isEmpty ? "no release" : file.releases.joined(separator: ", ")
                    Output.line(Output.printable("             \(file.path)  \(file.digest.short)  \(releases)"))
                }
            }
        }
    }
}
