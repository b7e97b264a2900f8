import ELF
import ImageFileSystem

/// Where the dynamic linker finds a library in an image (ld.so(8) for glibc; musl's `dynlink.c` order for musl).
struct LibrarySearch {
    private let tree: FileTree
    private let environment: ContainerEnvironment
    private let systemDirectories: [Directory]
    private let machine: ELFMachine
    /// musl's loader, which is its C library, too; nil for glibc.
    private let musl: String?
    /// What `$LIB` may stand for: it is built into the loader, by the distribution.
    private let libraryDirectories: [String]
    /// What `$PLATFORM` stands for (AT_PLATFORM of getauxval(3)).
    private let platformName: String
    // Nil where the directories aren't known.
    private let paths: PathDoubt?
    // Whether the loader goes by less of the environment, where the engine lets the program have its privileges.
    private let isPrivileged: Bool
    /// Why engines load different libraries of one name; nil while they load the same.
    private(set) var doubt: String?
    private var unsure: [(node: TreeNode, reason: String)] = []
    /// Of what was last found, the files of which the loader takes one: by what is built into it, or by its cache.
    private(set) var choices: [TreeNode] = []
    private var seen: Set<ObjectIdentifier> = []
    private var ways: [ObjectIdentifier: FilePath] = [:]
    private var expanded: [String: [Directory]] = [:]
    // Paths that may still be looked at: a chain of libraries with long lists can't take for ever.
    private var budget = 200_000

    init(
        _ tree: FileTree,
        environment: ContainerEnvironment,
        program: ELFFile,
        paths: PathDoubt? = nil,
        isPrivileged: Bool = false
    ) {
        self.tree = tree
        self.paths = paths
        self.isPrivileged = isPrivileged
        self.environment = environment
        machine = program.machine
        let triplet = Self.triplet(program)
        libraryDirectories =
            (triplet.map { ["lib/\($0)"] } ?? []) + (program.elfClass == .elf64 ? ["lib64"] : []) + ["lib"]
        platformName = triplet.map { String($0.prefix { $0 != "-" }) } ?? ""
        if let interpreter = program.interpreter, interpreter.contains("/ld-musl-") {
            musl = interpreter
            systemDirectories = Self.muslDirectories(tree, interpreter)
        } else {
            musl = nil
            // The loader reads no configuration: it has the directories that its distribution built into it, and the
            // cache, in which ldconfig wrote what the configured ones had when it ran.
            systemDirectories = (Self.configured(tree) + Self.usual(program)).map { Directory($0, isOwnChoice: true) }
        }
        // What the loader reads before it looks.
        let list = musl.map(Self.muslList) ?? "/etc/ld.so.cache"
        guard let place = paths?.place(at: FilePath(list), for: .load) else { return }
        if let mounted = place.mounted {
            doubt = "\(list) leads into /\(mounted), which engines mount over"
        } else if place.isForeign, let reason = place.doubt {
            doubt = "\(list) tells where libraries are: \(reason)"
        }
    }

    /// A directory that is looked into.
    private struct Directory {
        let path: String
        /// Whether that rests on what isn't in the image as text: the loader's own directories, and its cache.
        let isOwnChoice: Bool

        init(_ path: String, isOwnChoice: Bool = false) { (self.path, self.isOwnChoice) = (path, isOwnChoice) }
    }

    /// The files that a library of a name may be, by processor, engine and loader; empty where none of the directories has
    /// it, or only for another machine.
    mutating func find(_ name: String, for file: LoadedFile) -> [TreeNode] {
        var found: [TreeNode] = []
        (unsure, choices, seen, ways) = ([], [], [], [:])
        _ = search(name, for: file, &found)
        for (node, reason) in unsure where doubt == nil {
            guard let other = found.last(where: { $0.inode.digest != node.inode.digest }) else { continue }
            doubt = "the library '\(name)' is \(node.path) or \(other.path): \(reason)"
        }
        return found
    }

    /// Whether there are more directories than are looked into.
    var isSpent: Bool { budget <= 0 }

    /// The path by which a library that was last found was, links not followed: its `$ORIGIN` goes by that.
    func path(of library: TreeNode) -> FilePath { ways[ObjectIdentifier(library)] ?? library.path }

    /// glibc's list of the libraries in the configured directories, which it goes by; nil where there is none.
    var cache: TreeNode? { musl == nil ? tree.node(at: FilePath("/etc/ld.so.cache")) : nil }

