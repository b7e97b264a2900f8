import ArtifactStore
import ContentAddress
import ELF
import ImageFileSystem
import OCI

/// Follows what the config runs, as the kernel and the loader would: the PATH, symbolic links, `#!` lines, `sh -c`, `env`,
/// the ELF interpreter and the libraries (execve(2), ld.so(8)).
struct EntrypointWalk {
    private let image: PlatformImage
    // In the order of their paths.
    private let files: [AuditedFile]
    private let facts: (Digest) -> ELFFile?
    private let environment: ContainerEnvironment
    private(set) var steps: [EntrypointStep] = []
    private(set) var findings: [Finding] = []

    /// Linux gives up at the fifth script that is another script's interpreter.
    private static let largestScriptDepth = 5

    init(_ image: PlatformImage, files: [AuditedFile], facts: @escaping (Digest) -> ELFFile?) {
        self.image = image
        self.facts = facts
        self.files = files
        environment = ContainerEnvironment(image.execution)
        walk()
    }

    private mutating func walk() {
        findings += environment.findings()
        judgePreloadFile()
        let command = environment.command
        guard let first = command.first, !first.isEmpty else {
            findings.append(Finding(.noEntrypoint, "the config has neither Entrypoint nor Cmd"))
            return
        }
        guard let node = find(first) else {
            findings.append(Finding(.entrypointMissing, "'\(first)' leads nowhere", expected: first))
            return
        }
        follow(node, as: .command, name: first, arguments: Array(command.dropFirst()), depth: 0)
        judgePrograms()
    }

    // Whether anything that is started is what was released.
    private mutating func judgePrograms() {
        let programs = steps.filter { [.command, .shellCommand, .environmentProgram].contains($0.reason) }
        guard let last = programs.last, !programs.contains(where: \.identity.isReleased) else { return }
        findings.append(
            Finding(.entrypointUnknown, path: last.path, "'\(last.name)' is started, and is no released file")
        )
    }

    private mutating func follow(
        _ node: TreeNode,
        as reason: EntrypointStep.Reason,
        name: String,
        arguments: [String],
        depth: Int
    ) {
        let path = node.path
        steps.append(EntrypointStep(reason: reason, name: name, path: path, identity: identity(at: path) ?? .unknown))
        guard node.inode.isExecutable else {
            let reason = node.inode.kind == .directory ? "it is a folder" : "it has no executable bit"
            findings.append(Finding(.entrypointNotExecutable, layer: node.inode.layer, path: path, reason))
            return
        }
        if node.inode.isELF {
            followProgram(node)
        } else if let script = ScriptLine(node.inode.head) {
            followScript(node, script, depth: depth)
        }
        let program = String(decoding: node.name, as: UTF8.self)
        if let word = ShellCommand.firstWord(shell: program, arguments: arguments), let next = find(word) {
            follow(next, as: .shellCommand, name: word, arguments: [], depth: depth + 1)
        }
    }

    private mutating func followScript(_ node: TreeNode, _ script: ScriptLine, depth: Int) {
        guard depth < Self.largestScriptDepth else { return }
        guard let interpreter = image.tree.node(at: FilePath(script.interpreter)) else {
            findings.append(
                Finding(
                    .interpreterMissing,
                    path: node.path,
                    "its first line names \(script.interpreter)",
                    expected: script.interpreter
                )
            )
            return
        }
        follow(interpreter, as: .scriptInterpreter, name: script.interpreter, arguments: [], depth: depth + 1)
        judge(interpreter, needed: "interpreter", by: node.path, code: .interpreterUnknown)
        if FilePath(script.interpreter).lastName.elementsEqual("env".utf8), let word = script.environmentProgram {
            guard let next = find(word) else {
                findings.append(
                    Finding(
                        .interpreterMissing,
                        path: node.path,
                        "its first line asks env for \(word)",
                        expected: word
                    )
                )
                return
            }
            follow(next, as: .environmentProgram, name: word, arguments: [], depth: depth + 1)
        }
    }

    private mutating func followProgram(_ node: TreeNode) {
        if let own = ELFMachineHeader(node.inode.head)?.architecture, let platform = image.parsedPlatform,
            own != platform.architecture
        {
            findings.append(
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
        guard let facts = node.inode.digest.flatMap(facts) else { return }
        if let interpreter = facts.interpreter {
            if let loader = image.tree.node(at: FilePath(interpreter)) {
                add(.loader, interpreter, loader)
                judge(loader, needed: "loader", by: node.path, code: .interpreterUnknown)
            } else {
                findings.append(
                    Finding(
                        .interpreterMissing,
                        path: node.path,
                        "it is loaded by \(interpreter)",
                        expected: interpreter
                    )
                )
            }
        }
        followLibraries(node, facts)
    }

    // Breadth first, as the loader does: the first library of a name serves all that need it.
    private mutating func followLibraries(_ program: TreeNode, _ programFacts: ELFFile) {
        var search = LibrarySearch(image.tree, environment: environment, program: programFacts)
        var seen: Set<String> = []
        var queue = [LoadedFile(programFacts, at: program.path, for: nil)]
        while !queue.isEmpty, seen.count < 1000 {
            let file = queue.removeFirst()
            for name in file.facts.needed where seen.insert(name).inserted {
                // The loader itself is a library, too, and has been looked at.
                if let loader = programFacts.interpreter, FilePath(loader).lastName.elementsEqual(name.utf8) {
                    continue
                }
                guard let library = search.find(name, for: file) else {
                    findings.append(Finding(.libraryMissing, path: file.path, "it needs \(name)", expected: name))
                    continue
                }
                add(.library, name, library)
                judge(library, needed: "library", by: file.path, code: .libraryUnknown)
                if let facts = library.inode.digest.flatMap(self.facts) {
                    queue.append(LoadedFile(facts, at: library.path, for: file))
                }
            }
        }
    }

    private mutating func add(_ reason: EntrypointStep.Reason, _ name: String, _ node: TreeNode) {
        let path = node.path
        steps.append(EntrypointStep(reason: reason, name: name, path: path, identity: identity(at: path) ?? .unknown))
    }

    // Only said where it matters: what a released program loads.
    private mutating func judge(_ node: TreeNode, needed what: String, by user: FilePath, code: FindingCode) {
        guard (identity(at: node.path) ?? .unknown).isUnknown, identity(at: user)?.isReleased == true else { return }
        findings.append(
            Finding(
                code,
                layer: node.inode.layer,
                path: node.path,
                "\(user) has it as its \(what)",
                found: node.inode.digest?.description
            )
        )
    }

    private mutating func judgePreloadFile() {
        let path = FilePath("/etc/ld.so.preload")
        guard let inode = image.tree.inode(at: path), inode.size > 0, identity(at: path)?.isBase != true else { return }
        let text = String(decoding: inode.head.prefix(200), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        findings.append(
            Finding(.preloadFile, layer: inode.layer, path: path, "it names \(text.joined(separator: ", "))")
        )
    }

    private func identity(at path: FilePath) -> FileIdentity? {
        var range = files.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if files[middle].path == path { return files[middle].identity }
            range = files[middle].path < path ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    // A word with a slash is a path, seen from the working folder; another one is looked for in the PATH.
    private func find(_ word: String) -> TreeNode? {
        if word.contains("/") {
            return image.tree.node(at: FilePath(word.hasPrefix("/") ? word : environment.folder + "/" + word))
        }
        for folder in environment.path {
            let node = image.tree.node(at: FilePath(folder + "/" + word))
            if let node, node.inode.isExecutable { return node }
        }
        return nil
    }
}
