import ImageFileSystem
import OCI

/// Why a path leads to another file, or to none, in some containers of an image: engines mount over parts of it, and a
/// user can't enter every directory.
struct PathDoubt {
    private let tree: FileTree
    private let user: ContainerUser
    // The directories that the config declares as volumes.
    private let volumes: Set<ObjectIdentifier>
    // Whether podman and CRI-O take the command for systemd.
    private let isSystemd: Bool
    // Where links of the image lead engines with what they mount or put there: the runtime follows them.
    private let landings: [Landing: String]

    private struct Landing: Hashable {
        let directory: ObjectIdentifier
        let name: [UInt8]
    }

    init(_ image: ScannedImage) {
        tree = image.tree
        isSystemd = Self.isSystemd(ContainerEnvironment(image.execution).command)
        user = ContainerUser(image.execution?.user ?? "", in: image.tree)
        let declared = (image.execution?.volumes ?? [:]).keys.flatMap { [tree] volume in
            [FilePath(volume), FilePath(clamping: Array(volume.utf8))].compactMap { tree.node(at: $0) }
        }
        volumes = Set(declared.map { ObjectIdentifier($0) })
        landings = Self.landings(in: image.tree, isSystemd: isSystemd)
    }

    private static func landings(in tree: FileTree, isSystemd: Bool) -> [Landing: String] {
        var found: [Landing: String] = [:]
        let directories = leadingElsewhere + emptied + (isSystemd ? ["tmp", "var/log/journal"] : [])
        let places = directories.map { "/\($0)" } + replaced.map { "/etc/\($0)" } + [serviceAccount, "/.dockerenv"]
        for place in places {
            var last: (directory: TreeNode, name: [UInt8])?
            _ = tree.node(at: FilePath(place)) { last = ($0, $1) }
            guard let last else { continue }
            let path = FilePath(components: last.directory.path.components + [last.name]).description
            // What lies on the plain way is known by its name.
            guard path != place, !place.hasPrefix(path + "/") else { continue }
            found[Landing(directory: ObjectIdentifier(last.directory), name: last.name)] = place
        }
        return found
    }

    /// What is at a path, and what is unsure of it.
    struct Place {
        /// Nil where nothing is.
        let node: TreeNode?
        /// The directory on the way whose content is every container's own; what is found behind it says nothing.
        let mounted: String?
        /// Why not every container has what is there; nil where all do.
        let doubt: String?
        /// Whether engines may have something of theirs there, whatever the image has.
        var isForeign = false
    }

    /// What a process is about to do with a file.
    enum Use { case execute, load }

    /// Follows a path, for a file that is executed or loaded.
    func place(at path: FilePath, from start: TreeNode? = nil, for use: Use = .execute) -> Place {
        var mounted: String?
        // Words are made in the end: a long way may have one for each directory.
        var doubt: Doubt?
        let node = tree.node(at: path, from: start) { directory, name in
            if directory === tree.root {
                let text = String(decoding: name, as: UTF8.self)
                if Self.leadingElsewhere.contains(text) { mounted = text }
                if Self.emptied.contains(text) { doubt = .mounted("/\(text)") }
            }
            if isSystemd, Self.isOfSystemd(name, in: directory) {
                doubt = .mounted("/tmp and /var/log/journal where systemd is started")
            }
            if let foreign = foreign(name, in: directory) { doubt = foreign }
            if name.elementsEqual("serviceaccount".utf8), directory.name.elementsEqual("kubernetes.io".utf8) {
                doubt = .serviceAccount(directory)
            }
            if volumes.contains(ObjectIdentifier(directory)) {
                doubt = .volume(directory)
            } else if doubt?.isForeign != true, directory !== tree.root, !user.mayExecute(directory.inode) {
                doubt = .closed(directory)
            }
        }
        let isForeign = doubt?.isForeign == true
        guard let node else { return Place(node: nil, mounted: mounted, doubt: doubt?.words, isForeign: isForeign) }
        if doubt == nil, node.inode.kind == .file {
            switch use {
            case .execute where !user.mayExecute(node.inode): doubt = .notExecutable
            case .load where !user.mayRead(node.inode): doubt = .notReadable
            default: break
            }
        }
        return Place(node: node, mounted: mounted, doubt: doubt?.words, isForeign: isForeign)
    }

    // Of what engines put there themselves, by its name and behind the image's links.
    private func foreign(_ name: [UInt8], in directory: TreeNode) -> Doubt? {
        if !landings.isEmpty,
            let place = landings[Landing(directory: ObjectIdentifier(directory), name: name)]
        {
            return .linked(place)
        }
        if directory === tree.root {
            if name.elementsEqual(".dockerenv".utf8) { return .replaced }
            guard name.elementsEqual("etc".utf8), let node = directory.child(name) else { return nil }
            return node.inode.kind == .directory ? nil : .remade
        }
        guard directory.parent === tree.root, directory.name.elementsEqual("etc".utf8) else { return nil }
        return Self.replaced.contains(String(decoding: name, as: UTF8.self)) ? .replaced : nil
    }

    private enum Doubt {
        case mounted(String), serviceAccount(TreeNode), volume(TreeNode), closed(TreeNode)
        case linked(String)
        case replaced, remade, notExecutable, notReadable

        // Whether it is about what engines put there, and not about what the user may do.
        var isForeign: Bool {
            switch self {
            case .mounted, .serviceAccount, .volume, .linked, .replaced, .remade: true
            case .closed, .notExecutable, .notReadable: false
            }
        }

        var words: String {
            switch self {
            case .mounted(let place): "some engines mount over \(place)"
            case .serviceAccount(let directory): "Kubernetes mounts over \(directory.path)/serviceaccount"
            case .volume(let directory): "some engines mount an empty directory over the volume \(directory.path)"
            case .closed(let directory): "not every user may enter \(directory.path)"
            case .linked(let place): "some engines follow the image's link and have there what they have at \(place)"
            case .remade: "Docker makes a directory of /etc, where the image has a link or file"
            case .replaced: "some engines mount a file of theirs over it"
            case .notExecutable: "not every user may execute it"
            case .notReadable: "not every user may read it"
            }
        }
    }

    // What stands there in a container leads to other places: /proc/self/root is the root, /dev/fd what is open.
    private static let leadingElsewhere = ["proc", "dev"]
    // Docker's and others' own files in /etc; Docker makes a link to /proc/mounts of mtab.
    private static let replaced: Set = ["hosts", "hostname", "resolv.conf", "mtab"]
    private static let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
    // Containerd's own client mounts an empty directory over /run.
    private static let emptied = ["sys", "run"]

    // For systemd, podman and CRI-O mount file systems over /tmp and /var/log/journal, too; CRI-O's has nothing that may be
    // executed.
    private static func isOfSystemd(_ name: some Sequence<UInt8>, in directory: TreeNode) -> Bool {
        if directory.depth == 0 { return name.elementsEqual("tmp".utf8) }
        return name.elementsEqual("journal".utf8) && directory.depth == 2 && directory.path.description == "/var/log"
    }

    // Both go by the last name of the first word, podman also by words that a shell is given.
    private static func isSystemd(_ command: [String]) -> Bool {
        command.flatMap { $0.split(whereSeparator: \.isWhitespace) }.contains { word in
            let name = word.utf8.split(separator: UInt8(ascii: "/")).last ?? word.utf8
            return name.elementsEqual("systemd".utf8) || name.elementsEqual("init".utf8)
        }
    }
}
