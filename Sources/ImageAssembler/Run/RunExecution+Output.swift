import ContentAddress
import Dockerfile

extension RunExecution {
    /// As much as a file may hold that is read or written, in bytes.
    static let longestText = 1 << 20

    /// What `echo`, `printf` and `cat` print; nil for another command.
    func output(of command: RunCommand, _ arguments: [String], input: String?) throws(RunRefusal) -> [UInt8]? {
        switch command {
        case .echo: try Self.echo(arguments)
        case .printf: try Self.printf(arguments)
        case .cat: try concatenation(arguments, input)
        default: nil
        }
    }

    private static func echo(_ arguments: [String]) throws(RunRefusal) -> [UInt8] {
        var words = arguments[...]
        let endsLine = words.first != "-n"
        if !endsLine { words.removeFirst() }
        // Shells differ in what they make of these.
        if words.first?.hasPrefix("-") == true { throw .form("echo", reason: "a dash at the start: take printf") }
        if words.contains(where: { $0.contains("\\") }) { throw .form("echo", reason: "a backslash: take printf") }
        return Array((words.joined(separator: " ") + (endsLine ? "\n" : "")).utf8)
    }

    private static func printf(_ arguments: [String]) throws(RunRefusal) -> [UInt8] {
        guard let format = arguments.first, !format.hasPrefix("-") else {
            throw .form("printf", reason: "write printf FORMAT [WORD…]")
        }
        var words = arguments.dropFirst()
        var text = ""
        while true {
            let before = words.count
            var scalars = format.unicodeScalars[...]
            while let scalar = scalars.popFirst() {
                switch (scalar, scalar == "\\" || scalar == "%" ? scalars.popFirst() : nil) {
                case ("\\", "n"): text += "\n"
                case ("\\", "r"): text += "\r"
                case ("\\", "t"): text += "\t"
                case ("\\", "\\"): text += "\\"
                case ("%", "%"): text += "%"
                case ("%", "s"): text += words.popFirst() ?? ""
                case ("\\", let next), ("%", let next):
                    throw .form(
                        "printf",
                        reason:
                            "'\(scalar)\(next.map(String.init) ?? "")' in the format: \\n \\r \\t \\\\ %s %% are known"
                    )
                default: text.unicodeScalars.append(scalar)
                }
                guard text.utf8.count <= longestText else { throw .form("printf", reason: "it prints more than 1 MiB") }
            }
            // A format without %s is used once, whatever follows it.
            if words.isEmpty || words.count == before { return Array(text.utf8) }
        }
    }

    private func concatenation(_ arguments: [String], _ input: String?) throws(RunRefusal) -> [UInt8] {
        let paths = try RunArguments(arguments, of: "cat", flags: "").operands
        if let input {
            guard paths.isEmpty || paths == ["-"] else { throw .form("cat", reason: "a here-document beside files") }
            return Array(input.utf8)
        }
        guard !paths.isEmpty else { throw .form("cat", reason: "it names no file") }
        var bytes: [UInt8] = []
        for path in paths {
            guard path != "-" else { throw .form("cat", reason: "standard input is empty here") }
            let place = try followed(path, "cat")
            guard let content = try self.bytes(of: place, "cat") else {
                throw .fails("cat", reason: "'/\(place)' is not a file")
            }
            bytes += content
            guard bytes.count <= Self.longestText else { throw .form("cat", reason: "it prints more than 1 MiB") }
        }
        return bytes
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
    mutating func write(_ text: [UInt8], to output: ShellLine.Output) throws(RunRefusal) {
        let epoch = epoch
        if ["/dev/null", "/dev/stdout", "/dev/stderr"].contains(output.path) { return }
        let place = try followed(output.path, ">")
        guard let node = tree[place] else {
            tree[place] = made(.file(.text(.of(text), text)), mode: 0o644, at: place)
            return
        }
        guard case .file = node.kind else { throw .fails(">", reason: "'/\(place)' is not a file") }
        guard node.mode & 0o6000 == 0, node.extendedAttributes["security.capability"] == nil else {
            throw .form(">", reason: "'/\(place)' has set-id bits or capabilities")
        }
        var bytes = text
        if output.isAppended { bytes = (try self.bytes(of: place, ">>") ?? []) + text }
        guard bytes.count <= Self.longestText else { throw .form(">>", reason: "the file is larger than 1 MiB") }
        try change(place, ">") { node in
            (node.kind, node.modified) = (.file(.text(.of(bytes), bytes)), epoch)
        }
    }
}
