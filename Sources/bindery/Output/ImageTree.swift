import ArtifactStore
import ContentAddress
import ImageAssembler
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Release

/// An image of the store as a tree: the index, its platforms, their layers with what they were derived from.
struct ImageTree {
    let shape: ImageShape
    /// The recipes' digests of layers whose recipe isn't in the store.
    private let longRecipes: [Digest: String]

    init(_ image: StoredImage, in store: Store) throws {
        let repository = try RepositoryName(parsing: "image")
        let source = try StoreSource(
            store: store,
            reference: ImageReference(repository: repository, digest: image.digest)
        )
        let outline = try ImageOutline(of: source)
        var longRecipes: [Digest: String] = [:]
        var parts: [ImageShape.Part] = []
        // A config that isn't an image's sets nothing.
        let settings = (try? ImageSettings.of(source)) ?? [:]
        for part in outline.parts {
            // An attestation's config, or a foreign one, needn't be an image's.
            let config = try? source.document(part.manifest.config).config()
            let diffIDs = config?.rootfs.diffIDs ?? []
            var layers: [ImageShape.Layer] = []
            for (position, descriptor) in part.manifest.layers.enumerated() {
                let annotation = descriptor.annotations?[Annotation.layerRecipe]
                let recipe = annotation.flatMap { LayerDerivation.recipe(of: $0, in: store) }
                if recipe == nil { longRecipes[descriptor.digest] = annotation }
                layers.append(
                    ImageShape.Layer(
                        digest: descriptor.digest,
                        diffID: diffIDs.count == part.manifest.layers.count ? diffIDs[position] : nil,
                        size: descriptor.size,
                        mediaType: descriptor.mediaType,
                        recipe: recipe,
                        files: try recipe.map { try Self.files(of: $0, store) } ?? []
                    )
                )
            }
            parts.append(
                ImageShape.Part(
                    platform: (part.descriptor.platform ?? (try? config?.platform))?.description ?? "-",
                    manifest: part.descriptor.digest,
                    config: part.manifest.config.digest,
                    layers: layers,
                    settings: settings[part.descriptor.digest]?.values
                )
            )
        }
        self.longRecipes = longRecipes
        shape = ImageShape(
            digest: image.digest,
            mediaType: image.mediaType,
            references: image.references,
            platforms: parts
        )
    }

    private static func entries(_ recipe: JSONValue?) -> [[String: JSONValue]] {
        guard case .object(let members)? = recipe, case .array(let entries)? = members["entries"] else { return [] }
        return entries.compactMap { if case .object(let entry) = $0 { entry } else { nil } }
    }

    private static func files(of recipe: JSONValue, _ store: Store) throws -> [ImageShape.File] {
        try LayerRecipe.files(in: recipe).map { path, digest in
            let releases = try store.artifacts(with: digest).map(\.key.description)
            return ImageShape.File(path: "/" + path, digest: digest, releases: releases)
        }
    }

    /// Prints the tree for people.
    func print() {
        let names = shape.references.joined(separator: ", ")
        Output.line(Style.bold(names.isEmpty ? "\(shape.digest)" : names))
        Output.line("  index      \(shape.digest)")
        for part in shape.platforms {
            Output.line("  \(part.platform)")
            Output.line("    manifest \(part.manifest)")
            Output.line("    config   \(part.config)")
            for (setting, text) in (part.settings ?? [:]).sorted(by: { $0.key < $1.key }) {
                Output.line("    \(setting): \(text, limit: 400)")
            }
            for layer in part.layers { print(layer) }
        }
    }

    private func print(_ layer: ImageShape.Layer) {
        let longRecipe = longRecipes[layer.digest]
        let isDerived = layer.recipe != nil || longRecipe != nil
        let origin = layer.mediaType == MediaType.statement ? "  (statement)" : isDerived ? "" : "  (base)"
        Output.line("    layer    \(layer.digest)  \(ByteCount.text(layer.size))\(origin)")
        if let longRecipe {
            Output.line("             recipe \(longRecipe), which is not in the store")
        }
        guard case .object(let recipe)? = layer.recipe else { return }
        let how = [recipe["tar"], recipe["compression"]].map(Self.text).joined(separator: ", ")
        Output.line("             derived by \(how)")
        for entry in Self.entries(layer.recipe) {
            let path = "/" + Self.text(entry["path"])
            let owner = Self.text(entry["uid"]) + ":" + Self.text(entry["gid"])
            let about = "\(Self.text(entry["mode"])) \(owner) time \(Self.text(entry["time"]))"
            Output.line("             \(path)  \(about)\(of(path, entry, in: layer))")
        }
    }

    private func of(_ path: String, _ entry: [String: JSONValue], in layer: ImageShape.Layer) -> String {
        guard let file = layer.files?.first(where: { $0.path == path }) else { return "  \(Self.text(entry["type"]))" }
        let releases = file.releases.isEmpty ? "no release" : file.releases.joined(separator: ", ")
        return "  \(file.digest.short)  \(releases)"
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .int(let number): "\(number)"
        default: "?"
        }
    }
}
