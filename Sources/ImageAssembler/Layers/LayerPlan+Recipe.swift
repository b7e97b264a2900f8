import Archive
import ContentAddress
import Release

extension LayerPlan {
    /// What the layer is derived from.
    var recipe: LayerRecipe {
        LayerRecipe(tar: TarWriter.profile, compression: compression.name, entries: entries.map(\.recipe))
    }

    /// The plan that a recipe tells of; nil when it takes files out of other layers, or is of another version of the
    /// tar or the compressor.
    init?(_ recipe: LayerRecipe) {
        guard recipe.tar == TarWriter.profile,
            let compression = CompressionRecipe.all.first(where: { $0.name == recipe.compression })
        else { return nil }
        var entries: [Entry] = []
        for entry in recipe.entries {
            guard let entry = Entry(entry) else { return nil }
            entries.append(entry)
        }
        self.init(entries: entries, compression: compression)
    }
}

extension LayerPlan.Entry {
    fileprivate var recipe: LayerRecipe.Entry {
        LayerRecipe.Entry(
            path: path,
            kind: node.kind.recipe,
            mode: node.mode,
            uid: node.owner.uid,
            gid: node.owner.gid,
            modified: node.modified,
            extendedAttributes: node.extendedAttributes
        )
    }

    fileprivate init?(_ recipe: LayerRecipe.Entry) {
        guard let kind = FileNode.Kind(recipe.kind) else { return nil }
        var node = FileNode(kind: kind, mode: recipe.mode)
        node.owner = Owner(uid: recipe.uid, gid: recipe.gid)
        node.modified = recipe.modified
        node.extendedAttributes = recipe.extendedAttributes
        self.init(path: recipe.path, node: node)
    }
}

extension FileNode.Kind {
    fileprivate var recipe: LayerRecipe.Kind {
        switch self {
        case .directory: .directory
        case .pipe: .pipe
        case .link(let target): .symbolicLink(target: target)
        case .device(let isBlock, let major, let minor): .device(isBlock: isBlock, major: major, minor: minor)
        case .file(let content):
            switch content {
            case .blob(let digest, let size): .file(.blob(digest), size: size)
            case .text(let digest, let bytes): .file(.blob(digest), size: Int64(bytes.count))
            case .member(let layer, let offset, let size):
                .file(.member(layer: layer.diffID, offset: offset), size: size)
            }
        }
    }

    fileprivate init?(_ recipe: LayerRecipe.Kind) {
        switch recipe {
        case .directory: self = .directory
        case .pipe: self = .pipe
        case .symbolicLink(let target): self = .link(target)
        case .device(let isBlock, let major, let minor): self = .device(isBlock: isBlock, major: major, minor: minor)
        case .file(.blob(let digest), let size): self = .file(.blob(digest, size: size))
        case .file(.member, _): return nil
        }
    }
}

extension CompressionRecipe {
    /// Every compression that this version can do.
    fileprivate static var all: [CompressionRecipe] {
        [.none] + gzipLevels.map { .gzip(level: $0) } + zstdLevels.map { .zstd(level: $0) }
    }
}
