import ELF
import ImageFileSystem

/// A program or library as the loader has it: what it was loaded for counts, too.
final class LoadedFile {
    let facts: ELFFile
    let path: FilePath
    /// What needs it; nil for the program.
    let loader: LoadedFile?

    init(_ facts: ELFFile, at path: FilePath, for loader: LoadedFile?) {
        self.facts = facts
        self.path = path
        self.loader = loader
    }
}

/// Where the dynamic linker finds a library in an image (ld.so(8) for glibc; musl's `dynlink.c` order for musl).
struct LibrarySearch {
    private let tree: FileTree
    private let environment: ContainerEnvironment
    private let systemFolders: [String]
    private let machine: ELFMachine
    private let isMusl: Bool
    // Paths that may still be looked at: a chain of libraries with long lists can't take for ever.
    private var budget = 200_000

    init(_ tree: FileTree, environment: ContainerEnvironment, program: ELFFile) {
        self.tree = tree
        self.environment = environment
        machine = program.machine
        if let interpreter = program.interpreter, interpreter.contains("/ld-musl-") {
            isMusl = true
            systemFolders = Self.muslFolders(tree, interpreter)
        } else {
            isMusl = false
            systemFolders = Self.configured(tree) + Self.usual(program)
        }
    }

    /// The library of a name that a file needs; nil where none of the folders has it, or only for another machine.
    mutating func find(_ name: String, for file: LoadedFile) -> TreeNode? {
        if name.contains("/") { return tree.node(at: FilePath(name)) }
        if isMusl {
            return look(for: name, in: environment.libraryPath) ?? inherited(name, for: file) {
                $0.runPath ?? $0.rPath
            } ?? look(for: name, in: systemFolders)
        }
        // DT_RPATH counts, its own and that of all above, only where there is no DT_RUNPATH, which isn't handed down.
        var node: TreeNode?
        if file.facts.runPath == nil { node = inherited(name, for: file) { $0.runPath == nil ? $0.rPath : nil } }
        return node ?? look(for: name, in: environment.libraryPath)
            ?? look(for: name, in: folders(file.facts.runPath, of: file)) ?? look(for: name, in: systemFolders)
    }

    private mutating func inherited(
        _ name: String,
        for file: LoadedFile,
        _ list: (ELFFile) -> String?
    ) -> TreeNode? {
        var next: LoadedFile? = file
        while let file = next, budget > 0 {
            budget -= 1
            if let node = look(for: name, in: folders(list(file.facts), of: file)) { return node }
            next = file.loader
        }
        return nil
    }

    private mutating func look(for name: String, in folders: [String]) -> TreeNode? {
        for folder in folders where budget > 0 {
            budget -= 1
            guard let node = tree.node(at: FilePath(folder + "/" + name)), node.inode.kind == .file else { continue }
            // A library for another machine is passed over, as the loader does.
            if let header = ELFMachineHeader(node.inode.head), header.machine != machine { continue }
            return node
        }
        return nil
    }

    private func folders(_ text: String?, of file: LoadedFile) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        let origin = file.path.parent.description
        return text.split(separator: ":").map { folder in
            var result = ""
            var rest = folder
            while !rest.isEmpty {
                if let token = ["${ORIGIN}", "$ORIGIN"].first(where: { rest.hasPrefix($0) }) {
                    result += origin
                    rest = rest.dropFirst(token.count)
                } else {
                    result.append(rest.removeFirst())
                }
            }
            return result
        }
    }

    // The cache that ldconfig makes has the folders of its configuration, which is text and easier to trust.
    private static func configured(_ tree: FileTree) -> [String] {
        var folders: [String] = []
        var files = ["/etc/ld.so.conf"]
        var seen: Set<String> = []
        while !files.isEmpty, seen.count < 200 {
            let file = files.removeFirst()
            guard seen.insert(file).inserted, let inode = tree.inode(at: FilePath(file)) else { continue }
            for line in String(decoding: inode.head, as: UTF8.self).split(separator: "\n") {
                let text = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
                if text.first == "include" {
                    files += text.dropFirst().flatMap { expand(String($0), tree) }
                } else if let folder = text.first, folder.hasPrefix("/") {
                    folders.append(String(folder))
                }
            }
        }
        return folders
    }

    // `include /etc/ld.so.conf.d/*.conf` is the only form in use.
    private static func expand(_ pattern: String, _ tree: FileTree) -> [String] {
        guard let slash = pattern.lastIndex(of: "/"), pattern.hasPrefix("/") else { return [] }
        let folder = String(pattern[..<slash])
        let name = pattern[pattern.index(after: slash)...]
        guard let star = name.firstIndex(of: "*") else { return [pattern] }
        let (prefix, suffix) = (Array(name[..<star].utf8), Array(name[name.index(after: star)...].utf8))
        guard let node = tree.node(at: FilePath(folder)) else { return [] }
        return node.sortedChildren.filter { child in
            child.name.count >= prefix.count + suffix.count && child.name.starts(with: prefix)
                && child.name.suffix(suffix.count).elementsEqual(suffix)
        }.map { folder + "/" + String(decoding: $0.name, as: UTF8.self) }
    }

    private static func usual(_ program: ELFFile) -> [String] {
        let is64Bit = program.elfClass == .elf64
        let folders = is64Bit ? ["/lib64", "/usr/lib64", "/lib", "/usr/lib"] : ["/lib", "/usr/lib"]
        // Debian builds these into its loader.
        let triplet: String? =
            switch program.architecture {
            case "amd64": "x86_64-linux-gnu"
            case "arm64": "aarch64-linux-gnu"
            case "arm": "arm-linux-gnueabihf"
            case "386": "i386-linux-gnu"
            case "riscv64": "riscv64-linux-gnu"
            case "ppc64le": "powerpc64le-linux-gnu"
            case "s390x": "s390x-linux-gnu"
            default: nil
            }
        return (triplet.map { ["/lib/\($0)", "/usr/lib/\($0)"] } ?? []) + folders
    }

    private static func muslFolders(_ tree: FileTree, _ interpreter: String) -> [String] {
        let name = String(decoding: FilePath(interpreter).lastName, as: UTF8.self)
        let file = "/etc/" + name.replacing(".so.1", with: ".path")
        guard let inode = tree.inode(at: FilePath(file)), inode.size > 0 else {
            return ["/lib", "/usr/local/lib", "/usr/lib"]
        }
        return String(decoding: inode.head, as: UTF8.self).split { $0 == ":" || $0 == "\n" }.map { String($0) }
    }
}
