/// The options and operands of a command.
struct RunArguments {
    private(set) var flags: Set<Character> = []
    private(set) var values: [Character: String] = [:]
    private(set) var operands: [String] = []

    /// Reads arguments: letters without a value, letters with one, and long names of either; operands may stand between.
    init(
        _ arguments: [String],
        of command: String,
        flags known: String,
        values valued: String = "",
        long: [String: Character] = [:]
    ) throws(RunRefusal) {
        var rest = arguments[...]
        var isOver = false
        while let argument = rest.popFirst() {
            guard !isOver, argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            if argument == "--" {
                isOver = true
            } else if argument.hasPrefix("--") {
                let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let letter = long[String(parts[0])] else { throw Self.unknown(argument, command) }
                if valued.contains(letter) {
                    guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
                        throw .fails(command, reason: "\(argument) lacks its value")
                    }
                    values[letter] = value
                } else {
                    guard parts.count == 1 else { throw Self.unknown(argument, command) }
                    flags.insert(letter)
                }
            } else {
                var letters = argument.dropFirst()
                while let letter = letters.popFirst() {
                    if valued.contains(letter) {
                        guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
                            throw .fails(command, reason: "-\(letter) lacks its value")
                        }
                        values[letter] = value
                        break
                    }
                    guard known.contains(letter) else { throw Self.unknown("-\(letter)", command) }
                    flags.insert(letter)
                }
            }
        }
    }

    /// Takes the first operand; there has to be one.
    mutating func takeOperand() -> String { operands.isEmpty ? "" : operands.removeFirst() }

    private static func unknown(_ option: String, _ command: String) -> RunRefusal {
        .form(command, reason: "its option \(option.prefix(64)) isn't among those of docs/run.md")
    }

    /// A number of the given digits; nil for anything else.
    static func number(_ text: String, radix: Int = 10) -> UInt32? {
        text.isEmpty || !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? nil : UInt32(text, radix: radix)
    }
}

extension RunExecution {
    /// Where a command's path leads: its directory with links followed, and the last name as it stands.
    ///
    /// The directory must be there. A path that ends with a slash or a dot, or is one, is followed to its end.
    func place(_ path: String, _ command: String) throws(RunRefusal) -> String {
        guard !path.isEmpty else { throw .fails(command, reason: "a path is empty") }
        let absolute = path.hasPrefix("/") ? path : StageTree.join(directory, path)
        let name = StageTree.components(absolute).last ?? ""
        let place: String
        do throws(StageTree.PathProblem) {
            if absolute.hasSuffix("/") || name.isEmpty || name == "." || name == ".." {
                place = try tree.resolve(absolute, strictly: true)
            } else {
                let components = StageTree.components(absolute).dropLast()
                let parent = try tree.resolve(components.joined(separator: "/"), strictly: true)
                place = StageTree.join(parent, String(name))
            }
            try tree.check(place)
        } catch {
            throw .fails(command, reason: error.text)
        }
        let parent = StageTree.parent(of: place)
        guard tree[parent]?.isDirectory == true else {
            throw .fails(command, reason: "there is no directory '/\(parent)'")
        }
        try checkOwn(place, command)
        if absolute.hasSuffix("/") {
            let isWrong = tree[place].map { !$0.isDirectory } ?? Self.makingFiles.contains(command)
            if isWrong { throw .fails(command, reason: "'\(path.prefix(256))' is not a directory") }
        }
        return place
    }

    /// What makes files and links, which a slash behind the name doesn't allow.
    private static let makingFiles: Set = ["touch", "ln", "tee", ">"]

    /// What engines put there while a RUN runs.
    private static let mounted = [
        "dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf", "run/secrets", "run/.containerenv",
        ".dockerenv",
    ]

    /// Throws for a place that is the engine's own while a RUN runs.
    func checkOwn(_ place: String, _ command: String) throws(RunRefusal) {
        guard !Self.mounted.contains(where: { StageTree.isWithin(place, $0) }) else {
            throw .form(command, reason: "'/\(place)' is the engine's own while a RUN runs")
        }
    }

