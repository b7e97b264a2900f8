/// Who makes a request, and what that may do.
struct Caller: Sendable {
    /// What is done to a repository.
    enum Action: String, Sendable, CaseIterable {
        case pull, push, delete
    }

    /// The user, or the token's name; nil for anybody.
    let name: String?
    private let scopes: [AccessScope]?

    /// Somebody with some rights; nil for all of them.
    init(name: String?, scopes: [AccessScope]?) {
        (self.name, self.scopes) = (name, scopes)
    }

    /// Whether every repository may be read, whatever it is called.
    var mayReadAll: Bool { scopes?.contains { $0.allowsAll(.pull) } ?? true }

    /// Whether something may be done to a repository.
    func may(_ action: Action, _ repository: String) -> Bool {
        guard let scopes else { return true }
        return scopes.contains { $0.allows(action, repository) }
    }
}

/// What may be done to the repositories of a pattern, as in `team/*:pull,push`.
package struct AccessScope: Hashable, Sendable {
    private let pattern: String
    private let actions: Set<Caller.Action>

    init(_ pattern: String, _ actions: Set<Caller.Action>) {
        (self.pattern, self.actions) = (pattern, actions)
    }

    /// Reads one; nil for what is none.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty,
            parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        var actions: Set<Caller.Action> = []
        for word in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let action = Caller.Action(rawValue: String(word)) else { return nil }
            actions.insert(action)
        }
        self.init(String(parts[0]), actions)
    }

    func allowsAll(_ action: Caller.Action) -> Bool {
        actions.contains(action) && pattern.allSatisfy { $0 == "*" }
    }

    func allows(_ action: Caller.Action, _ repository: String) -> Bool {
        actions.contains(action) && Self.matches(pattern[...].utf8, repository[...].utf8)
    }

    /// `*` stands for anything, slashes too.
    private static func matches(_ pattern: Substring.UTF8View, _ text: Substring.UTF8View) -> Bool {
        var (pattern, text) = (pattern, text)
        // Where the last star stood, and how much of the text it took: more, where the rest doesn't fit.
        var retry: (pattern: Substring.UTF8View, text: Substring.UTF8View)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retry = (pattern, text)
            } else if let byte = text.first, pattern.first == byte {
                pattern = pattern.dropFirst()
                text = text.dropFirst()
            } else if pattern.isEmpty, text.isEmpty {
                return true
            } else if let last = retry, !last.text.isEmpty {
                retry = (last.pattern, last.text.dropFirst())
                pattern = last.pattern
                text = last.text.dropFirst()
            } else {
                return false
            }
        }
    }
}
