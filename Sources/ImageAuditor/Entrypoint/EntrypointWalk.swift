import ArtifactStore
import ContentAddress
import ELF
import ImageFileSystem
import OCI

/// Follows what the config runs, as the kernel and the loader would: the PATH, symbolic links, `#!` lines, `sh -c`,
/// `env`, the ELF interpreter and the libraries (execve(2), ld.so(8)).
struct EntrypointWalk {
    private let matched: MatchedImage
    private let programs: [Digest: ProgramReading]
    private let store: Store
    private let environment: ContainerEnvironment
    private let lookup: CommandLookup
    // Nil where the directories aren't known.
    private let paths: PathDoubt?
    private var steps: [EntrypointStep] = []
    private var findings = FindingList()
    private var doubt: String?

    /// Linux gives up at the fifth script that is another script's interpreter.
    private static let largestScriptDepth = 5

    /// The way from an image's config to the code that runs, and what is wrong on it.
    ///
    /// `programs` is what was read of those that no release has; of the others the store knows. `doubt` says what engines
    /// load or interpret otherwise than the walk.
    static func walk(
        _ matched: MatchedImage,
        _ programs: [Digest: ProgramReading],
        store: Store
    ) throws(StoreError) -> (steps: [EntrypointStep], findings: FindingList, doubt: String?) {
        var walk = EntrypointWalk(matched, programs, store)
        try walk.walk()
        return (walk.steps, walk.findings, walk.doubt)
    }

    private init(_ matched: MatchedImage, _ programs: [Digest: ProgramReading], _ store: Store) {
        self.matched = matched
        self.programs = programs
        self.store = store
        environment = ContainerEnvironment(matched.image.execution)
        lookup = CommandLookup(matched.image)
        paths = matched.image.isRecorded ? nil : PathDoubt(matched.image)
    }

    private var image: ScannedImage { matched.image }

    private func facts(_ digest: Digest?) throws(StoreError) -> ELFFile? {
        guard let digest else { return nil }
        if let elf = programs[digest]?.facts?.elf { return elf }
        return try store.binaryFacts(of: digest)?.elf
    }

    private mutating func walk() throws(StoreError) {
        if let os = image.parsedPlatform?.os, os != "linux" {
            findings.add(
                Finding(
                    .entrypointNotFollowed,
                    "what an image for \(os) starts is not followed: its files are compared by bytes"
                )
            )
            return
        }
        environment.add(to: &findings)
        findings.add(ContainerUser(image.execution?.user ?? "", in: image.tree).findings(in: image))
        checkPreloadFile()
        checkHealth()
        let command = environment.command
        guard let first = command.first, !first.isEmpty else {
            findings.add(Finding(.noEntrypoint, "the config has neither Entrypoint nor Cmd"))
            return
        }
        guard let node = lookup.find(first) else {
            findings.add(Finding(.entrypointMissing, "'\(first)' leads nowhere", expected: first))
            return
        }
        try follow(node, as: .command, name: first, arguments: Array(command.dropFirst()), depth: 0)
        checkPrograms()
        checkBaseLibraries()
        if let reason = unknownStart(in: command) { findings.add(Finding(.shellText, reason)) }
    }

    // Docker and Podman run what the health check names, beside the program; other engines don't.
    private mutating func checkHealth() {
        guard let test = image.execution?.healthcheck?.test, let kind = test.first else { return }
        let words = Array(test.dropFirst())
        let commands: [[String]]
        switch kind {
        case "", "NONE": return
        case "CMD": commands = [words]
        case "CMD-SHELL":
            let shell = image.execution?.shell ?? []
            let usual = ["/bin/sh", "-c"]
            // Docker goes by the config's shell, and podman by the usual one and all the words.
            commands = [(shell.isEmpty ? usual : shell) + words, usual + [words.joined(separator: " ")]]
        // Podman runs what it doesn't know the kind of.
        default: commands = [test]
        }
        for command in commands {
            guard let first = command.first, let reason = reasonUnknown(first, command.dropFirst()) else { continue }
            findings.add(Finding(.healthCheckUnknown, "engines with health checks run it: \(reason)"))
            return
        }
    }

