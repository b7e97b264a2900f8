import ContentAddress

extension RunExecution {
    /// The settings of Debian's `/etc/login.defs` that count here: with others the programs do something else.
    private static let settings = [
        "UID_MIN": "1000", "UID_MAX": "60000", "GID_MIN": "1000", "GID_MAX": "60000", "SYS_UID_MIN": "101",
        "SYS_UID_MAX": "999", "SYS_GID_MIN": "101", "SYS_GID_MAX": "999", "SUB_UID_MIN": "100000",
        "SUB_UID_MAX": "600100000", "SUB_UID_COUNT": "65536", "SUB_GID_MIN": "100000", "SUB_GID_MAX": "600100000",
        "SUB_GID_COUNT": "65536", "UMASK": "022", "HOME_MODE": "0755", "USERGROUPS_ENAB": "yes", "PASS_MIN_DAYS": "0",
        "PASS_MAX_DAYS": "99999", "PASS_WARN_AGE": "7", "CREATE_HOME": "no",
    ]
    private static let firstSubordinate = 100_000
    private static let subordinateCount = 65_536

    /// `groupadd [-r] [-f] [-g GID] GROUP` of Debian's package passwd.
    mutating func shadowAddGroup(_ arguments: [String]) throws(RunRefusal) {
        let command = "groupadd"
        let arguments = try RunArguments(
            arguments,
            of: command,
            flags: "rf",
            values: "g",
            long: ["system": "r", "force": "f", "gid": "g"]
        )
        guard let name = arguments.operands.first, arguments.operands.count == 1 else {
            throw .fails(command, reason: "it takes one group")
        }
        try checkSettings(command)
        if arguments.flags.contains("f"), try accounts("etc/group", command)?.entry(named: name) != nil { return }
        let gid = try arguments.values["g"].map { text throws(RunRefusal) in try Self.identifier(text, command) }
        guard !arguments.flags.contains("f") || gid == nil else {
            throw .form(command, reason: "-f with -g takes another number in silence")
        }
        try addShadowGroup(name, gid: gid, isSystem: arguments.flags.contains("r"), members: [:], command)
    }

    /// Adds a group, where there is one, and members to others, as one change of the two files.
    @discardableResult
    private mutating func addShadowGroup(
        _ name: String?,
        gid: UInt32?,
        isSystem: Bool,
        preferred: UInt32? = nil,
        members: [String: String],
        _ command: String
    ) throws(RunRefusal) -> UInt32 {
        guard var groups = try accounts("etc/group", command), var shadow = try accounts("etc/gshadow", command) else {
            throw .circumstances("\(command): this stage has no /etc/group and /etc/gshadow, as Debian's has")
        }
        var number: UInt32 = 0
        for (group, member) in members.sorted(by: { $0.key < $1.key }) {
            guard groups.entry(named: group) != nil else {
                throw .fails(command, reason: "there is no group '\(group.prefix(64))'")
            }
            groups.addMember(member, to: group)
            shadow.addMember(member, to: group)
        }
        if let name {
            try Self.checkName(name, command)
            guard groups.entry(named: name) == nil else {
                throw .fails(command, reason: "there is a group '\(name)' already")
            }
            let used = groups.numbers(in: 2)
            if let gid {
                number = gid
            } else {
                number = try Self.free(used, isSystem: isSystem, preferred: preferred, command)
            }
            guard !used.contains(number) else {
                throw .fails(command, reason: "the number \(number) is a group's already")
            }
            groups.append("\(name):x:\(number):")
            shadow.append("\(name):!::")
        }
        try write(groups, to: "etc/group", command)
        try write(shadow, to: "etc/gshadow", command)
        try makeLock()
        return number
    }

    /// `useradd` of Debian's package passwd.
    mutating func shadowAddUser(_ arguments: [String]) throws(RunRefusal) {
        let command = "useradd"
        let arguments = try RunArguments(
            arguments,
            of: command,
            flags: "rmMUl",
            values: "ugGsdc",
            long: [
                "system": "r", "create-home": "m", "no-create-home": "M", "user-group": "U", "no-log-init": "l",
                "uid": "u", "gid": "g", "groups": "G", "shell": "s", "home-dir": "d", "home": "d", "comment": "c",
            ]
        )
        guard let name = arguments.operands.first, arguments.operands.count == 1 else {
            throw .fails(command, reason: "it takes one user")
        }
        try Self.checkName(name, command)
        try checkSettings(command)
        let isSystem = arguments.flags.contains("r")
        guard var users = try accounts("etc/passwd", command), var shadow = try accounts("etc/shadow", command) else {
            throw .circumstances("\(command): this stage has no /etc/passwd and /etc/shadow, as Debian's has")
        }
        guard users.entry(named: name) == nil else {
            throw .fails(command, reason: "there is a user '\(name)' already")
        }
        guard
            arguments.flags.contains("l")
                || ["lastlog", "faillog"].allSatisfy({ tree["var/log/\($0)"]?.size ?? 0 == 0 })
        else { throw .form(command, reason: "this stage has a log of logins: take -l") }
        let used = users.numbers(in: 2)
        let given = try arguments.values["u"].map { text throws(RunRefusal) in try Self.identifier(text, command) }
        let uid: UInt32
        if let given { uid = given } else { uid = try Self.free(used, isSystem: isSystem, preferred: nil, command) }
        guard !used.contains(uid) else { throw .fails(command, reason: "the number \(uid) is a user's already") }
        let others = (arguments.values["G"] ?? "").split(separator: ",").map(String.init)
        let members = Dictionary(others.map { ($0, name) }) { first, _ in first }
        let gid: UInt32
        if let group = arguments.values["g"] {
            guard !arguments.flags.contains("U") else { throw .form(command, reason: "-g with -U") }
            gid = try self.group(group, command)
            guard try accounts("etc/group", command)?.numbers(in: 2).contains(gid) == true else {
                throw .fails(command, reason: "there is no group \(gid)")
            }
            if !members.isEmpty {
                try addShadowGroup(nil, gid: nil, isSystem: isSystem, members: members, command)
            }
        } else {
            gid = try addShadowGroup(
                name,
                gid: nil,
                isSystem: isSystem,
                preferred: uid,
                members: members,
                command
            )
        }
        let home = arguments.values["d"] ?? "/home/" + name
        let shell = arguments.values["s"] ?? "/bin/sh"
        let comment = arguments.values["c"] ?? ""
        guard ![home, shell, comment].contains(where: { $0.contains(":") || $0.contains("\n") }), home.hasPrefix("/")
        else {
            throw .form(command, reason: "a colon in a field, or a home that isn't a path from the root")
        }
        users.append("\(name):x:\(uid):\(gid):\(comment):\(home):\(shell)")
        try write(users, to: "etc/passwd", command)
        shadow.append("\(name):!:\(day):" + (isSystem ? ":::::" : "0:99999:7:::"))
        try write(shadow, to: "etc/shadow", command)
        if !isSystem, given.map(Self.hasSubordinates) ?? true { try addSubordinates(name, command) }
        try makeLock()
        if arguments.flags.contains("m"), !arguments.flags.contains("M") {
            try makeHome(home, Owner(uid: uid, gid: gid), command)
        }
    }

