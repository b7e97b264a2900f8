import ContentAddress

/// One of the files of users and groups: lines of fields between colons.
struct AccountFile {
    private(set) var lines: [String]

    init(_ bytes: [UInt8]) {
        // By bytes: a carriage return and a line feed are one `Character`.
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        // The newline at the end ends a line, and begins none.
        if lines.last == "" { lines.removeLast() }
    }

    /// The fields of each line.
    var entries: [[String]] {
        lines.map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The first entry of a name.
    func entry(named name: String) -> [String]? { entries.first { $0.first == name } }

    /// The numbers in a field of all entries.
    func numbers(in field: Int) -> Set<UInt32> {
        Set(entries.compactMap { $0.indices.contains(field) ? RunArguments.number($0[field]) : nil })
    }

    /// Adds a line at the end.
    mutating func append(_ line: String) { lines.append(line) }

    /// Adds a member to the last field of an entry.
    mutating func addMember(_ member: String, to name: String) {
        for index in lines.indices where lines[index].hasPrefix(name + ":") {
            lines[index] += (lines[index].hasSuffix(":") ? "" : ",") + member
        }
    }

    /// Sets a field of the first entry of a name.
    mutating func setField(_ field: Int, of name: String, to value: String) {
        guard let index = lines.firstIndex(where: { $0.hasPrefix(name + ":") }) else { return }
        var fields = lines[index].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard fields.indices.contains(field) else { return }
        fields[field] = value
        lines[index] = fields.joined(separator: ":")
    }

    /// The file's bytes.
    var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
}

extension RunExecution {
    /// An owner and a group as `chown` names them; nil is what stays as it is.
    ///
    /// The old form `user.group` is busybox's wherever there is a dot, and coreutils' where there is no colon, and no
    /// user of that name.
    func owner(_ text: String, _ command: String, _ program: Program) throws(RunRefusal) -> (uid: UInt32?, gid: UInt32?)
    {
        var separator: Character = ":"
        if text.contains("."), program == .busybox {
            separator = "."
        } else if text.contains("."), !text.contains(":") {
            separator = try accounts("etc/passwd", command)?.entry(named: text) == nil ? "." : ":"
        }
        let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var result: (uid: UInt32?, gid: UInt32?) = (nil, nil)
        if !parts[0].isEmpty {
            result.uid = try user(parts[0], command)
            if parts.count > 1, parts[1].isEmpty {
                let entry = try accounts("etc/passwd", command)?.entry(named: parts[0])
                guard let gid = entry?.dropFirst(3).first.flatMap({ RunArguments.number($0) }) else {
                    throw .fails(command, reason: "'\(text.prefix(64))' names no group")
                }
                result.gid = gid
            }
        }
        if parts.count > 1, !parts[1].isEmpty { result.gid = try group(parts[1], command) }
        return result
    }

    /// A user's number, by its name or as a number.
    func user(_ text: String, _ command: String) throws(RunRefusal) -> UInt32 {
        try number(of: text, in: "etc/passwd", "user", command)
    }

    /// A group's number, by its name or as a number.
    func group(_ text: String, _ command: String) throws(RunRefusal) -> UInt32 {
        try number(of: text, in: "etc/group", "group", command)
    }

    // The third field of both files; a name goes before a number that is spelt the same.
    private func number(
        of text: String,
        in file: String,
        _ kind: String,
        _ command: String
    ) throws(RunRefusal) -> UInt32 {
        let entry = try accounts(file, command)?.entry(named: text)
        guard let id = entry?.dropFirst(2).first.flatMap({ RunArguments.number($0) }) ?? RunArguments.number(text)
        else {
            throw .fails(command, reason: "there is no \(kind) '\(text.prefix(64))'")
        }
        return id
    }

    /// A file of users or groups; nil when there is none.
    func accounts(_ path: String, _ command: String) throws(RunRefusal) -> AccountFile? {
        guard let place = try? tree.resolve(path) else { return nil }
        guard let bytes = try bytes(of: place, command) else { return nil }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .form(command, reason: "'/\(path)' is not UTF-8 text")
        }
        return AccountFile(bytes)
    }

    /// Writes a file of users or groups, with the one before as `NAME-` beside it: all programs leave that.
    mutating func write(_ file: AccountFile, to path: String, _ command: String) throws(RunRefusal) {
        guard let node = tree[path], case .file = node.kind else {
            throw .form(command, reason: "'/\(path)' is a link")
        }
        tree[path + "-"] = node
        var new = node
        let bytes = file.bytes
        new.kind = .file(.text(.of(bytes), bytes))
        new.modified = epoch
        tree[path] = new
    }

    /// A name that all programs take for a user or a group.
    static func checkName(_ name: String, _ command: String) throws(RunRefusal) {
        let isPlain = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
        }
        guard isPlain, (1...31).contains(name.utf8.count), let first = name.first, first.isLetter || first == "_" else {
            throw .form(
                command,
                reason: "the name '\(name.prefix(64))': lower-case letters, digits, '_' and '-', led by a letter"
            )
        }
    }

    /// The days from 1970 to the time of all that is made, as `/etc/shadow` has them.
    var day: Int64 { epoch / 86_400 }
}
