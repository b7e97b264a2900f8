import ContentAddress
import Dockerfile

extension RunExecution {
    /// As much as a file may hold that is read or written, in bytes.
    static let longestText = 1 << 20

    /// What a command prints; nil for one that prints nothing.
    mutating func output(
        of command: RunCommand,
        _ arguments: [String],
        _ surroundings: Surroundings
    ) throws(RunRefusal) -> [UInt8]? {
        switch command {
        case .echo: try PrintedText.echo(arguments, surroundings)
        case .printf: try PrintedText.printf(arguments, surroundings)
        case .cat: try concatenation(arguments, surroundings.input)
        case .tee: try split(arguments, surroundings.input)
        default: nil
        }
    }

    /// Prints to the innermost file or pipe; what is only shown is dropped.
    mutating func print(_ text: [UInt8], _ command: String) throws(RunRefusal) {
        let last = script.outputs.count - 1
        switch script.outputs.last {
        case nil, .nowhere?: return
        case .pipe(let earlier)?:
            guard earlier.count + text.count <= Self.longestText else {
                throw .form(command, reason: "more than 1 MiB is printed")
            }
            script.outputs[last] = .pipe(earlier + text)
        case .file(let place, let kind)?:
            guard !text.isEmpty else { return }
            guard tree[place]?.kind == kind else {
                throw .form(command, reason: "'/\(place)' was changed while it is open for what is printed")
            }
            try write(text, to: place, isAppended: true)
            if let kind = tree[place]?.kind { script.outputs[last] = .file(place, kind) }
        }
    }

    /// Throws for a file that the command, or one before it in the pipe, reads: what it finds then differs.
    func checkNotRead(_ place: String, _ command: String) throws(RunRefusal) {
        guard !script.read.contains(place) else {
            throw .form(command, reason: "'/\(place)' would be read and written at once")
        }
    }

    /// Throws for a file that what is printed goes to, unless there is nothing to read in it yet.
    ///
    /// Coreutils refuse it, and busybox finds no end. What an earlier command of the pipe writes may not be there yet.
    func checkNotWritten(_ place: String, _ command: String, isEmpty: Bool) throws(RunRefusal) {
        let isOpen = script.outputs.contains { if case .file(place, _) = $0 { true } else { false } }
        guard !script.written.contains(place), !isOpen || isEmpty else {
            throw .form(command, reason: "'/\(place)' would be read and written at once")
        }
    }

    /// Removes what stands at a place.
    mutating func remove(_ place: String, _ command: String) throws(RunRefusal) {
        for case .file(let open, _) in script.outputs where StageTree.isWithin(open, place) {
            throw .form(command, reason: "'/\(open)' is open for what is printed")
        }
        tree.remove(place)
    }

    private mutating func concatenation(_ arguments: [String], _ input: [UInt8]?) throws(RunRefusal) -> [UInt8] {
        let paths = try RunArguments(arguments, of: "cat", flags: "u").operands
        var bytes: [UInt8] = []
        for path in paths.isEmpty ? ["-"] : paths {
            if path == "-" {
                guard let input else { throw .form("cat", reason: "standard input is empty here") }
                bytes += input
            } else {
                let place = try followed(path, "cat")
                guard let content = try self.bytes(of: place, "cat") else {
                    throw .fails("cat", reason: "'/\(place)' is not a file")
                }
                try checkNotWritten(place, "cat", isEmpty: content.isEmpty && bytes.isEmpty)
                script.read.insert(place)
                bytes += content
            }
            guard bytes.count <= Self.longestText else { throw .form("cat", reason: "it prints more than 1 MiB") }
        }
        return bytes
    }

    /// The command `tee [-a] FILE…`, which also prints what it reads.
    private mutating func split(_ arguments: [String], _ input: [UInt8]?) throws(RunRefusal) -> [UInt8] {
        let arguments = try RunArguments(arguments, of: "tee", flags: "a", long: ["append": "a"])
        guard let input else { throw .form("tee", reason: "standard input is empty here") }
        for path in arguments.operands {
            guard path != "-" else { throw .form("tee", reason: "'-' among its files") }
            if path == "/dev/null" { continue }
            let place = try followed(path, "tee")
            try checkNotRead(place, "tee")
            try checkNotWritten(place, "tee", isEmpty: false)
            try write(input, to: place, isAppended: arguments.flags.contains("a"))
            script.written.insert(place)
        }
        return input
    }

    /// What a small file holds; nil when there is none.
    func bytes(of place: String, _ command: String) throws(RunRefusal) -> [UInt8]? {
        guard case .file(let content)? = tree[place]?.kind else { return nil }
        guard content.size <= Int64(Self.longestText) else {
            throw .form(command, reason: "'/\(place)' is larger than 1 MiB")
        }
        do {
            return try inputs.bytes(of: content, limit: Self.longestText)
        } catch {
            throw .fails(command, reason: "'/\(place)' can't be read")
        }
    }

    /// Puts a text into a file, which keeps its mode and owner, or is made with mode 0644.
    mutating func write(_ text: [UInt8], to place: String, isAppended: Bool) throws(RunRefusal) {
        let epoch = epoch
        guard let node = tree[place] else {
            guard text.count <= Self.longestText else { throw .form(">", reason: "the file is larger than 1 MiB") }
            tree[place] = made(.file(.text(.of(text), text)), mode: 0o644, at: place)
            return
        }
        guard case .file = node.kind else { throw .fails(">", reason: "'/\(place)' is not a file") }
        if text.isEmpty, isAppended { return }
        guard node.mode & 0o6000 == 0, node.extendedAttributes["security.capability"] == nil else {
            throw .form(">", reason: "'/\(place)' has set-id bits or capabilities")
        }
        var bytes = text
        if isAppended { bytes = (try self.bytes(of: place, ">>") ?? []) + text }
        guard bytes.count <= Self.longestText else { throw .form(">>", reason: "the file is larger than 1 MiB") }
        try change(place, ">") { node in
            (node.kind, node.modified) = (.file(.text(.of(bytes), bytes)), epoch)
        }
    }
}
