import ArtifactStore
import ContentAddress
import Foundation
import ImageFileSystem

extension FileTree {
    /// Fills an empty tree with what an earlier audit recorded.
    ///
    /// Throws ``RecordError`` where the record isn't what this program writes.
    func add(_ files: [AuditRecord.File], _ facts: ImageFacts) throws(RecordError) {
        let heads = Dictionary((facts.heads ?? []).map { ($0.path.path, Array($0.bytes)) }) { first, _ in first }
        let capable = Set((facts.capable ?? []).map(\.path))
        for file in files {
            let path = FilePath(raw: file.path)
            let inode = Inode(
                kind: .file,
                digest: file.digest,
                size: file.size,
                mode: file.mode,
                layer: file.layer,
                head: heads[path] ?? [],
                extendedAttributes: capable.contains(path) ? [Inode.capabilityName: []] : [:]
            )
            try put(inode, at: path)
        }
        for other in facts.others ?? [] {
            guard let kind = Inode.Kind(word: other.kind) else { throw RecordError("there is a '\(other.kind)'") }
            let inode = Inode(kind: kind, mode: other.mode, layer: other.layer, target: Array(other.target ?? .init()))
            try put(inode, at: other.path.path)
        }
    }

    /// Puts something at a path, with the directories that lead to it.
    func put(_ inode: Inode, at path: FilePath) throws(RecordError) {
        var node = root
        for name in path.components.dropLast() {
            if let next = node.child(name) {
                node = next
            } else {
                let directory = Inode(kind: .directory, mode: 0o755, layer: inode.layer)
                guard let made = attach(name, to: node, inode: directory, layer: inode.layer) else {
                    throw RecordError("\(path) is beyond the limits")
                }
                node = made
            }
        }
        guard attach(path.lastName, to: node, inode: inode, layer: inode.layer) != nil else {
            throw RecordError("\(path) is beyond the limits")
        }
    }
}