    // True once a library is found that every processor loads.
    private mutating func search(_ name: String, for file: LoadedFile, _ found: inout [TreeNode]) -> Bool {
        if name.utf8.contains(UInt8(ascii: "/")) { return take(environment.absolute(name), &found) }
        if let musl {
            if Self.isPart(ofMusl: name) { return take(musl, &found) }
            // musl passes empty names over.
            return look(for: name, in: libraryPath(for: file), &found, Self.privileged)
                || inherited(name, for: file, &found) { $0.runPath ?? $0.rPath }
                || look(for: name, in: systemDirectories, &found)
        }
        // DT_RPATH counts, its own and that of all above, only where there is no DT_RUNPATH, which isn't handed down.
        let hasRunPath = file.facts.runPath != nil
        if !hasRunPath, inherited(name, for: file, &found, { $0.runPath == nil ? $0.rPath : nil }) { return true }
        return look(for: name, in: libraryPath(for: file), &found, Self.privileged)
            || look(for: name, in: directories(file.facts.runPath, of: file), &found, Self.origin(file.facts.runPath))
            || look(for: name, in: systemDirectories, &found)
    }

    private mutating func take(_ path: String, _ found: inout [TreeNode]) -> Bool {
        let place = place(at: FilePath(path), path)
        guard let node = place.node else { return false }
        ways[ObjectIdentifier(node)] = FilePath(path)
        found.append(node)
        return true
    }

    // Why a set-id program's loader may leave a directory out.
    private static let privileged = "the loader of a set-id program doesn't go by LD_LIBRARY_PATH"

    private static func origin(_ list: String?) -> String? {
        list?.contains("ORIGIN") == true ? "the loader of a set-id program doesn't go by $ORIGIN" : nil
    }

    private mutating func place(at path: FilePath, from start: TreeNode? = nil, _ name: String) -> PathDoubt.Place {
        guard let paths else {
            return PathDoubt.Place(node: tree.node(at: path, from: start), mounted: nil, doubt: nil)
        }
        let place = paths.place(at: path, from: start, for: .load)
        if let mounted = place.mounted, doubt == nil {
            doubt = "libraries are looked for in /\(mounted), which engines mount over, by '\(name)'"
        }
        return place
    }

    private mutating func inherited(
        _ name: String,
        for file: LoadedFile,
        _ found: inout [TreeNode],
        _ list: (ELFFile) -> String?
    ) -> Bool {
        var next: LoadedFile? = file
        while let file = next, budget > 0 {
            budget -= 1
            let text = list(file.facts)
            if look(for: name, in: directories(text, of: file), &found, Self.origin(text)) { return true }
            next = file.loader
        }
        return false
    }

    // `reason` is why the loader of a program with privileges leaves the directories out.
    private mutating func look(
        for name: String,
        in directories: [Directory],
        _ found: inout [TreeNode],
        _ reason: String? = nil
    ) -> Bool {
        let reason = isPrivileged && paths != nil ? reason : nil
        for directory in directories where budget > 0 {
            budget -= 1 + directory.path.utf8.count / 64
            let way = place(at: FilePath(environment.absolute(directory.path)), directory.path)
            guard let node = way.node, !directory.isOwnChoice || seen.insert(ObjectIdentifier(node)).inserted else {
                continue
            }
            if musl == nil { findVariants(name, in: node, &found) }
            guard let library = library(name, in: node) else { continue }
            ways[ObjectIdentifier(library)] = FilePath(environment.absolute(directory.path) + "/" + name)
            let isFurther = !choices.isEmpty
            if !isFurther || !choices.contains(where: { $0.inode.digest == library.inode.digest }) {
                found.append(library)
            }
            if isFurther || directory.isOwnChoice { choices.append(library) }
            let place = place(at: FilePath(name), from: node, directory.path)
            if let reason = reason ?? way.doubt ?? place.doubt {
                unsure.append((library, reason))
            } else if !directory.isOwnChoice {
                return true
            }
        }
        return false
    }

