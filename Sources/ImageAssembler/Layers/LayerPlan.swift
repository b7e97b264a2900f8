import Archive
import ContentAddress

/// A layer before it is made: its entries in their order, and how they are compressed.
struct LayerPlan: Sendable {
    /// A path and what stands there.
    struct Entry: Hashable, Sendable {
        let path: String
        let node: FileNode
    }

    let entries: [Entry]
    let compression: CompressionRecipe

    /// How many bytes its files have.
    var contentSize: Int64 {
        entries.map { if case .file(let content) = $0.node.kind { content.size } else { 0 } }.reduce(0, &+)
    }

    /// The recipe: canonical JSON of all that the layer's bytes depend on (docs/derivation.md).
    var recipe: JSONValue {
        .object([
            "compression": .string(compression.name),
            "entries": .array(entries.map(Self.json)),
            "tar": .string(TarWriter.profile),
        ])
    }

    private static func json(_ entry: Entry) -> JSONValue {
        var members: [String: JSONValue] = [
            "gid": .int(Int64(entry.node.owner.gid)),
            "mode": .string(octal(entry.node.mode)),
            "path": .string(entry.path),
            "time": .int(entry.node.modified),
            "uid": .int(Int64(entry.node.owner.uid)),
        ]
        switch entry.node.kind {
        case .folder: members["type"] = "directory"
        case .pipe: members["type"] = "fifo"
        case .link(let target):
            members["type"] = "symlink"
            members["target"] = .string(target)
        case .device(let isBlock, let major, let minor):
            members["type"] = isBlock ? "block" : "character"
            members["device"] = .string("\(major):\(minor)")
        case .file(let content):
            members["type"] = "file"
            members["size"] = .int(content.size)
            switch content {
            case .blob(let digest, _), .text(let digest, _): members["digest"] = .string(digest.description)
            case .member(let layer, let offset, _):
                members["layer"] = .string(layer.diffID.description)
                members["offset"] = .int(offset)
            }
        }
        if !entry.node.extendedAttributes.isEmpty {
            members["xattrs"] = .object(entry.node.extendedAttributes.mapValues { .string(Hexadecimal.encode($0)) })
        }
        return .object(members)
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The released files in the layer.
    var artifacts: Set<Digest> {
        Set(
            entries.compactMap { entry in
                if case .file(.blob(let digest, _)) = entry.node.kind { digest } else { nil }
            }
        )
    }
}

extension LayerPlan.Entry {
    /// What the tar says before the content.
    var header: TarHeader {
        var header = TarHeader(
            path: path,
            kind: .file,
            mode: node.mode,
            uid: node.owner.uid,
            gid: node.owner.gid,
            modified: node.modified,
            extendedAttributes: node.extendedAttributes
        )
        switch node.kind {
        case .folder: header.kind = .directory
        case .pipe: header.kind = .pipe
        case .device(true, let major, let minor): header.kind = .blockDevice(major: major, minor: minor)
        case .device(false, let major, let minor): header.kind = .characterDevice(major: major, minor: minor)
        case .file(let content): header.size = content.size
        case .link(let target):
            header.kind = .symbolicLink
            header.linkName = target
        }
        return header
    }
}