    private mutating func makeHome(_ home: String, _ owner: Owner, _ command: String) throws(RunRefusal) {
        let place = try place(home, command)
        guard tree[place] == nil else { return }
        tree[place] = FileNode(kind: .directory, mode: 0o755, owner: owner, modified: epoch)
        for path in tree.descendants(of: "etc/skel") {
            guard var node = tree[StageTree.join("etc/skel", path)] else { continue }
            if case .link = node.kind { throw .form(command, reason: "a link in /etc/skel") }
            node.owner = owner
            tree[StageTree.join(place, path)] = node
        }
    }

    // A number that was asked for outside of the range for users gets none.
    private static func hasSubordinates(_ uid: UInt32) -> Bool { uid == 0 || (1000...60_000).contains(uid) }

    // Each user gets the first range that is free, where the two files are there.
    private mutating func addSubordinates(_ name: String, _ command: String) throws(RunRefusal) {
        for path in ["etc/subuid", "etc/subgid"] where tree[path] != nil {
            guard var file = try accounts(path, command) else { continue }
            var start = Self.firstSubordinate
            let ranges = file.entries.compactMap { fields -> (start: Int, end: Int)? in
                guard fields.count == 3, let start = Int(fields[1]), let count = Int(fields[2]), count > 0,
                    start < 1 << 40, count < 1 << 40
                else { return nil }
                return (start, start + count)
            }
            guard ranges.count == file.lines.count else { throw .form(command, reason: "'/\(path)' isn't as Debian's") }
            for range in ranges.sorted(by: { $0.start < $1.start }) where range.end > start {
                if range.start - start >= Self.subordinateCount { break }
                start = range.end
            }
            file.append("\(name):\(start):\(Self.subordinateCount)")
            try write(file, to: path, command)
        }
    }

    private mutating func makeLock() throws(RunRefusal) {
        guard tree["etc/.pwd.lock"] == nil else { return }
        tree["etc/.pwd.lock"] = made(.file(.text(.of([UInt8]()), [])), mode: 0o600, at: "etc/.pwd.lock")
    }

    private func checkSettings(_ command: String) throws(RunRefusal) {
        for path in ["etc/login.defs", "etc/default/useradd"] {
            guard let place = try? tree.resolve(path), let bytes = try bytes(of: place, command) else {
                throw .circumstances("\(command): this stage has no /\(path), as Debian's has")
            }
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
                let fields = line.split { $0 == " " || $0 == "\t" || $0 == "=" }.map(String.init)
                guard fields.count > 1 else { continue }
                let isOther =
                    path == "etc/login.defs"
                    ? Self.settings[fields[0]].map { $0 != fields[1] } ?? false
                    : fields[0] != "SHELL" || fields[1] != "/bin/sh"
                if isOther {
                    throw .circumstances("\(command): /\(path) in this stage sets \(fields[0]), and not as Debian does")
                }
            }
        }
    }

    private static func identifier(_ text: String, _ command: String) throws(RunRefusal) -> UInt32 {
        guard let number = RunArguments.number(text), number < UInt32(Int32.max) else {
            throw .fails(command, reason: "'\(text.prefix(64))' is not a number")
        }
        return number
    }

    // The programs look next to the numbers in use, and only then for gaps: where that could be two numbers, the file
    // has to say which.
    private static func free(
        _ used: Set<UInt32>,
        isSystem: Bool,
        preferred: UInt32?,
        _ command: String
    ) throws(RunRefusal) -> UInt32 {
        let range: ClosedRange<UInt32> = isSystem ? 101...999 : 1000...60_000
        if let preferred, range.contains(preferred), !used.contains(preferred) { return preferred }
        let own = used.filter(range.contains)
        let gap = isSystem ? range.reversed().first { !own.contains($0) } : range.first { !own.contains($0) }
        let next = isSystem ? (own.min() ?? 1000) - 1 : (own.max() ?? 999) + 1
        guard let gap, gap == next else { throw .form(command, reason: "name the number, by -u or -g") }
        return gap
    }
}

extension FileNode {
    /// A file's size in bytes; 0 for others.
    fileprivate var size: Int64 { if case .file(let content) = kind { content.size } else { 0 } }
}
