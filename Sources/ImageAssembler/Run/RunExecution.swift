import Dockerfile

/// Carries out the commands of RUN that only place or change files (docs/run.md), on a tree of names and metadata.
///
/// Nothing is run. What an engine's shell and programs would do differently from one another, or couldn't do, throws.
struct RunExecution {
    /// The stage's files.
    var tree: StageTree
    /// The time of all that is made, in seconds since 1970.
    let epoch: Int64
    /// The directory that relative paths start from, from the root.
    var directory: String
    /// Where programs are looked for, in this order.
    let searchPath: [String]
    /// The variable SHELL, which some programs take for a new user's shell.
    let loginShell: String?
    let inputs: any BuildInputs
    /// What the line's variables have for values.
    var variables: [String: String] = [:]
    /// The shell that the line is written for; nil for a program that is started by itself.
    var shell: Shell?
    /// How many names each file of a base has; counted when it is first asked for.
    var nameCounts: [FileContent: Int]?
    var script = ScriptState()

    /// Which program carries a command's name in the base.
    enum Program {
        case busybox
        case own
    }

    /// Which program the shell is: their built-in commands differ.
    enum Shell: String {
        case busybox, dash, bash
    }

    /// What a command is given beside its arguments.
    struct Surroundings {
        var program: Program
        /// The shell whose built-in command it is; nil for a program.
        var builtIn: Shell?
        /// What it reads; nil for nothing.
        var input: [UInt8]?

        /// Whether busybox carries it out, as a program or in its shell.
        var isBusybox: Bool { builtIn.map { $0 == .busybox } ?? (program == .busybox) }
    }

    /// One command of a shell's line; returns its status.
    mutating func run(_ command: ShellCommand, _ line: ShellLine, input piped: [UInt8]? = nil) throws(RunRefusal) -> Int
    {
        try assign(command)
        let arguments = try expanded(command.words)
        var input = piped
        if let source = command.input { input = try self.input(source, line) }
        // Some shells split the values that export is given.
        guard arguments.first != "export" || arguments.count == command.words.count else {
            throw .form("export", reason: "a value with spaces: write it in quotes")
        }
        guard !arguments.isEmpty || command.output != nil else { return 0 }
        guard command.assignments.isEmpty || arguments.isEmpty else { throw .needsShell("a variable for one command") }
        return try redirect(to: command.output) { (run) throws(RunRefusal) in
            guard let name = arguments.first else { return 0 }
            return try run.run(name, arguments, input: input)
        }
    }

    /// One command by its words; returns its status.
    mutating func run(_ name: String, _ arguments: [String], input: [UInt8]? = nil) throws(RunRefusal) -> Int {
        try script.step()
        let arguments = Array(arguments.dropFirst())
        guard let known = RunCommand(named: name), shell != nil || !known.isShellsAlone else {
            throw .command(name, arguments: arguments)
        }
        let isBuiltIn = shell != nil && known.isBuiltIn && !name.contains("/")
        let surroundings = Surroundings(
            program: isBuiltIn ? .own : try program(name),
            builtIn: isBuiltIn ? shell : nil,
            input: input
        )
        if script.keepsPrint, !known.prints { try Self.checkQuiet(known.rawValue, arguments) }
        if let status = try answer(known, name, arguments, surroundings) { return status }
        if let text = try output(of: known, arguments, surroundings) {
            try print(text, name)
            return 0
        }
        try change(known, arguments, surroundings)
        return 0
    }

    private mutating func change(
        _ known: RunCommand,
        _ arguments: [String],
        _ surroundings: Surroundings
    ) throws(RunRefusal) {
        switch known {
        case .set: try setOptions(arguments)
        case .cd: try changeDirectory(arguments)
        case .export: try export(arguments)
        case .exit: try exit(arguments)
        case .mkdir: try makeDirectories(arguments)
        case .chmod: try changeModes(arguments, surroundings.program)
        case .chown: try changeOwners(arguments, groupOnly: false, surroundings.program)
        case .chgrp: try changeOwners(arguments, groupOnly: true, surroundings.program)
        case .cp: try copy(arguments)
        case .mv: try move(arguments)
        case .ln: try link(arguments, surroundings.program)
        case .touch: try touch(arguments)
        case .rm: try remove(arguments)
        case .rmdir: try removeDirectories(arguments)
        case .install: try install(arguments)
        case .setcap: try setCapabilities(arguments)
        case .adduser:
            if surroundings.program == .busybox { try addUser(arguments) } else { try debianAddUser(arguments) }
        case .addgroup:
            if surroundings.program == .busybox { try addGroup(arguments) } else { try debianAddGroup(arguments) }
        case .useradd: try shadowAddUser(arguments)
        case .groupadd: try shadowAddGroup(arguments)
        case .nothing, .true, .false, .test, .bracket, .getent, .id, .echo, .printf, .cat, .tee: break
        }
    }

    // What a command says of its work would be in the file, and each program says it in its own words.
    private static func checkQuiet(_ command: String, _ arguments: [String]) throws(RunRefusal) {
        let speaks = arguments.contains { argument in
            argument == "--verbose" || argument == "--changes"
                || argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.contains { "vc".contains($0) }
        }
        if speaks { throw .form(command, reason: "what it says can't go to a file: leave -v out") }
    }

    // A shell starts what comes first in PATH; only what stands where the distributions put it is known.
    private func program(_ name: String) throws(RunRefusal) -> Program {
        let paths =
            name.contains("/") ? [name] : searchPath.map { StageTree.join(StageTree.clean($0), name) }
        let name = StageTree.name(of: name)
        for path in paths {
            guard let place = try? tree.resolve(path), case .file? = tree[place]?.kind else { continue }
            let directory = StageTree.parent(of: place)
            guard ["bin", "sbin", "usr/bin", "usr/sbin"].contains(directory) else { break }
            switch StageTree.name(of: place) {
            case "busybox": return .busybox
            case name: return .own
            // Debian's addgroup is adduser by another name.
            case "adduser" where name == "addgroup": return .own
            default: throw .circumstances("'\(name)' in this stage is /\(place), which isn't known here")
            }
        }
        throw .circumstances("this stage has no '\(name)' where Debian and Alpine put it: take a base that has it")
    }
}
