import Dockerfile

extension RunExecution {
    /// A line of a shell, which has to end with status 0.
    mutating func run(_ line: ShellLine) throws(RunRefusal) {
        let status = try evaluate(line.root, line, isAsked: false)
        let last = script.exitStatus ?? status
        guard last == 0 else { throw .fails("the line", reason: "it ends with status \(last)") }
    }

    /// Carries out a part of a line; returns its status.
    ///
    /// A command whose status is asked for, by a condition or what follows it, may fail.
    private mutating func evaluate(_ node: ShellNode, _ line: ShellLine, isAsked: Bool) throws(RunRefusal) -> Int {
        if let status = script.exitStatus { return status }
        switch node {
        case .command(let command):
            script.forgetFiles()
            return try settle(try run(command, line), isAsked: isAsked)
        case .list(let nodes):
            var status = 0
            for node in nodes where script.exitStatus == nil { status = try evaluate(node, line, isAsked: isAsked) }
            return status
        case .chain(let first, let links):
            var status = try evaluate(first, line, isAsked: true)
            for (index, link) in links.enumerated() where link.isAnd == (status == 0) && script.exitStatus == nil {
                status = try evaluate(link.node, line, isAsked: isAsked || index < links.count - 1)
            }
            return status
        case .negation(let node): return try evaluate(node, line, isAsked: true) == 0 ? 1 : 0
        case .pipeline(let nodes): return try settle(try pipe(nodes, line), isAsked: isAsked)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                let isMet = try evaluate(branch.condition, line, isAsked: true) == 0
                if isMet, script.exitStatus == nil { return try evaluate(branch.body, line, isAsked: isAsked) }
            }
            return try otherwise.map { node throws(RunRefusal) in try evaluate(node, line, isAsked: isAsked) } ?? 0
        case .loop(let variable, let words, let body):
            try checkSettable(variable)
            var status = 0
            for value in try expanded(words) where script.exitStatus == nil {
                try script.step()
                variables[variable] = value
                status = try evaluate(body, line, isAsked: isAsked)
            }
            return status
        case .choice(let word, let choices):
            let text = try word.text(of: variables)
            for choice in choices {
                for pattern in choice.patterns where try pattern.isMatch(text, variables) {
                    return try choice.body.map { node throws(RunRefusal) in
                        try evaluate(node, line, isAsked: isAsked)
                    } ?? 0
                }
            }
            return 0
        case .group(let node, isSubshell: false): return try evaluate(node, line, isAsked: isAsked)
        case .group(let node, isSubshell: true):
            let before = (directory, variables, script.endsOnFailure)
            var status = try evaluate(node, line, isAsked: isAsked)
            status = script.exitStatus ?? status
            (directory, variables, script.endsOnFailure) = before
            script.exitStatus = nil
            return try settle(status, isAsked: isAsked)
        case .redirected(let node, let output):
            return try redirect(to: output) { (run) throws(RunRefusal) in
                try run.evaluate(node, line, isAsked: isAsked)
            }
        }
    }

    /// Carries out what prints to a file; returns its status.
    mutating func redirect(
        to output: ShellOutput?,
        _ body: (inout RunExecution) throws(RunRefusal) -> Int
    ) throws(RunRefusal) -> Int {
        switch output {
        case nil: return try body(&self)
        case .errors?:
            script.outputs.append(.nowhere)
            defer { script.outputs.removeLast() }
            return try body(&self)
        case .file(let word, let isAppended)?:
            let path = try word.text(of: variables)
            if path == "/dev/stdout" { return try body(&self) }
            if ["/dev/null", "/dev/stderr"].contains(path) {
                script.outputs.append(.nowhere)
                defer { script.outputs.removeLast() }
                return try body(&self)
            }
            // The file is opened first: what reads it finds it empty.
            let place = try followed(path, ">")
            try checkNotRead(place, ">")
            try write([], to: place, isAppended: isAppended)
            guard let kind = tree[place]?.kind else { return try body(&self) }
            script.outputs.append(.file(place, kind))
            let status = try body(&self)
            script.outputs.removeLast()
            script.written.insert(place)
            return status
        }
    }

    // A command that prints, and tee or cat behind it.
    private mutating func pipe(_ nodes: [ShellNode], _ line: ShellLine) throws(RunRefusal) -> Int {
        var input: [UInt8]?
        var status = 0
        script.forgetFiles()
        for (index, node) in nodes.enumerated() {
            guard case .command(let command) = node else { throw .needsShell("a pipe ('|')") }
            let isLast = index == nodes.count - 1
            if !isLast { script.outputs.append(.pipe([])) }
            // A part of a pipe is a shell of its own.
            let before = variables
            status = try run(command, line, input: input)
            variables = before
            input = isLast ? nil : script.takePiped()
        }
        return status
    }

    private mutating func settle(_ status: Int, isAsked: Bool) throws(RunRefusal) -> Int {
        if status != 0, !isAsked, script.endsOnFailure, script.exitStatus == nil { script.exitStatus = status }
        return status
    }

    // MARK: What a shell keeps

    /// Takes what `SHELL` says: a shell of Debian's or Alpine's, with `-e`, `-u`, `-x`, `-o pipefail`, and `-c` last.
    mutating func start(_ words: [String]) throws(RunRefusal) {
        let refusal = RunRefusal.circumstances(
            "the shell \(words.joined(separator: " ").prefix(128)) isn't known here: take /bin/sh -c"
        )
        guard let program = words.first, ["sh", "ash", "dash", "bash"].contains(StageTree.name(of: program)) else {
            throw refusal
        }
        let paths =
            program.contains("/") ? [program] : searchPath.map { StageTree.join(StageTree.clean($0), program) }
        let places = paths.compactMap { path in try? tree.resolve(path) }
        guard let place = places.first(where: { tree[$0] != nil }), case .file? = tree[place]?.kind,
            ["bin", "usr/bin"].contains(StageTree.parent(of: place)),
            let shell = Shell(rawValue: StageTree.name(of: place))
        else {
            throw .circumstances(
                "this stage has no \(program) of Debian's or Alpine's: give an exec form, or take a base that has it"
            )
        }
        self.shell = shell
        var options: [String] = []
        for word in words.dropFirst() {
            // Options in one word, the last of which takes the line.
            guard options.last != "-c" else { throw refusal }
            if word.hasPrefix("-"), word.hasSuffix("c"), word.count > 2 {
                options += [String(word.dropLast()), "-c"]
            } else {
                options.append(word)
            }
        }
        guard options.popLast() == "-c" else { throw refusal }
        do { try setOptions(options) } catch { throw refusal }
    }

    /// Root's home directory, as engines set `HOME`; nil where they differ.
    var homeOfRoot: String? {
        guard let home = try? accounts("etc/passwd", "HOME")?.entry(named: "root")?.dropFirst(5).first,
            home.hasPrefix("/")
        else { return nil }
        return home
    }

    /// Sets the variables of a command.
    mutating func assign(_ command: ShellCommand) throws(RunRefusal) {
        for assignment in command.assignments {
            try checkSettable(assignment.name)
            variables[assignment.name] = try assignment.value.text(of: variables)
        }
    }

    private func checkSettable(_ name: String) throws(RunRefusal) {
        let changesPrograms =
            ["PATH", "IFS", "HOME", "SHELL", "ENV", "CDPATH", "LANG", "LANGUAGE", "TZ", "UID", "EUID", "PPID"].contains(
                name
            )
            || ["LC_", "LD_", "BASH", "POSIX", "PS", "OPT"].contains(where: name.hasPrefix)
        if changesPrograms { throw .needsShell("the variable \(name), which changes what programs do,") }
    }

    /// The command `export NAME[=VALUE]…`.
    mutating func export(_ arguments: [String]) throws(RunRefusal) {
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let isName = parts[0].utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            }
            guard isName, let first = parts[0].first, !first.isNumber else {
                throw .form("export", reason: "write export NAME=VALUE")
            }
            try checkSettable(parts[0])
            if parts.count > 1 { variables[parts[0]] = parts[1] }
        }
    }

    /// The command `set -eux`, with `-o pipefail` where the shell knows it.
    mutating func setOptions(_ arguments: [String]) throws(RunRefusal) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard let sign = argument.first, sign == "-" || sign == "+", argument.count > 1 else {
                throw .form("set", reason: "only -e, -u, -x and -o pipefail are possible")
            }
            for letter in argument.dropFirst() {
                switch letter {
                case "e": script.endsOnFailure = sign == "-"
                case "u", "x": break
                case "o":
                    let name = rest.popFirst() ?? ""
                    switch name {
                    case "errexit": script.endsOnFailure = sign == "-"
                    case "nounset", "xtrace": break
                    case "pipefail":
                        if shell == .dash { throw .fails("set", reason: "dash, this stage's /bin/sh, has no pipefail") }
                    default: throw .form("set", reason: "-o '\(name.prefix(64))'")
                    }
                default: throw .form("set", reason: "only -e, -u, -x and -o pipefail are possible")
                }
            }
        }
    }

    /// The command `exit [STATUS]`.
    mutating func exit(_ arguments: [String]) throws(RunRefusal) {
        guard arguments.count <= 1, let status = RunArguments.number(arguments.first ?? "0"), status < 256 else {
            throw .form("exit", reason: "write exit, or exit 1")
        }
        // Without a number it is the status of what came before, which isn't kept.
        guard !arguments.isEmpty else { throw .form("exit", reason: "give its status: exit 0") }
        script.exitStatus = Int(status)
    }

    /// What a command reads.
    mutating func input(_ source: ShellCommand.Input, _ line: ShellLine) throws(RunRefusal) -> [UInt8] {
        switch source {
        case .heredoc(let number):
            guard line.heredocs.indices.contains(number) else { return [] }
            return Array(try line.heredocs[number].text(of: variables).utf8)
        case .file(let word):
            let path = try word.text(of: variables)
            if path == "/dev/null" { return [] }
            let place = try followed(path, "<")
            guard let bytes = try bytes(of: place, "<") else {
                throw .fails("<", reason: "'/\(place)' is not a file")
            }
            try checkNotWritten(place, "<", isEmpty: bytes.isEmpty)
            script.read.insert(place)
            return bytes
        }
    }
}

extension ShellWord {
    /// The word as one text.
    func text(of variables: [String: String]) throws(RunRefusal) -> String {
        do { return try text(variables) } catch { throw RunRefusal(error) }
    }

    /// Whether a text matches the word as a pattern.
    func isMatch(_ text: String, _ variables: [String: String]) throws(RunRefusal) -> Bool {
        do { return try matches(text, variables) } catch { throw RunRefusal(error) }
    }
}
