import Glibc

extension RunExecution {
    private static let lastNumber: UInt32 = 60_000

    /// `addgroup [-g GID] [-S] GROUP`, `addgroup USER GROUP` of busybox.
    mutating func addGroup(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "addgroup",
            flags: "S",
            values: "g",
            long: ["system": "S", "gid": "g"]
        )
        switch arguments.operands.count {
        case 1:
            let gid = try arguments.values["g"].map { text throws(RunRefusal) in try Self.identifier(text, "addgroup") }
            try addGroup(arguments.operands[0], gid: gid, isSystem: arguments.flags.contains("S"))
        case 2 where arguments.values.isEmpty: try join(arguments.operands[0], group: arguments.operands[1])
        default: throw .fails("addgroup", reason: "it takes a group, or a user and a group")
        }
    }

    private mutating func addGroup(_ name: String, gid: UInt32?, isSystem: Bool) throws(RunRefusal) {
        try Self.checkName(name, "addgroup")
        var groups = try required("etc/group", "addgroup")
        guard groups.entry(named: name) == nil else {
            throw .fails("addgroup", reason: "there is a group '\(name)' already")
        }
        let used = groups.numbers(in: 2)
        let number: UInt32
        if let gid {
            number = gid
        } else {
            number = try Self.free(isSystem: isSystem, "addgroup") { !used.contains($0) }
        }
        guard !used.contains(number) else {
            throw .fails("addgroup", reason: "the number \(number) is a group's already")
        }
        groups.append("\(name):x:\(number):")
        try write(groups, to: "etc/group", "addgroup")
        if var shadow = try accounts("etc/gshadow", "addgroup") {
            shadow.append("\(name):!::")
            try write(shadow, to: "etc/gshadow", "addgroup")
        }
    }

    private mutating func join(_ user: String, group: String) throws(RunRefusal) {
        guard try required("etc/passwd", "addgroup").entry(named: user) != nil else {
            throw .fails("addgroup", reason: "there is no user '\(user.prefix(64))'")
        }
        var groups = try required("etc/group", "addgroup")
        guard let entry = groups.entry(named: group) else {
            throw .fails("addgroup", reason: "there is no group '\(group.prefix(64))'")
        }
        if entry.last?.split(separator: ",").contains(Substring(user)) == true { return }
        groups.addMember(user, to: group)
        try write(groups, to: "etc/group", "addgroup")
        if var shadow = try accounts("etc/gshadow", "addgroup") {
            shadow.addMember(user, to: group)
            try write(shadow, to: "etc/gshadow", "addgroup")
        }
    }

    /// `adduser` of busybox: `[-S] [-D] [-H] [-h DIRECTORY] [-g GECOS] [-s SHELL] [-G GROUP] [-u UID] USER [GROUP]`.
    mutating func addUser(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "adduser",
            flags: "SDH",
            values: "hgsGu",
            long: [
                "home": "h", "gecos": "g", "shell": "s", "ingroup": "G", "disabled-password": "D",
                "empty-password": "D",
                "disabled-login": "D", "system": "S", "no-create-home": "H", "uid": "u",
            ]
        )
        guard let name = arguments.operands.first, arguments.operands.count <= 2 else {
            throw .fails("adduser", reason: "it names no user")
        }
        if arguments.operands.count == 2 {
            guard arguments.flags.isEmpty, arguments.values.isEmpty else {
                throw .form("adduser", reason: "options with a user and a group")
            }
            return try join(name, group: arguments.operands[1])
        }
        try Self.checkName(name, "adduser")
        let isSystem = arguments.flags.contains("S")
        guard isSystem || arguments.flags.contains("D") else {
            throw .form("adduser", reason: "without -D it asks for a password")
        }
        guard tree["etc/skel"] == nil || tree.children(of: "etc/skel").isEmpty || arguments.flags.contains("H") else {
            throw .form("adduser", reason: "this stage has files in /etc/skel: take -H, and mkdir and chown")
        }
        let group = arguments.values["G"] ?? (isSystem ? "nogroup" : nil)
        let gid = try group.map { text throws(RunRefusal) in try self.group(text, "adduser") }
        var users = try required("etc/passwd", "adduser")
        let groups = try required("etc/group", "adduser")
        guard users.entry(named: name) == nil else {
            throw .fails("adduser", reason: "there is a user '\(name)' already")
        }
        let used = users.numbers(in: 2)
        let usedGroups = groups.numbers(in: 2)
        let isFree = { (number: UInt32) in !used.contains(number) && (gid != nil || !usedGroups.contains(number)) }
        let given = try arguments.values["u"].map { text throws(RunRefusal) in try Self.identifier(text, "adduser") }
        let uid: UInt32
        if let given { uid = given } else { uid = try Self.free(isSystem: isSystem, "adduser", isFree) }
        guard isFree(uid) else { throw .fails("adduser", reason: "the number \(uid) is somebody's already") }
        if gid == nil, groups.entry(named: name) != nil {
            throw .fails("adduser", reason: "there is a group '\(name)' already: name it by -G")
        }
        let strings = try BusyboxStrings(in: self)
        let home = arguments.values["h"] ?? "/home/" + name
        let shell: String
        if let given = arguments.values["s"] {
            shell = given
        } else {
            shell = isSystem ? strings.systemShell : rootShell(users)
        }
        let gecos = arguments.values["g"] ?? strings.gecos
        guard ![home, shell, gecos].contains(where: { $0.contains(":") || $0.contains("\n") }) else {
            throw .form("adduser", reason: "a colon in a field")
        }
        users.append("\(name):x:\(uid):\(gid ?? uid):\(gecos):\(home):\(shell)")
        try write(users, to: "etc/passwd", "adduser")
        if var shadow = try accounts("etc/shadow", "adduser") {
            shadow.append("\(name):!:\(day):0:99999:7:::")
            try write(shadow, to: "etc/shadow", "adduser")
        }
        if let group {
            try join(name, group: group)
        } else {
            try addGroup(name, gid: uid, isSystem: false)
        }
        if !arguments.flags.contains("H") { try makeHome(home, Owner(uid: uid, gid: gid ?? uid)) }
    }

    // It goes on where the directory can't be made, and takes one that is there.
    private mutating func makeHome(_ home: String, _ owner: Owner) throws(RunRefusal) {
        guard home.hasPrefix("/") else {
            throw .form("adduser", reason: "the home '\(home)' is not a path from the root")
        }
        let parent = StageTree.parent(of: StageTree.clean(home))
        guard let directory = try? tree.resolve(parent), tree[directory]?.isDirectory == true else { return }
        let place = try followed(home, "adduser")
        if tree[place] == nil { tree[place] = made(.directory, mode: 0o755, at: place) }
        guard tree[place]?.isDirectory == true else { throw .form("adduser", reason: "'/\(place)' is not a directory") }
        try change(place, "adduser") { ($0.owner, $0.mode) = (owner, 0o2755) }
    }

    private func rootShell(_ users: AccountFile) -> String {
        if let loginShell, !loginShell.isEmpty { return loginShell }
        let shell = users.entries.first { $0.count > 6 && $0[2] == "0" }?[6] ?? ""
        return shell.isEmpty ? "/bin/sh" : shell
    }

    private func required(_ path: String, _ command: String) throws(RunRefusal) -> AccountFile {
        guard let file = try accounts(path, command) else { throw .fails(command, reason: "there is no '/\(path)'") }
        return file
    }

    private static func identifier(_ text: String, _ command: String) throws(RunRefusal) -> UInt32 {
        guard let number = RunArguments.number(text), number <= lastNumber else {
            throw .fails(command, reason: "'\(text.prefix(64))' is not a number up to \(lastNumber)")
        }
        return number
    }

    private static func free(
        isSystem: Bool,
        _ command: String,
        _ isFree: (UInt32) -> Bool
    ) throws(RunRefusal) -> UInt32 {
        let range: ClosedRange<UInt32> = isSystem ? 100...999 : 1000...lastNumber
        guard let number = range.first(where: isFree) else { throw .fails(command, reason: "no number is free") }
        return number
    }
}

