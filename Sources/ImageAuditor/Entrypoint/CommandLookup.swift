import ImageFileSystem
import OCI

/// Finds the file that a word of a command stands for, as runtimes do: a word without a slash in the directories of the
/// PATH, the first one that may be executed (`exec.LookPath` of Go, which runc uses; execvp(3)).
struct CommandLookup {
    private let tree: FileTree
    private let environment: ContainerEnvironment
    private let isLinux: Bool
    private let paths: PathDoubt
    private let memory = Memory()

    // What words lead to: a command may have a word ten thousand times, and the PATH as many directories.
    private final class Memory {
        var found: [String: TreeNode?] = [:]
        var budget = 400_000
    }

    /// Whether more places would have to be looked at than are: words that weren't looked for lead nowhere then.
    var isSpent: Bool { memory.budget <= 0 }

    /// A place that a word may stand for.
    private struct Place {
        let path: String
        /// Why not every runtime looks there; nil where all do.
        let doubt: String?
    }

    init(_ image: ScannedImage) {
        tree = image.tree
        environment = ContainerEnvironment(image.execution)
        isLinux = image.parsedPlatform?.os ?? "linux" == "linux"
        paths = PathDoubt(image)
    }

    /// What a word stands for, whoever runs it; nil where it leads nowhere.
    func find(_ word: String) -> TreeNode? {
        if let known = memory.found[word] { return known }
        let isPath = word.utf8.contains(UInt8(ascii: "/"))
        memory.budget -= 1 + word.utf8.count / 64 + (isPath ? 0 : environment.path.count)
        guard !isSpent else { return nil }
        let node = look(for: word)
        memory.found.updateValue(node, forKey: word)
        return node
    }

    private func look(for word: String) -> TreeNode? {
        if word.utf8.contains(UInt8(ascii: "/")) {
            // Engines make a working directory that isn't there.
            return Self.readings(Place(path: environment.absolute(word), doubt: nil)).lazy
                .compactMap { tree.node(at: FilePath($0.path)) }.first
        }
        let found = places(of: word).dropFirst(word.hasPrefix(".") ? 1 : 0)
        return found.lazy.compactMap { tree.node(at: FilePath($0.path)) }.first(where: \.inode.isExecutable)
    }

    private func places(of word: String) -> [Place] {
        guard !word.utf8.contains(UInt8(ascii: "/")) else {
            return [Place(path: environment.absolute(word), doubt: nil)]
        }
        // runc looks in the PATH; crun of before 1.21 takes such a word for a path.
        let hidden = Place(
            path: environment.absolute(word),
            doubt: "some runtimes look for it in the working directory"
        )
        // To crun an empty name is the root.
        let root = Place(
            path: "/" + word,
            doubt: "some runtimes look for it in the root where the PATH has an empty name"
        )
        let directories = environment.path.flatMap { directory -> [Place] in
            let isAbsolute = directory.utf8.first == UInt8(ascii: "/")
            let doubt = isAbsolute ? nil : "runtimes of other versions don't look in '\(directory)' of the PATH"
            let place = Place(path: environment.absolute(directory) + "/" + word, doubt: doubt)
            return directory.isEmpty ? [root, place] : [place]
        }
        return (word.hasPrefix(".") ? [hidden] : []) + (environment.path.isEmpty ? [root] : directories)
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
        if let name = environment.unclearVariable {
            return "Env has \(name) without a value, of which engines make different ones"
        }
        if let doubt = doubt(first) { return doubt }
        guard let node = find(first) else { return nil }
        let shell = ShellCommand(
            first,
            program: String(decoding: node.name, as: UTF8.self),
            arguments: environment.command.dropFirst()
        )
        if let word = shell?.firstWord, !word.utf8.contains(UInt8(ascii: "/")),
            let directory = environment.path.first(where: Self.hasSigns)
        {
            return "a shell looks for '\(word)', and shells read '\(directory)' in the PATH in ways of their own"
        }
        return (shell?.firstWord ?? ScriptLine(node.inode.head)?.environmentProgram).flatMap { doubt($0) }
    }

    // To bash ~ is the home directory there; to dash and busybox what follows % makes a file of the directory a script of
    // functions; to ksh93 one directory stands for its own commands.
    private static func hasSigns(_ directory: String) -> Bool {
        directory.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "%") } || directory == "/opt/ast/bin"
    }

    private func doubt(_ word: String) -> String? {
        var unsure: (node: TreeNode, reason: String)?
        for place in places(of: word).flatMap(Self.readings) {
            let found = paths.place(at: FilePath(place.path))
            if let mounted = found.mounted { return "'\(word)' is looked for in /\(mounted), which engines mount over" }
            guard let node = found.node, node.inode.isExecutable || node.inode.wasExecutable else { continue }
            let bit = node.inode.isExecutable ? nil : "some engines leave it the executable bit that a hard link takes"
            if let unsure, node.inode.digest != unsure.node.inode.digest {
                return "'\(word)' is \(unsure.node.path) or \(node.path): \(unsure.reason)"
            }
            guard let doubt = bit ?? found.doubt ?? place.doubt else { return nil }
            unsure = unsure ?? (node, doubt)
        }
        return nil
    }

    // Go's programs resolve `..` by the text, and shells and the kernel behind what a link leads to.
    private static func readings(_ place: Place) -> [Place] {
        guard FilePath(place.path).components.contains(where: { $0.elementsEqual("..".utf8) }) else { return [place] }
        let doubt = place.doubt ?? "runtimes and shells resolve '..' in different orders"
        let cleaned = FilePath(clamping: Array(place.path.utf8)).description
        return [Place(path: place.path, doubt: doubt), Place(path: cleaned, doubt: doubt)]
    }
}
