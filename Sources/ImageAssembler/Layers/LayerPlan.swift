import Archive
import ContentAddress
import OCI

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

    /// The released files in the layer, and the released archives that others are taken from.
    var artifacts: Set<Digest> {
        Set(
            entries.compactMap { entry in
                switch entry.node.kind {
                case .file(.blob(let digest, _)): digest
                case .file(.member(let layer, _, _)) where layer.isReleased: layer.descriptor.digest
                default: nil
                }
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
        case .directory: header.kind = .directory
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
