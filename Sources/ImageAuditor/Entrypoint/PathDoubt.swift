import ImageFileSystem
import OCI

/// Why a path leads to another file, or to none, in some containers of an image: engines mount over parts of it, and a
/// user can't enter every directory.
struct PathDoubt {
    private let tree: FileTree
    private let user: ContainerUser
    // The directories that the config declares as volumes.
    private let volumes: Set<ObjectIdentifier>

    init(_ image: ScannedImage) {
        tree = image.tree
        user = ContainerUser(image.execution?.user ?? "", in: image.tree)
        let declared = (image.execution?.volumes ?? [:]).keys.flatMap { [tree] volume in
            [FilePath(volume), FilePath(clamping: Array(volume.utf8))].compactMap { tree.node(at: $0) }
        }
        volumes = Set(declared.map { ObjectIdentifier($0) })
    }

    /// What is at a path, and what is unsure of it.
    struct Place {
        /// Nil where nothing is.
        let node: TreeNode?
        /// The directory on the way whose content is every container's own; what is found behind it says nothing.
        let mounted: String?
        /// Why not every container has what is there; nil where all do.
        let doubt: String?
    }

    /// What a process is about to do with a file.
    enum Use { case execute, load }

    /// Follows a path, for a file that is executed or loaded.
    func place(at path: FilePath, from start: TreeNode? = nil, for use: Use = .execute) -> Place {
        var mounted: String?
        var doubt: String?
        let node = tree.node(at: path, from: start) { directory, name in
            if directory === tree.root {
                let text = String(decoding: name, as: UTF8.self)
                if Self.leadingElsewhere.contains(text) { mounted = text }
                if Self.emptied.contains(text) { doubt = "some engines mount over /\(text)" }
            }
            if name.elementsEqual("serviceaccount".utf8), directory.name.elementsEqual("kubernetes.io".utf8) {
                doubt = "Kubernetes mounts over \(directory.path)/serviceaccount"
            }
            if volumes.contains(ObjectIdentifier(directory)) {
                doubt = "some engines mount an empty directory over the volume \(directory.path)"
            } else if directory !== tree.root, !user.mayExecute(directory.inode) {
                doubt = "not every user may enter \(directory.path)"
            }
        }
        guard let node else { return Place(node: nil, mounted: mounted, doubt: doubt) }
        if Self.replaced.contains(node.path.description) { doubt = "some engines mount a file of theirs over it" }
        if doubt == nil, node.inode.kind == .file {
            switch use {
            case .execute where !user.mayExecute(node.inode): doubt = "not every user may execute it"
            case .load where !user.mayRead(node.inode): doubt = "not every user may read it"
            default: break
            }
        }
        return Place(node: node, mounted: mounted, doubt: doubt)
    }

    // What stands there in a container leads to other places: /proc/self/root is the root, /dev/fd what is open.
    private static let leadingElsewhere = ["proc", "dev"]
    // Docker's and others' own files.
    private static let replaced: Set = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/.dockerenv"]
    // Containerd's own client mounts an empty directory over /run.
    private static let emptied = ["sys", "run"]
}
