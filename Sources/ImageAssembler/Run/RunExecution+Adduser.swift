import ContentAddress

extension RunExecution {
    /// The version of Debian's scripts whose rules these are (bookworm's).
    private static let knownVersion = "3.134"
    private static let systemNumbers: ClosedRange<UInt32> = 100...999
    private static let userNumbers: ClosedRange<UInt32> = 1000...59_999
    private static let homeMode: UInt16 = 0o700

    /// The options of both scripts.
    private static let long: [String: Character] = [
        "system": "S", "group": "G", "disabled-password": "P", "disabled-login": "L", "no-create-home": "H",
        "quiet": "q",
        "verbose": "V", "uid": "u", "gid": "g", "ingroup": "i", "home": "h", "shell": "s", "gecos": "c", "comment": "c",
    ]

    /// `addgroup [--system] [--gid GID] GROUP` of Debian's package adduser.
    mutating func debianAddGroup(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(arguments, of: "addgroup", flags: "q", values: "gu", long: Self.long)
        guard arguments.operands.count == 1, arguments.flags.isSubset(of: ["S", "q", "V", "G"]) else {
            throw .form("addgroup", reason: "write addgroup [--system] [--gid GID] GROUP")
        }
        try begin("addgroup")
        try addDebianGroup(arguments, isSystem: arguments.flags.contains("S"), "addgroup")
    }

    private mutating func addDebianGroup(
        _ arguments: RunArguments,
        isSystem: Bool,
        _ command: String
    ) throws(RunRefusal) {
        let name = arguments.operands.first ?? ""
        try Self.checkName(name, command)
        let given = try number("g", of: arguments, command)
        if let entry = try accounts("etc/group", command)?.entry(named: name) {
            guard isSystem, let gid = entry.dropFirst(2).first.flatMap({ RunArguments.number($0) }),
                Self.systemNumbers.contains(gid)
            else { throw .fails(command, reason: "there is a group '\(name)' already") }
            return
        }
        let range = isSystem ? Self.systemNumbers : Self.userNumbers
        let gid = try given.orElse { () throws(RunRefusal) in try free(in: range, ["etc/group"], command) }
        try shadowAddGroup(["-g", String(gid), name])
    }

    /// `adduser` of Debian's package of that name.
    mutating func debianAddUser(_ arguments: [String]) throws(RunRefusal) {
        let command = "adduser"
        let arguments = try RunArguments(arguments, of: command, flags: "q", values: "ugihsc", long: Self.long)
        guard let name = arguments.operands.first, arguments.operands.count == 1 else {
            throw .form(command, reason: "it takes one name; a group's members are added by useradd -G")
        }
        try begin(command)
        try Self.checkName(name, command)
        let isSystem = arguments.flags.contains("S")
        let makesGroup = arguments.flags.contains("G")
        guard !makesGroup || arguments.values["i"] == nil && (arguments.values["g"] == nil || !isSystem),
            arguments.values["i"] == nil || arguments.values["g"] == nil
        else { throw .fails(command, reason: "--group, --ingroup and --gid exclude one another") }
        if makesGroup, !isSystem { return try addDebianGroup(arguments, isSystem: false, command) }
        if isSystem {
            try addDebianSystemUser(name, arguments, command)
        } else {
            try addDebianUser(name, arguments, command)
        }
    }

    private mutating func addDebianSystemUser(
        _ name: String,
        _ arguments: RunArguments,
        _ command: String
    ) throws(RunRefusal) {
        let given = try number("u", of: arguments, command)
        if let entry = try accounts("etc/passwd", command)?.entry(named: name) {
            guard let uid = entry.dropFirst(2).first.flatMap({ RunArguments.number($0) }),
                Self.systemNumbers.contains(uid), given ?? uid == uid
            else { throw .fails(command, reason: "there is a user '\(name)' already") }
            return
        }
        let uid = try given.orElse { () throws(RunRefusal) in
            try free(in: Self.systemNumbers, ["etc/passwd"], command)
        }
        var group = arguments.values["i"] ?? arguments.values["g"] ?? "nogroup"
        if arguments.flags.contains("G") {
            group = name
            if let entry = try accounts("etc/group", command)?.entry(named: name) {
                guard let gid = entry.dropFirst(2).first.flatMap({ RunArguments.number($0) }),
                    Self.systemNumbers.contains(gid) || given == nil || gid == given
                else { throw .fails(command, reason: "there is a group '\(name)' already") }
            } else {
                let gid = try given.orElse { () throws(RunRefusal) in
                    try free(in: Self.systemNumbers, ["etc/group"], command)
                }
                try shadowAddGroup(["-g", String(gid), name])
            }
        }
        let home = arguments.values["h"] ?? "/nonexistent"
        let shell = arguments.values["s"] ?? "/usr/sbin/nologin"
        try shadowAddUser(["-r", "-d", home, "-g", group, "-s", shell, "-u", String(uid), name])
        if let comment = arguments.values["c"] { try setComment(comment, of: name, command) }
        let owner = Owner(uid: uid, gid: try self.group(group, command))
        if !arguments.flags.contains("H") { try makeDebianHome(home, owner, mode: 0o755, isFilled: false, command) }
    }

