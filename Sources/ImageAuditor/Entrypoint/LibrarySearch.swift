internal import ELF
internal import ImageFileSystem

/// Where the dynamic linker finds a library in an image (ld.so(8) for glibc; musl's `dynlink.c` order for musl).
struct LibrarySearch {
    private let tree: FileTree
    private let environment: ContainerEnvironment
    private let systemFolders: [String]
    private let machine: ELFMachine

    init(_ tree: FileTree, environment: ContainerEnvironment, program: ELFFile) {
        self.tree = tree
        self.environment = environment
        machine = program.machine
        if let interpreter = program.interpreter, interpreter.contains("/ld-musl-") {
            systemFolders = Self.muslFolders(tree, interpreter)
        } else {
            systemFolders = Self.configured(tree) + Self.usual(program)
        }
    }

    /// The library of a name that a file needs; nil where none of the folders has it, or only for another machine.
    func find(_ name: String, for facts: ELFFile, at path: FilePath) -> TreeNode? {
        if name.contains("/") { return tree.node(at: FilePath(name)) }
        let origin = path.parent.description
        let runPath = folders(facts.runPath, origin)
        // DT_RPATH counts only where there is no DT_RUNPATH.
        let rPath = runPath.isEmpty ? folders(facts.rPath, origin) : []
        for folder in rPath + environment.libraryPath + runPath + systemFolders {
            guard let node = tree.node(at: FilePath(folder + "/" + name)), node.inode.kind == .file else { continue }
            // A library for another machine is passed over, as the loader does.
            if let header = ELFMachineHeader(node.inode.head), header.machine != machine { continue }
            return node
        }
        return nil
    }

    private func folders(_ text: String?, _ origin: String) -> [String] {
        (text ?? "").split(separator: ":").map { folder in
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