    // Why a command isn't the start of one released file; nil where it is.
    private func reasonUnknown(_ word: String, _ arguments: ArraySlice<String>) -> String? {
        guard let node = lookup.find(word) else { return "'\(word)' leads nowhere" }
        if identity(at: node.path)?.isReleased == true { return unknownStart(in: [word] + arguments) }
        let program = String(decoding: node.name, as: UTF8.self)
        guard let shell = ShellCommand(word, program: program, arguments: arguments) else {
            return "'\(word)' is not a released file"
        }
        guard let started = shell.firstWord, let next = lookup.find(started),
            identity(at: next.path)?.isReleased == true
        else { return "what \(word) is given by -c doesn't start a released file" }
        return shell.isSimple ? nil : "what \(word) is given by -c does more than start '\(started)'"
    }

    // The first of a released program's arguments that it may start, such as an init program does: a shell with a text of
    // its own, or a program that nobody knows.
    private func unknownStart(in command: [String]) -> String? {
        guard let first = command.first, let node = lookup.find(first), identity(at: node.path)?.isReleased == true
        else {
            return nil
        }
        for (index, word) in command.enumerated().dropFirst() {
            guard !lookup.isSpent else { return "'\(first)' is given more words than are looked for" }
            let arguments = command[(index + 1)...]
            guard let found = lookup.find(word) else { continue }
            if ShellCommand(word, program: "", arguments: arguments) != nil { return reasonUnknown(word, arguments) }
            if found.inode.kind == .file, found.inode.isExecutable, identity(at: found.path)?.isUnknown == true {
                return "'\(first)' may start '\(word)', which is not a released file"
            }
        }
        return nil
    }

    // Whether anything that is started is what was released.
    private mutating func checkPrograms() {
        let programs = steps.filter {
            [.command, .shellCommand, .environmentProgram, .scriptInterpreter].contains($0.reason)
        }
        let started = programs.filter { $0.reason != .scriptInterpreter }
        guard let last = started.last else { return }
        guard started.contains(where: \.identity.isReleased) else {
            findings.add(
                Finding(.entrypointUnknown, path: last.path, "'\(last.name)' is started, and is not a released file")
            )
            return
        }
        // Nobody knows what it makes of the released one.
        guard let before = programs.prefix(while: { !$0.identity.isReleased }).first(where: \.identity.isUnknown) else {
            return
        }
        findings.add(
            Finding(.entrypointUnknown, path: before.path, "'\(before.name)' is started first, and nobody knows it")
        )
    }

    private mutating func follow(
        _ node: TreeNode,
        as reason: EntrypointStep.Reason,
        name: String,
        arguments: [String],
        depth: Int
    ) throws(StoreError) {
        let path = node.path
        steps.append(EntrypointStep(reason: reason, name: name, path: path, identity: identity(at: path) ?? .unknown))
        guard node.inode.isExecutable else {
            let reason = node.inode.kind == .directory ? "it is a directory" : "it has no executable bit"
            findings.add(Finding(.entrypointNotExecutable, layer: node.inode.layer, path: path, reason))
            return
        }
        if node.inode.isELF {
            try followProgram(node)
        } else if let script = ScriptLine(node.inode.head) {
            try followScript(node, script, depth: depth)
        } else if reason == .command {
            // A shell, or env, would take it for a script of its own.
            let words = "it is neither an ELF program nor a script with #!: the kernel can't start it"
            findings.add(Finding(.entrypointNotExecutable, layer: node.inode.layer, path: path, words))
        }
        let program = String(decoding: node.name, as: UTF8.self)
        if let shell = ShellCommand(name, program: program, arguments: arguments), let word = shell.firstWord,
            let next = lookup.find(word)
        {
            try follow(next, as: .shellCommand, name: word, arguments: [], depth: depth + 1)
            if !shell.isSimple, identity(at: next.path)?.isReleased == true {
                findings.add(
                    Finding(.shellText, path: next.path, "what \(name) is given by -c does more than start '\(word)'")
                )
            }
        }
    }

