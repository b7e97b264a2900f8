import ContentAddress
package import ImageFileSystem

/// An image's effective files by the paths that lead to them, symbolic links on the way followed.
package struct EffectiveFiles {
    private let tree = FileTree()
    private let files: [FilePath: AuditedFile]

    /// The files of an audit.
    package init(_ audit: PlatformAudit) {
        files = Dictionary(audit.files.map { ($0.path, $0) }) { first, _ in first }
        for file in audit.files {
            let inode = Inode(kind: file.kind, mode: file.mode, layer: file.layer, target: file.target)
            // What an audit has found is within the limits of a tree.
            try? tree.put(inode, at: file.path)
        }
    }

    /// What stands at a path; a symbolic link at its very end is not followed.
    package func file(at path: FilePath) -> AuditedFile? {
        tree.node(at: path, following: .parents).flatMap { files[$0.path] }
    }
}