    // Before a directory itself, glibc looks into those below it that are for the processor at hand: glibc-hwcaps/…
    // since 2.33, until 2.36 also in any order these.
    private mutating func findVariants(_ name: String, in directory: TreeNode, _ found: inout [TreeNode]) {
        var places = [directory]
        while let place = places.popLast(), budget > 0 {
            budget -= 1
            for variant in Self.variants {
                guard let node = subdirectory(variant, of: place), node.depth > place.depth,
                    node.depth - directory.depth <= 4
                else { continue }
                places.append(node)
            }
            if let all = subdirectory(Self.variantsByLevel, of: place) {
                let levels = all.sortedChildren
                budget -= levels.count
                found += levels.compactMap { library(name, in: $0) }
            }
            if place !== directory, let library = library(name, in: place) { found.append(library) }
        }
    }

    private mutating func subdirectory(_ name: [UInt8], of directory: TreeNode) -> TreeNode? {
        guard var node = directory.child(name) else { return nil }
        if node.inode.kind == .symbolicLink {
            let way = place(at: FilePath(components: [name]), from: directory, String(decoding: name, as: UTF8.self))
            guard let target = way.node else { return nil }
            node = target
        }
        return node.inode.kind == .directory ? node : nil
    }

    static let variantsByLevel = Array("glibc-hwcaps".utf8)
    static let variants = [
        "tls", "haswell", "xeon_phi", "avx512_1", "x86_64", "i686", "i586", "sse2", "v8l", "v7l", "v6l", "neon", "vfp",
        "aarch64", "atomics", "power9", "power8", "z15", "z14", "z13",
    ].map { Array($0.utf8) }

    private func library(_ name: String, in directory: TreeNode) -> TreeNode? {
        guard let node = tree.node(at: FilePath(name), from: directory), node.inode.kind == .file else { return nil }
        // A library for another machine is passed over, as the loader does.
        if let header = ELFMachineHeader(node.inode.head), header.machine != machine { return nil }
        return node
    }

    // glibc expands tokens there, too, for the program, and musl passes empty names over.
    private mutating func libraryPath(for file: LoadedFile) -> [Directory] {
        let key = "LD_LIBRARY_PATH"
        if let known = expanded[key] { return known }
        var program = file
        while let loader = program.loader { program = loader }
        let origin = program.origin.description
        let list = environment.libraryPath(isMusl: musl != nil)
        let directories =
            musl != nil
            ? list.filter { !$0.isEmpty }.map { Directory($0) } : list.flatMap { expand($0[...], origin) }
        expanded[key] = directories
        return directories
    }

    // Each list is expanded once for what it stands in: many libraries may need many others by it.
    private mutating func directories(_ text: String?, of file: LoadedFile) -> [Directory] {
        guard let text, !text.isEmpty else { return [] }
        let origin = file.origin.description
        let key = origin + "\0" + text
        if let known = expanded[key] { return known }
        budget -= text.utf8.count / 16
        // musl leaves out a list with another token, as a whole.
        let isUsable = musl == nil || Self.expand(text[...], ["ORIGIN": ""]).contains("$") == false
        let parts = isUsable ? text.split(separator: ":", omittingEmptySubsequences: musl != nil) : []
        let directories = parts.flatMap { expand($0, origin) }
        expanded[key] = directories
        return directories
    }

    // What `$LIB` and `$PLATFORM` stand for is built into the loader.
    private func expand(_ directory: Substring, _ origin: String) -> [Directory] {
        guard directory.contains("$") else { return [Directory(String(directory))] }
        let paths = libraryDirectories.reduce(into: [String]()) { all, library in
            let path = Self.expand(directory, ["ORIGIN": origin, "LIB": library, "PLATFORM": platformName])
            if !all.contains(path) { all.append(path) }
        }
        return paths.map { Directory($0, isOwnChoice: paths.count > 1) }
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
    static func configured(_ tree: FileTree) -> [String] {
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

    // Beside the directory of the loader that its name gives.
    private static func muslList(_ interpreter: String) -> String {
        let path = FilePath(interpreter)
        let name = String(decoding: path.lastName, as: UTF8.self).replacing(".so.1", with: ".path")
        let prefix = FilePath(components: Array(path.components.dropLast(2)))
        return (prefix.components.isEmpty ? "" : prefix.description) + "/etc/" + name
    }

    private static func muslDirectories(_ tree: FileTree, _ interpreter: String) -> [Directory] {
        // An empty list is one of no directories.
        guard let inode = tree.inode(at: FilePath(muslList(interpreter))) else {
            return ["/lib", "/usr/local/lib", "/usr/lib"].map { Directory($0) }
        }
        let list = String(decoding: inode.head, as: UTF8.self).split { $0 == ":" || $0 == "\n" }
        return list.map { Directory(String($0)) }
    }
}
