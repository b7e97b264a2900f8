/// Users and groups as `/etc/passwd` and `/etc/group` of a stage name them.
struct UserDatabase: Sendable {
    private let users: [String: Owner]
    private let groups: [String: UInt32]

    /// Reads the two files.
    ///
    /// Lines that aren't well-formed are passed over. The first entry of a name counts.
    init(passwd: String, group: String) {
        users = Self.entries(passwd).reduce(into: [:]) { users, fields in
            guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else { return }
            if users[fields[0]] == nil { users[fields[0]] = Owner(uid: uid, gid: gid) }
        }
        groups = Self.entries(group).reduce(into: [:]) { groups, fields in
            guard fields.count >= 3, let gid = UInt32(fields[2]) else { return }
            if groups[fields[0]] == nil { groups[fields[0]] = gid }
        }
    }

    private static func entries(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).map { line in
            line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }

    // What is larger, engines take for no number, and for root.
    private static func number(_ text: String) -> UInt32? { Int32(text).flatMap { UInt32(exactly: $0) } }

    /// The owner that `user`, `user:group` or `:group` means.
    ///
    /// Numbers mean themselves, and a number alone is the group's as well. Nil when a name isn't known.
    func owner(_ text: String) -> Owner? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var owner = Owner()
        if let user = parts.first, !user.isEmpty {
            if let number = Self.number(user) {
                owner = Owner(uid: number, gid: number)
            } else if let known = users[user] {
                owner = known
            } else {
                return nil
            }
        }
        if parts.count > 1, !parts[1].isEmpty {
            guard let gid = Self.number(parts[1]) ?? groups[parts[1]] else { return nil }
            owner.gid = gid
        }
        return owner
    }
}
