internal import Archive
internal import ArtifactStore
internal import ContentAddress
internal import OCI

/// Reads the file system of a base image out of its layers: names and metadata, with whiteouts applied (OCI image
/// specification 1.1, layer.md).
struct BaseTree {
    let store: Store

    /// More entries than this aren't read: an image from outside must not take all memory.
    private static let maximumEntries = 2_000_000

    /// Reads layers, lowest first.
    ///
    /// Each is hashed and compared with its diffID.
    func read(
        _ layers: [(descriptor: Descriptor, diffID: Digest)],
        _ name: String
    ) throws(PlanProblem.Kind) -> FileTree {
        var tree = FileTree()
        for (descriptor, diffID) in layers {
            do {
                try apply(LayerReference(digest: descriptor.digest, diffID: diffID), to: &tree)
            } catch {
                throw .failed("a layer of the base image '\(name)': \(error)")
            }
        }
        tree.forgetChanges()
        return tree
    }

    private func apply(_ layer: LayerReference, to tree: inout FileTree) throws {
        var reader = TarReader()
        var added: Set<String> = []
        var isOver = false
        let found = try LayerMembers(store: store).stream(layer.digest) { piece throws(AssemblerError) in
            guard !isOver else { return }
            var rest = piece
            do {
                while let event = try reader.next(&rest) {
                    switch event {
                    case .entry(let entry): Self.apply(entry, layer, to: &tree, &added)
                    case .endOfArchive:
                        isOver = true
                        return
                    default: break
                    }
                }
            } catch {
                throw .layer(layer.digest, "\(error)")
            }
            guard tree.nodes.count <= Self.maximumEntries else { throw .layer(layer.digest, "it has too many entries") }
        }
        guard found == layer.diffID else { throw AssemblerError.layer(layer.digest, "it unpacks to \(found)") }
    }

    private static func apply(
        _ entry: TarEntry,
        _ layer: LayerReference,
        to tree: inout FileTree,
        _ added: inout Set<String>
    ) {
        let path = PlatformBuild.clean(String(decoding: entry.path, as: UTF8.self))
        guard !path.isEmpty else { return }
        let name = FileTree.name(of: path)
        let folder = FileTree.parent(of: path)
        if name == ".wh..wh..opq" {
            for child in tree.descendants(of: folder).map({ FileTree.join(folder, $0) }) where !added.contains(child) {
                tree.remove(child)
            }
            return
        }
        if name.hasPrefix(".wh.") {
            tree.remove(FileTree.join(folder, String(name.dropFirst(4))))
            return
        }
        guard let node = node(entry, layer, tree) else { return }
        if !node.isFolder || tree[path]?.isFolder == false { tree.remove(path) }
        tree[path] = node
        added.insert(path)
    }

    private static func node(_ entry: TarEntry, _ layer: LayerReference, _ tree: FileTree) -> FileNode? {
        let kind: FileNode.Kind
        switch entry.kind {
        case .file:
            // A sparse file's bytes aren't in one piece: reading from before the start is refused when it is copied.
            let offset = entry.extents == nil ? entry.contentOffset : -1
            kind = .file(.member(layer: layer, offset: offset, size: entry.size))
        case .directory: kind = .folder
        case .symbolicLink: kind = .link(String(decoding: entry.linkName, as: UTF8.self))
        case .hardLink: return tree[PlatformBuild.clean(String(decoding: entry.linkName, as: UTF8.self))]
        case .pipe: kind = .pipe
        case .characterDevice, .blockDevice:
            kind = .device(
                isBlock: entry.kind == .blockDevice,
                major: UInt32(truncatingIfNeeded: entry.device.major),
                minor: UInt32(truncatingIfNeeded: entry.device.minor)
            )
        default: return nil
        }
        var node = FileNode(kind: kind, mode: UInt16(entry.mode & 0o7777))
        node.owner = Owner(uid: UInt32(truncatingIfNeeded: entry.uid), gid: UInt32(truncatingIfNeeded: entry.gid))
        node.modified = entry.modified
        for (key, value) in entry.extendedAttributes {
            node.extendedAttributes[String(decoding: key, as: UTF8.self)] = value
        }
        return node
    }
}