    private mutating func followScript(_ node: TreeNode, _ script: ScriptLine, depth: Int) throws(StoreError) {
        guard depth < Self.largestScriptDepth else { return }
        guard let interpreter = find(script.interpreter, for: node) else {
            findings.add(
                Finding(
                    .interpreterMissing,
                    path: node.path,
                    "its first line names \(script.interpreter)",
                    expected: script.interpreter
                )
            )
            return
        }
        try follow(interpreter, as: .scriptInterpreter, name: script.interpreter, arguments: [], depth: depth + 1)
        check(interpreter, needed: "interpreter", by: node.path, code: .interpreterUnknown)
        if let word = script.environmentProgram {
            guard let next = lookup.find(word) else {
                findings.add(
                    Finding(
                        .interpreterMissing,
                        path: node.path,
                        "its first line asks env for \(word)",
                        expected: word
                    )
                )
                return
            }
            try follow(next, as: .environmentProgram, name: word, arguments: [], depth: depth + 1)
            check(next, needed: "interpreter", by: node.path, code: .interpreterUnknown)
        }
    }

    private mutating func followProgram(_ node: TreeNode) throws(StoreError) {
        if let own = ELFMachineHeader(node.inode.head)?.architecture, let platform = image.parsedPlatform,
            own != platform.architecture
        {
            findings.add(
                Finding(
                    .machine,
                    layer: node.inode.layer,
                    path: node.path,
                    "it is a program for \(own), in an image for \(platform)",
                    found: own,
                    expected: platform.architecture
                )
            )
        }
        guard let facts = try facts(node.inode.digest) else { return }
        if let interpreter = facts.interpreter {
            if let loader = find(interpreter, for: node) {
                add(.loader, interpreter, loader)
                check(loader, needed: "loader", by: node.path, code: .interpreterUnknown)
            } else {
                findings.add(
                    Finding(
                        .interpreterMissing,
                        path: node.path,
                        "it is loaded by \(interpreter)",
                        expected: interpreter
                    )
                )
            }
        }
        try followLibraries(node, facts)
    }

    // Breadth first, as the loader does: the first library of a name serves all that need it.
    private mutating func followLibraries(_ program: TreeNode, _ programFacts: ELFFile) throws(StoreError) {
        let isPrivileged = program.inode.mode & 0o6000 != 0 || program.inode.hasCapability
        var search = LibrarySearch(
            image.tree,
            environment: environment,
            program: programFacts,
            paths: paths,
            isPrivileged: isPrivileged
        )
        if !programFacts.needed.isEmpty, let cache = search.cache {
            check(cache, needed: "list of libraries", by: program.path, code: .libraryUnknown)
        }
        var seen: Set<String> = []
        var queue = [LoadedFile(programFacts, at: program.path, for: nil)]
        while !queue.isEmpty, seen.count < 1000 {
            let file = queue.removeFirst()
            for name in file.facts.needed where seen.insert(name).inserted {
                // The loader itself is a library, too, and has been looked at.
                if let loader = programFacts.interpreter, FilePath(loader).lastName.elementsEqual(name.utf8) {
                    continue
                }
                let libraries = search.find(name, for: file)
                if doubt == nil { doubt = search.doubt ?? unclearChoice(search.choices, name) }
                if libraries.isEmpty {
                    findings.add(Finding(.libraryMissing, path: file.path, "it needs \(name)", expected: name))
                }
                for library in libraries {
                    add(.library, name, library)
                    check(library, needed: "library", by: file.path, code: .libraryUnknown)
                    if let facts = try facts(library.inode.digest) {
                        queue.append(
                            LoadedFile(facts, at: library.path, from: search.path(of: library).parent, for: file)
                        )
                    }
                }
            }
        }
        let services = image.tree.inode(at: FilePath("/etc/nsswitch.conf")).map { NameServices.names($0.head) } ?? []
        for service in seen.contains("libc.so.6") ? services : [] {
            for library in search.find(
                "libnss_\(service).so.2",
                for: LoadedFile(programFacts, at: program.path, for: nil)
            ) {
                check(library, needed: "library for names", by: program.path, code: .libraryUnknown)
            }
        }
        if search.isSpent { addLibraryLimit() }
    }