    private mutating func addDebianUser(
        _ name: String,
        _ arguments: RunArguments,
        _ command: String
    ) throws(RunRefusal) {
        guard !arguments.flags.isDisjoint(with: ["P", "L"]), let comment = arguments.values["c"] else {
            throw .form(command, reason: "it asks for a password and a name: give --disabled-password --gecos \"\"")
        }
        guard try accounts("etc/passwd", command)?.entry(named: name) == nil else {
            throw .fails(command, reason: "there is a user '\(name)' already")
        }
        var uid = try number("u", of: arguments, command)
        let group: String
        if let given = arguments.values["i"] ?? arguments.values["g"] {
            group = given
            let files = arguments.values["i"] == nil ? ["etc/passwd", "etc/group"] : ["etc/passwd"]
            if uid == nil { uid = try free(in: Self.userNumbers, files, command) }
        } else {
            let number = try uid.orElse { () throws(RunRefusal) in
                try free(in: Self.userNumbers, ["etc/passwd", "etc/group"], command)
            }
            uid = number
            group = name
            try shadowAddGroup(["-g", String(number), name])
        }
        let gid = try self.group(group, command)
        let home = arguments.values["h"] ?? "/home/" + name
        let shell = arguments.values["s"] ?? (arguments.flags.contains("L") ? "/usr/sbin/nologin" : "/bin/bash")
        try shadowAddUser(["-d", home, "-g", String(gid), "-s", shell, "-u", String(uid ?? 0), name])
        if !arguments.flags.contains("H") {
            try makeDebianHome(home, Owner(uid: uid ?? 0, gid: gid), mode: Self.homeMode, isFilled: true, command)
        }
        try setComment(comment, of: name, command)
        // Each user is a member of the group users, where there is one.
        guard var groups = try accounts("etc/group", command), var shadow = try accounts("etc/gshadow", command),
            let users = groups.entry(named: "users"),
            users.last?.split(separator: ",").contains(Substring(name)) != true
        else { return }
        groups.addMember(name, to: "users")
        shadow.addMember(name, to: "users")
        try write(groups, to: "etc/group", command)
        try write(shadow, to: "etc/gshadow", command)
    }

    // chfn writes the file anew.
    private mutating func setComment(_ comment: String, of name: String, _ command: String) throws(RunRefusal) {
        guard !comment.contains(where: { ":,=\n".contains($0) }), comment.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else {
            throw .form(command, reason: "the comment '\(comment.prefix(64))': write a name without ':', ',' and '='")
        }
        guard var users = try accounts("etc/passwd", command) else { return }
        // The other parts are empty: a room and two telephones.
        users.setField(4, of: name, to: comment + ",,,")
        try write(users, to: "etc/passwd", command)
    }

    private mutating func makeDebianHome(
        _ home: String,
        _ owner: Owner,
        mode: UInt16,
        isFilled: Bool,
        _ command: String
    ) throws(RunRefusal) {
        if home == "/nonexistent" || home.hasPrefix("/nonexistent/") { return }
        if let place = try? followed(home, command), tree[place] != nil { return }
        let place = try makeDirectory(home, command, mode: nil, withParents: true)
        try change(place, command) { ($0.mode, $0.owner) = (mode, owner) }
        guard isFilled else { return }
        for path in tree.descendants(of: "etc/skel") {
            guard var node = tree[StageTree.join("etc/skel", path)] else { continue }
            let isLeftOver = ["dpkg", "ucf"].contains { kind in
                ["old", "new", "dist"].contains { path.hasSuffix(".\(kind)-\($0)") }
            }
            if isLeftOver { continue }
            guard case .file = node.kind else { throw .form(command, reason: "a link or directory in /etc/skel") }
            node.owner = owner
            node.modified = epoch
            tree[StageTree.join(place, path)] = node
        }
    }

    // Both scripts leave their lock, and read settings that Debian leaves alone.
    private mutating func begin(_ command: String) throws(RunRefusal) {
        guard let script = try? tree.resolve("usr/sbin/adduser"), let bytes = try bytes(of: script, command),
            String(decoding: bytes, as: UTF8.self).contains("my $version = \"\(Self.knownVersion)\";")
        else {
            throw .circumstances(
                "\(command) of Debian is a script, and this stage's isn't version \(Self.knownVersion): write useradd or "
                    + "groupadd, or give numbers to USER and COPY"
            )
        }
        let settings = try accounts("etc/adduser.conf", command)?.lines ?? []
        guard settings.allSatisfy({ $0.isEmpty || $0.hasPrefix("#") }), tree["usr/local/sbin/adduser.local"] == nil
        else {
            throw .circumstances(
                "\(command): /etc/adduser.conf in this stage isn't as Debian's, or there is an adduser.local"
            )
        }
        let lock = try place("/run/adduser", command)
        if tree[lock] == nil { tree[lock] = made(.file(.text(.of([UInt8]()), [])), mode: 0o644, at: lock) }
    }

    private func number(
        _ letter: Character,
        of arguments: RunArguments,
        _ command: String
    ) throws(RunRefusal) -> UInt32? {
        guard let text = arguments.values[letter] else { return nil }
        guard let number = RunArguments.number(text), number < UInt32(Int32.max) else {
            throw .fails(command, reason: "'\(text.prefix(64))' is not a number")
        }
        return number
    }

    private func free(
        in range: ClosedRange<UInt32>,
        _ files: [String],
        _ command: String
    ) throws(RunRefusal) -> UInt32 {
        var used: Set<UInt32> = []
        for file in files { used.formUnion(try accounts(file, command)?.numbers(in: 2) ?? []) }
        guard let number = range.first(where: { !used.contains($0) }) else {
            throw .fails(command, reason: "no number is free")
        }
        return number
    }
}

extension Optional {
    /// The value, or another in its place: `??` loses the type of what is thrown.
    fileprivate func orElse<Thrown: Error>(_ other: () throws(Thrown) -> Wrapped) throws(Thrown) -> Wrapped {
        if let self { self } else { try other() }
    }
}
