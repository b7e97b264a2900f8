import ImageFileSystem
import OCI

/// Finds the file that a word of a command stands for, as runtimes do: a word without a slash in the directories of the
/// PATH, the first one that may be executed (`exec.LookPath` of Go, which runc uses; execvp(3)).
struct CommandLookup {
    private let tree: FileTree
    private let environment: ContainerEnvironment
    private let user: ContainerUser
    private let isLinux: Bool
    // The directories that the config declares as volumes.
    private let volumes: Set<ObjectIdentifier>

    /// A place that a word may stand for.
    private struct Place {
        let path: String
        /// Why not every runtime looks there; nil where all do.
        let doubt: String?
    }

    init(_ image: ScannedImage) {
        tree = image.tree
        environment = ContainerEnvironment(image.execution)
        user = ContainerUser(image.execution?.user ?? "")
        isLinux = image.parsedPlatform?.os ?? "linux" == "linux"
        let declared = (image.execution?.volumes ?? [:]).keys.compactMap { [tree] in tree.node(at: FilePath($0)) }
        volumes = Set(declared.map { ObjectIdentifier($0) })
    }

    /// What a word stands for, whoever runs it; nil where it leads nowhere.
    func find(_ word: String) -> TreeNode? {
        if word.utf8.contains(UInt8(ascii: "/")) { return tree.node(at: FilePath(environment.absolute(word))) }
        return places(of: word).lazy.compactMap { tree.node(at: FilePath($0.path)) }.first(where: \.inode.isExecutable)
    }

    private func places(of word: String) -> [Place] {
        guard !word.utf8.contains(UInt8(ascii: "/")) else {
            return [Place(path: environment.absolute(word), doubt: nil)]
        }
        return environment.path.map { directory in
            let isAbsolute = directory.utf8.first == UInt8(ascii: "/")
            let doubt = isAbsolute ? nil : "runtimes of other versions don't look in '\(directory)' of the PATH"
            return Place(path: environment.absolute(directory) + "/" + word, doubt: doubt)
        }
    }

    /// Why engines start different files for the command, or another one than the image has at that place; nil where
    /// all start the same.
    ///
    /// It needs the modes and owners of directories, which aren't recorded.
    func doubt() -> String? {
        guard isLinux, let first = environment.command.first else { return nil }
        if environment.entrypoint == [""], environment.command.count > 1 {
            return "the Entrypoint is one empty word: Docker leaves it out and starts '\(environment.command[1])'"
        }
        guard !first.isEmpty else { return nil }
        if let doubt = doubt(first) { return doubt }
        guard let node = find(first) else { return nil }
        let shell = ShellCommand(
            first,
            program: String(decoding: node.name, as: UTF8.self),
            arguments: environment.command.dropFirst()
        )
        return (shell?.firstWord ?? ScriptLine(node.inode.head)?.environmentProgram).flatMap { doubt($0) }
    }

    private func doubt(_ word: String) -> String? {
        var unsure: (node: TreeNode, reason: String)?
        for place in places(of: word) {
            var mounted: String?
            var doubt = place.doubt
            let node = tree.node(at: FilePath(place.path)) { directory, name in
                if directory === tree.root {
                    let text = String(decoding: name, as: UTF8.self)
                    if Self.leadingElsewhere.contains(text) { mounted = text }
                    if Self.emptied.contains(text) { doubt = "some engines mount over /\(text)" }
                }
                if volumes.contains(ObjectIdentifier(directory)) {
                    doubt = "some engines mount an empty directory over the volume \(directory.path)"
                } else if directory !== tree.root, !user.mayExecute(directory.inode) {
                    doubt = "not every user may enter \(directory.path)"
                }
            }
            if let mounted { return "'\(word)' is looked for in /\(mounted), which engines mount over" }
            guard let node, node.inode.isExecutable else { continue }
            if Self.replaced.contains(node.path.description) { doubt = "some engines mount a file of theirs over it" }
            if doubt == nil, !user.mayExecute(node.inode) { doubt = "not every user may execute it" }
            if let unsure, node.inode.digest != unsure.node.inode.digest {
                return "'\(word)' is \(unsure.node.path) or \(node.path): \(unsure.reason)"
            }
            guard let doubt else { return nil }
            unsure = unsure ?? (node, doubt)
        }
        return nil
    }

    // What stands there in a container leads to other places: /proc/self/root is the root, /dev/fd what is open.
    private static let leadingElsewhere = ["proc", "dev"]
    // Docker's and others' own files.
    private static let replaced: Set = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/.dockerenv"]
    // Containerd's own client mounts an empty directory over /run.
    private static let emptied = ["sys", "run"]
}
