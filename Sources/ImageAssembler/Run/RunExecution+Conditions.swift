extension RunExecution {
    /// The status of a command that only asks something; nil for another command.
    mutating func answer(
        _ known: RunCommand,
        _ name: String,
        _ arguments: [String],
        _ surroundings: Surroundings
    ) throws(RunRefusal) -> Int? {
        switch known {
        case .true, .nothing: return 0
        case .false: return 1
        case .test: return try isMet(arguments, surroundings) ? 0 : 1
        case .bracket:
            guard arguments.last == "]" else { throw .fails(name, reason: "its ']' is missing") }
            return try isMet(arguments.dropLast(), surroundings) ? 0 : 1
        case .getent: return try entry(arguments)
        case .id: return try identity(arguments)
        default: return nil
        }
    }

    // POSIX, test: what the arguments mean depends on how many they are.
    private func isMet(_ arguments: [String], _ surroundings: Surroundings) throws(RunRefusal) -> Bool {
        switch arguments.count {
        case 0: return false
        case 1: return !arguments[0].isEmpty
        case 2 where arguments[0] == "!": return arguments[1].isEmpty
        case 2: return try isMet(arguments[0], of: arguments[1])
        case 3:
            if let result = try comparison(arguments, surroundings) { return result }
            guard arguments[0] == "!" else { throw .form("test", reason: "'\(arguments[1].prefix(64))' isn't known") }
            return try !isMet(Array(arguments.dropFirst()), surroundings)
        case 4 where arguments[0] == "!": return try !isMet(Array(arguments.dropFirst()), surroundings)
        default: throw .form("test", reason: "several conditions: write && or || between two tests")
        }
    }

    private func isMet(_ operation: String, of operand: String) throws(RunRefusal) -> Bool {
        switch operation {
        case "-n": return !operand.isEmpty
        case "-z": return operand.isEmpty
        case "-h", "-L":
            guard case .link? = try node(at: operand, isFollowed: false)?.kind else { return false }
            return true
        default: break
        }
        guard ["-e", "-f", "-d", "-s", "-r", "-w", "-x", "-p", "-b", "-c", "-S", "-u", "-g", "-k"].contains(operation)
        else { throw .form("test", reason: "'\(operation.prefix(64))' isn't known") }
        guard let node = try node(at: operand, isFollowed: true) else { return false }
        switch (operation, node.kind) {
        // Root may read and write all, and run what somebody may run.
        case ("-e", _), ("-r", _), ("-w", _): return true
        case ("-f", .file), ("-d", .directory), ("-p", .pipe): return true
        case ("-b", .device(let isBlock, _, _)): return isBlock
        case ("-c", .device(let isBlock, _, _)): return !isBlock
        case ("-x", .directory): return true
        case ("-x", _): return node.mode & 0o111 != 0
        case ("-s", .file(let content)): return content.size > 0
        case ("-s", _): throw .form("test", reason: "-s of what is not a file")
        case ("-u", _): return node.mode & 0o4000 != 0
        case ("-g", _): return node.mode & 0o2000 != 0
        case ("-k", _): return node.mode & 0o1000 != 0
        default: return false
        }
    }

    private func comparison(_ arguments: [String], _ surroundings: Surroundings) throws(RunRefusal) -> Bool? {
        let (left, operation, right) = (arguments[0], arguments[1], arguments[2])
        switch operation {
        // Two forms of Unicode (NFC, NFD) are one text, and other bytes.
        case "=": return left.utf8.elementsEqual(right.utf8)
        case "!=": return !left.utf8.elementsEqual(right.utf8)
        case "==":
            guard surroundings.builtIn != .dash else {
                throw .fails("test", reason: "dash, this stage's /bin/sh, has no '==': write '='")
            }
            return left.utf8.elementsEqual(right.utf8)
        case "-eq", "-ne", "-lt", "-le", "-gt", "-ge":
            let numbers = [left, right].compactMap { Self.integer($0) }
            guard numbers.count == 2 else { throw .fails("test", reason: "'\(operation)' compares numbers") }
            switch operation {
            case "-eq": return numbers[0] == numbers[1]
            case "-ne": return numbers[0] != numbers[1]
            case "-lt": return numbers[0] < numbers[1]
            case "-le": return numbers[0] <= numbers[1]
            case "-gt": return numbers[0] > numbers[1]
            default: return numbers[0] >= numbers[1]
            }
        default: return nil
        }
    }

    private static func integer(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// What stands at a path; nil where nothing does.
    private func node(at path: String, isFollowed: Bool) throws(RunRefusal) -> FileNode? {
        guard !path.isEmpty else { return nil }
        let absolute = path.hasPrefix("/") ? path : StageTree.join(directory, path)
        var components = StageTree.components(absolute)
        guard !components.contains("..") else { throw .form("test", reason: "'..' in its path") }
        var place = ""
        do throws(StageTree.PathProblem) {
            let isFollowed = isFollowed || absolute.hasSuffix("/") || components.last == "."
            let last = isFollowed ? nil : components.popLast().map(String.init)
            place = try tree.resolve(components.joined(separator: "/"))
            if let last { place = StageTree.join(place, last) }
            try tree.check(place)
        } catch {
            if case .linkLoop = error { return nil }
            throw .fails("test", reason: error.text)
        }
        try checkOwn(place, "test")
        // The directories on the way have to be some.
        var parent = StageTree.parent(of: place)
        while !parent.isEmpty {
            guard tree[parent]?.isDirectory == true else { return nil }
            parent = StageTree.parent(of: parent)
        }
        guard absolute.hasSuffix("/"), !place.isEmpty else { return tree[place] }
        return tree[place]?.isDirectory == true ? tree[place] : nil
    }

    // MARK: Users and groups

    /// The command `getent passwd|group NAME`.
    private mutating func entry(_ arguments: [String]) throws(RunRefusal) -> Int {
        guard arguments.count == 2, ["passwd", "group"].contains(arguments[0]),
            RunArguments.number(arguments[1]) == nil
        else { throw .form("getent", reason: "write getent passwd NAME, or getent group NAME") }
        guard let entry = try accounts("etc/" + arguments[0], "getent")?.entry(named: arguments[1]) else { return 2 }
        try print(Array((entry.joined(separator: ":") + "\n").utf8), "getent")
        return 0
    }

    /// The command `id [-u] [-g] NAME`.
    private mutating func identity(_ arguments: [String]) throws(RunRefusal) -> Int {
        let arguments = try RunArguments(arguments, of: "id", flags: "ug", long: ["user": "u", "group": "g"])
        guard let name = arguments.operands.first, arguments.operands.count == 1, arguments.flags.count < 2,
            RunArguments.number(name) == nil
        else { throw .form("id", reason: "write id NAME, id -u NAME or id -g NAME") }
        guard let entry = try accounts("etc/passwd", "id")?.entry(named: name), entry.count > 3 else { return 1 }
        guard let flag = arguments.flags.first else {
            guard !script.keepsPrint else { throw .form("id", reason: "without -u or -g it prints many things") }
            return 0
        }
        try print(Array((entry[flag == "u" ? 2 : 3] + "\n").utf8), "id")
        return 0
    }
}
