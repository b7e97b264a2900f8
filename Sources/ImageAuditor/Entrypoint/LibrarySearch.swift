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
    private let systemDirectories: [String]
    private let machine: ELFMachine
    /// musl's loader, which is its C library, too; nil for glibc.
    private let musl: String?
    /// What `$LIB` may stand for: it is built into the loader, by the distribution.
    private let libraryDirectories: [String]
    /// What `$PLATFORM` stands for (AT_PLATFORM of getauxval(3)).
    private let platformName: String
    // Paths that may still be looked at: a chain of libraries with long lists can't take for ever.
    private var budget = 200_000

    init(_ tree: FileTree, environment: ContainerEnvironment, program: ELFFile) {
        self.tree = tree
        self.environment = environment
        machine = program.machine
        let triplet = Self.triplet(program)
        libraryDirectories = (triplet.map { ["lib/\($0)"] } ?? []) + [program.elfClass == .elf64 ? "lib64" : "lib"]
        platformName = triplet.map { String($0.prefix { $0 != "-" }) } ?? ""
        if let interpreter = program.interpreter, interpreter.contains("/ld-musl-") {
            musl = interpreter
            systemDirectories = Self.muslDirectories(tree, interpreter)
        } else {
            musl = nil
            systemDirectories = Self.configured(tree) + Self.usual(program)
        }
    }

    /// The library of a name that a file needs; nil where none of the directories has it, or only for another machine.
    mutating func find(_ name: String, for file: LoadedFile) -> TreeNode? {
        if name.contains("/") { return tree.node(at: FilePath(name)) }
        if let musl {
            if Self.isPart(ofMusl: name) { return tree.node(at: FilePath(musl)) }
            return look(for: name, in: environment.libraryPath) ?? inherited(name, for: file) {
                $0.runPath ?? $0.rPath
            } ?? look(for: name, in: systemDirectories)
        }
        // DT_RPATH counts, its own and that of all above, only where there is no DT_RUNPATH, which isn't handed down.
        var node: TreeNode?
        if file.facts.runPath == nil { node = inherited(name, for: file) { $0.runPath == nil ? $0.rPath : nil } }
        return node ?? look(for: name, in: environment.libraryPath)
            ?? look(for: name, in: directories(file.facts.runPath, of: file)) ?? look(for: name, in: systemDirectories)
    }

    private mutating func inherited(
        _ name: String,
        for file: LoadedFile,
        _ list: (ELFFile) -> String?
    ) -> TreeNode? {
        var next: LoadedFile? = file
        while let file = next, budget > 0 {
            budget -= 1
            if let node = look(for: name, in: directories(list(file.facts), of: file)) { return node }
            next = file.loader
        }
        return nil
    }

    private mutating func look(for name: String, in directories: [String]) -> TreeNode? {
        for directory in directories where budget > 0 {
            budget -= 1
            guard let node = tree.node(at: FilePath(directory + "/" + name)), node.inode.kind == .file else { continue }
            // A library for another machine is passed over, as the loader does.
            if let header = ELFMachineHeader(node.inode.head), header.machine != machine { continue }
            return node
        }
        return nil
    }

    private func directories(_ text: String?, of file: LoadedFile) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        let origin = file.path.parent.description
        return text.split(separator: ":").flatMap { directory in
            libraryDirectories.reduce(into: []) { all, library in
                let values = ["ORIGIN": origin, "LIB": library, "PLATFORM": platformName]
                let directory = Self.expand(directory, values)
                if !all.contains(directory) { all.append(directory) }
            }
        }
    }

    // Dynamic string tokens (ld.so(8)).
    private static func expand(_ directory: Substring, _ values: [String: String]) -> String {
        var result = ""
        var rest = directory
        while !rest.isEmpty {
            if let (name, value) = values.first(where: {
                rest.hasPrefix("$\($0.key)") || rest.hasPrefix("${\($0.key)}")
            }) {
                result += value
                rest = rest.dropFirst(name.count + (rest.hasPrefix("${") ? 3 : 1))
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }

    // The cache that ldconfig makes has the directories of its configuration, which is text and easier to trust.
    private static func configured(_ tree: FileTree) -> [String] {
        var directories: [String] = []
        var files = ["/etc/ld.so.conf"]
        var seen = Set(files)
        var steps = largestConfiguration
        var next = 0
        while next < files.count, steps > 0 {
            let file = files[next]
            next += 1
            steps -= 1
            guard let inode = tree.inode(at: FilePath(file)) else { continue }
            for line in String(decoding: inode.head, as: UTF8.self).split(separator: "\n") where steps > 0 {
                steps -= 1
                let text = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
                if text.first == "include" {
                    for pattern in text.dropFirst() where steps > 0 {
                        files += expand(String(pattern), in: file, tree, &steps).filter { seen.insert($0).inserted }
                    }
                } else if let directory = text.first, directory.hasPrefix("/"), seen.insert("\(directory)/").inserted {
                    directories.append(String(directory))
                }
            }
        }
        return directories
    }

    // Lines, files and names that patterns are held against: a small file may name all others again and again.
    private static let largestConfiguration = 20_000

    // Patterns in use have one star, in the last name. A relative one goes from its file's directory.
    private static func expand(
        _ text: String,
        in file: String,
        _ tree: FileTree,
        _ steps: inout Int
    ) -> [String] {
        let pattern = text.hasPrefix("/") ? text : FilePath(file).parent.description + "/" + text
        guard let slash = pattern.lastIndex(of: "/") else { return [] }
        let directory = String(pattern[..<slash])
        let name = pattern[pattern.index(after: slash)...]
        guard let star = name.firstIndex(of: "*") else { return [pattern] }
        let (prefix, suffix) = (Array(name[..<star].utf8), Array(name[name.index(after: star)...].utf8))
        guard let node = tree.node(at: FilePath(directory)) else { return [] }
        let children = node.sortedChildren
        steps -= children.count
        return children.filter { child in
            child.name.count >= prefix.count + suffix.count && child.name.starts(with: prefix)
                && child.name.suffix(suffix.count).elementsEqual(suffix)
        }.map { directory + "/" + String(decoding: $0.name, as: UTF8.self) }
    }

    private static func usual(_ program: ELFFile) -> [String] {
        let is64Bit = program.elfClass == .elf64
        let directories = is64Bit ? ["/lib64", "/usr/lib64", "/lib", "/usr/lib"] : ["/lib", "/usr/lib"]
        return (triplet(program).map { ["/lib/\($0)", "/usr/lib/\($0)"] } ?? []) + directories
    }

    /// Debian builds a directory of this name into its loader.
    private static func triplet(_ program: ELFFile) -> String? {
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
    }

    // These are the loader itself, whatever lies in the image (`load_library` in musl's dynlink.c).
    private static func isPart(ofMusl name: String) -> Bool {
        guard name.hasPrefix("lib") else { return false }
        let rest = name.dropFirst(3)
        return ["c.", "pthread.", "rt.", "m.", "dl.", "util.", "xnet."].contains { rest.hasPrefix($0) }
    }

    private static func muslDirectories(_ tree: FileTree, _ interpreter: String) -> [String] {
        let name = String(decoding: FilePath(interpreter).lastName, as: UTF8.self)
        let file = "/etc/" + name.replacing(".so.1", with: ".path")
        guard let inode = tree.inode(at: FilePath(file)), inode.size > 0 else {
            return ["/lib", "/usr/local/lib", "/usr/lib"]
        }
        return String(decoding: inode.head, as: UTF8.self).split { $0 == ":" || $0 == "\n" }.map { String($0) }
    }
}
