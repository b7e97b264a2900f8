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
    /// How many names each file of a base has; counted when it is first asked for.
    var nameCounts: [FileContent: Int]?

    /// Which program carries a command's name in the base.
    enum Program {
        case busybox
        case own
    }

    /// A line of `/bin/sh`.
    mutating func run(_ line: ShellLine) throws(RunRefusal) {
        guard let shell = try? tree.resolve("bin/sh"), case .file? = tree[shell]?.kind,
            ["busybox", "dash", "bash"].contains(StageTree.name(of: shell))
        else {
            throw .circumstances("this stage has no /bin/sh of Debian's or Alpine's: give an exec form, or take a base")
        }
        for command in line.commands { try run(command, inShell: true) }
    }

    /// One command, of a shell's line or by itself.
    mutating func run(_ command: ShellLine.Command, inShell: Bool) throws(RunRefusal) {
        guard let name = command.words.first else { return }
        let known = command.patterns[0] == nil ? RunCommand(named: name) : nil
        guard let known, inShell || !known.isShellsAlone else {
            throw .command(name, arguments: Array(command.words.dropFirst()))
        }
        let program = inShell && known.isBuiltIn && !name.contains("/") ? .own : try program(name)
        let arguments = try expanded(command)
        guard command.input == nil || known == .cat else {
            throw .form(name, reason: "a here-document as its input: cat can have one")
        }
        if let output = command.output, output.path != "/dev/null" || known.prints {
            guard let text = try self.output(of: known, arguments, input: command.input) else {
                throw .form(name, reason: "its output can't go to a file: echo, printf and cat can")
            }
            return try write(text, to: output)
        }
        switch known {
        case .set: try Self.checkSet(arguments)
        case .nothing, .true: break
        case .cd: try changeDirectory(arguments)
        case .echo, .printf, .cat: _ = try output(of: known, arguments, input: command.input)
        case .mkdir: try makeDirectories(arguments)
        case .chmod: try changeModes(arguments)
        case .chown: try changeOwners(arguments, groupOnly: false)
        case .chgrp: try changeOwners(arguments, groupOnly: true)
        case .cp: try copy(arguments)
        case .mv: try move(arguments)
        case .ln: try link(arguments)
        case .touch: try touch(arguments)
        case .rm: try remove(arguments)
        case .rmdir: try removeDirectories(arguments)
        case .install: try install(arguments)
        case .setcap: try setCapabilities(arguments)
        case .adduser, .addgroup:
            guard program == .busybox else {
                throw .form(
                    name,
                    reason: "Debian's runs a script: write useradd or groupadd, or give numbers to USER and COPY"
                )
            }
            if known == .adduser { try addUser(arguments) } else { try addGroup(arguments) }
        case .useradd: try shadowAddUser(arguments)
        case .groupadd: try shadowAddGroup(arguments)
        }
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
            default: throw .circumstances("'\(name)' in this stage is /\(place), which isn't known here")
            }
        }
        throw .circumstances("this stage has no '\(name)' where Debian and Alpine put it: take a base that has it")
    }

    private static func checkSet(_ arguments: [String]) throws(RunRefusal) {
        for argument in arguments {
            guard argument.first == "-", argument.count > 1, argument.dropFirst().allSatisfy({ "eux".contains($0) })
            else {
                throw .form("set", reason: "only -e, -u and -x are possible")
            }
        }
    }
}