/// What a build of busybox has as the defaults of `adduser`: distributions change them, and the program tells.
private struct BusyboxStrings {
    let gecos: String
    let systemShell: String

    init(in run: RunExecution) throws(RunRefusal) {
        guard
            let place = run.searchPath.lazy.compactMap({ directory in
                try? run.tree.resolve(StageTree.join(StageTree.clean(directory), "adduser"))
            }).first(where: { run.tree[$0] != nil }), case .file(let content)? = run.tree[place]?.kind,
            content.size <= 8 << 20, let bytes = try? run.inputs.bytes(of: content, limit: 8 << 20)
        else { throw .circumstances("busybox in this stage can't be read") }
        gecos = Self.contains("Linux User,,,", bytes) ? "Linux User,,," : ""
        guard let shell = ["/sbin/nologin", "/bin/false"].first(where: { Self.contains($0, bytes) }) else {
            throw .circumstances("the shell that busybox gives to system users isn't known: name it by -s")
        }
        systemShell = shell
    }

    private static func contains(_ text: String, _ bytes: [UInt8]) -> Bool {
        let text = Array(text.utf8) + [0]
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, bytes.count >= text.count else { return false }
            return (0...(bytes.count - text.count)).contains { place in
                bytes[place] == text[0] && memcmp(base + place, text, text.count) == 0
            }
        }
    }
}