    /// Throws for a directory in which something is the engine's own while a RUN runs.
    ///
    /// Every engine puts what is in `/etc` there whether the image has it or not.
    func checkWhollyOwn(_ place: String, _ command: String) throws(RunRefusal) {
        let inside = Self.mounted.first { path in
            StageTree.isWithin(path, place) && (tree[path] != nil || path.hasPrefix("etc/")) || path == place
        }
        if let inside {
            throw .form(
                command,
                reason: "'/\(inside)', in '/\(place)', is the engine's own while a RUN runs: name what is meant"
            )
        }
    }

    /// Throws for a link with a slash behind it: to some commands that is the link, and to others where it leads.
    func checkNoLink(_ path: String, _ command: String) throws(RunRefusal) {
        guard path.count > 1, path.hasSuffix("/") else { return }
        let bare = String(path.utf8.prefix(path.utf8.count - 1)) ?? ""
        if case .link? = tree[try place(bare, command)]?.kind {
            throw .form(command, reason: "'\(path.prefix(128))' is a link with a slash behind it")
        }
    }

    /// Two sources of one name: coreutils refuse the second, and busybox writes it over the first.
    static func written(twice path: String, _ command: String) -> RunRefusal {
        .form(command, reason: "'\(path.prefix(256))' would be written twice")
    }

    /// Where a path leads when its last link is followed, too.
    func followed(_ path: String, _ command: String) throws(RunRefusal) -> String {
        let place = try place(path, command)
        guard case .link? = tree[place]?.kind else { return place }
        do {
            return try self.place("/" + tree.resolve(place), command)
        } catch let error as StageTree.PathProblem {
            throw .fails(command, reason: error.text)
        } catch let refusal as RunRefusal {
            throw refusal
        } catch {
            throw .fails(command, reason: "\(error)")
        }
    }

    /// What is made in a directory: root's, but a directory with the set-group-id bit hands on its group.
    func made(_ kind: FileNode.Kind, mode: UInt16, at place: String) -> FileNode {
        var node = FileNode(kind: kind, mode: mode, owner: Owner(), modified: epoch)
        guard let parent = tree[StageTree.parent(of: place)], parent.mode & 0o2000 != 0 else { return node }
        node.owner.gid = parent.owner.gid
        if node.isDirectory { node.mode |= 0o2000 }
        return node
    }

    /// Changes a file in its place.
    ///
    /// A file with several names is refused: whether the others change with it depends on the engine's storage.
    mutating func change(_ place: String, _ command: String, _ body: (inout FileNode) -> Void) throws(RunRefusal) {
        guard var node = tree[place], !place.isEmpty else {
            throw place.isEmpty
                ? .form(command, reason: "the root itself can't be changed")
                : .fails(command, reason: "there is no '/\(place)'")
        }
        let old = node
        body(&node)
        guard node != old else { return }
        try checkSoleName(place, command)
        tree[place] = node
    }

    /// Throws for a file of the base with several names.
    mutating func checkSoleName(_ place: String, _ command: String) throws(RunRefusal) {
        guard tree.isOfBase(place), case .file(let content)? = tree[place]?.kind, nameCount(of: content) > 1 else {
            return
        }
        throw .form(
            command,
            reason:
                "'/\(place)' has several names in the base (hard links), which may change with it: copy it to a name "
                + "of its own first"
        )
    }

    /// The places of a directory and of everything in it, or of a file.
    func all(below place: String) -> [String] {
        [place] + tree.descendants(of: place).map { StageTree.join(place, $0) }
    }

    // Hard links share the place of their bytes, and so does what was copied: only the base's own names count. Counted
    // once: a walk may change thousands of files.
    private mutating func nameCount(of content: FileContent) -> Int {
        guard case .member = content, content.size > 0 else { return 1 }
        if nameCounts == nil {
            var counts: [FileContent: Int] = [:]
            for path in tree.descendants(of: "") where tree.isOfBase(path) {
                if case .file(let content)? = tree[path]?.kind, case .member = content {
                    counts[content, default: 0] += 1
                }
            }
            nameCounts = counts
        }
        return nameCounts?[content] ?? 1
    }
}
