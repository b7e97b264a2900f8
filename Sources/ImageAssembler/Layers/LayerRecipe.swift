import Archive
package import ArtifactStore
package import ContentAddress
import OCI
import Release

/// Derives layers again from their recipes (docs/derivation.md).
package enum LayerRecipe {
    /// The annotation of a layer's descriptor that has its recipe.
    package static var annotation: String { Annotation.layerRecipe }

    /// Makes a layer's blob from its recipe and the released files in the store, and hands its bytes to a sink.
    ///
    /// The recipe may be the digest of a long one that the store has. Nothing is kept. Returns false where the recipe
    /// isn't enough: it takes a file out of another layer, or was made by another version of the compressor. Throws what reading the
    /// files or compressing fails at, and what the sink throws.
    package static func derive(
        _ recipe: String,
        in store: Store,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        guard let value = value(of: recipe, in: store), let plan = LayerPlan(recipe: value) else { return false }
        let batch = try store.beginBatch()
        let digest = Digest.of(CanonicalJSON.encode(value))
        let layer = try LayerMaker(of: [plan], store: store, batch: batch).make(plan, recipe: digest)
        try batch.read(layer.digest, sink)
        return true
    }

    /// A layer's recipe by what its annotation says: the recipe, or the digest of one that the store has.
    ///
    /// Nil for what is neither.
    package static func value(of annotation: String, in store: Store) -> JSONValue? {
        guard let digest = try? Digest(parsing: annotation) else {
            return try? JSONValue(parsing: Array(annotation.utf8))
        }
        return (try? store.readBlob(digest)).flatMap { try? JSONValue(parsing: $0) }
    }
}

extension LayerPlan {
    /// The plan that a recipe tells of; nil when it tells too little, or something this version doesn't know.
    init?(recipe: JSONValue) {
        guard case .object(let members) = recipe, members["tar"]?.text == TarWriter.profile,
            case .array(let entries)? = members["entries"],
            let compression = CompressionRecipe.all.first(where: { $0.name == members["compression"]?.text })
        else { return nil }
        var parsed: [Entry] = []
        for entry in entries {
            guard let entry = Entry(recipe: entry) else { return nil }
            parsed.append(entry)
        }
        self.init(entries: parsed, compression: compression)
    }
}

extension LayerPlan.Entry {
    fileprivate init?(recipe: JSONValue) {
        guard case .object(let members) = recipe, let path = members["path"]?.text,
            let mode = members["mode"]?.text.flatMap({ UInt16($0, radix: 8) }),
            let uid = members["uid"]?.number.flatMap({ UInt32(exactly: $0) }),
            let gid = members["gid"]?.number.flatMap({ UInt32(exactly: $0) }),
            let time = members["time"]?.number, members["xattrs"] == nil
        else { return nil }
        let kind: FileNode.Kind
        switch members["type"]?.text {
        case "directory": kind = .folder
        case "fifo": kind = .pipe
        case "symlink":
            guard let target = members["target"]?.text else { return nil }
            kind = .link(target)
        case "file":
            guard let digest = members["digest"]?.text.flatMap({ try? Digest(parsing: $0) }),
                let size = members["size"]?.number, size >= 0
            else { return nil }
            kind = .file(.blob(digest, size: size))
        default: return nil
        }
        let owner = Owner(uid: uid, gid: gid)
        self.init(path: path, node: FileNode(kind: kind, mode: mode, owner: owner, modified: time))
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var number: Int64? { if case .int(let number) = self { number } else { nil } }
}

extension CompressionRecipe {
    /// Every compression that this version can do.
    fileprivate static var all: [CompressionRecipe] {
        [.none] + gzipLevels.map { .gzip(level: $0) } + zstdLevels.map { .zstd(level: $0) }
    }
}