    // What a base's program is given to load, if one is started.
    private mutating func checkBaseLibraries() {
        guard let user = steps.first(where: { $0.identity.isBase && $0.reason != .loader && $0.reason != .library })
        else {
            return
        }
        let (libraries, isWhole) = ShadowingLibraries(tree: image.tree, environment: environment, identity: identity)
            .find()
        if !isWhole { addLibraryLimit() }
        for node in libraries {
            let words = "\(user.path) may load it in place of the base's"
            findings.add(Finding(.libraryUnknown, layer: node.inode.layer, path: node.path, words))
        }
    }

    // Which of several contents a loader takes is said where a released one is among them: of others nothing is promised.
    private func unclearChoice(_ choices: [TreeNode], _ name: String) -> String? {
        guard let first = choices.first, choices.contains(where: { identity(at: $0.path)?.isReleased == true }),
            let other = choices.first(where: { $0.inode.digest != first.inode.digest })
        else { return nil }
        return "the library '\(name)' is \(first.path) or \(other.path): the loader goes by directories that are built "
            + "into it, and by /etc/ld.so.cache"
    }

    private mutating func addLibraryLimit() {
        findings.add(Finding(.limit, "libraries are looked for in more directories than are looked into"))
    }

    // What the kernel starts for a file: it has no other place to look, so that only another content counts there.
    private mutating func find(_ interpreter: String, for user: TreeNode) -> TreeNode? {
        let path = FilePath(environment.absolute(interpreter))
        guard let paths else { return image.tree.node(at: path) }
        let place = paths.place(at: path)
        if let mounted = place.mounted, doubt == nil {
            doubt = "\(user.path) is started by \(interpreter), which leads into /\(mounted), which engines mount over"
        }
        return place.node
    }

    private mutating func add(_ reason: EntrypointStep.Reason, _ name: String, _ node: TreeNode) {
        let path = node.path
        steps.append(EntrypointStep(reason: reason, name: name, path: path, identity: identity(at: path) ?? .unknown))
    }

    // Only said where it matters: what a released program loads.
    private mutating func check(_ node: TreeNode, needed what: String, by user: FilePath, code: FindingCode) {
        guard (identity(at: node.path) ?? .unknown).isUnknown, identity(at: user)?.isReleased == true else { return }
        findings.add(
            Finding(
                code,
                layer: node.inode.layer,
                path: node.path,
                "\(user) has it as its \(what)",
                found: node.inode.digest?.description
            )
        )
    }

    private mutating func checkPreloadFile() {
        let path = FilePath("/etc/ld.so.preload")
        if let place = paths?.place(at: path, for: .load), doubt == nil {
            if let mounted = place.mounted {
                doubt = "\(path) leads into /\(mounted), which engines mount over"
            } else if place.isForeign, let reason = place.doubt {
                doubt = "\(path) tells what is loaded first: \(reason)"
            }
        }
        guard let inode = image.tree.inode(at: path), inode.size > 0, identity(at: path)?.isBase != true else { return }
        let text = String(decoding: inode.head.prefix(200), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        findings.add(
            Finding(.preloadFile, layer: inode.layer, path: path, "it names \(text.joined(separator: ", "))")
        )
    }

    private func identity(at path: FilePath) -> FileIdentity? {
        let files = matched.files
        var range = files.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if files[middle].path == path { return files[middle].identity }
            range = files[middle].path < path ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
