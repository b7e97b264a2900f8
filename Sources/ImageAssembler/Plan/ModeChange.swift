/// What `--chmod` does to a mode: octal bits, or symbolic changes such as `u=rwX,go+r` (chmod(1)).
struct ModeChange: Hashable, Sendable {
    private enum Bits: Hashable {
        case fixed(UInt16)
        case symbolic([Clause])
    }

    private struct Clause: Hashable {
        let who: UInt16
        let operation: UInt8
        let permissions: [UInt8]
    }

    /// Whose reading of the letters counts.
    enum Reading: Hashable {
        /// That of chmod(1).
        case chmod
        /// BuildKit's, of `--chmod`: `X` asks for the mode that the file came with, and `=` takes a directory's set-id bits.
        case buildKit
    }

    private let bits: Bits
    private let reading: Reading

    /// Reads a mode; nil when it is malformed or above 07777.
    ///
    /// Changes without a letter before them are for all, but for the bits of `umask`.
    init?(_ text: String, umask: UInt16 = 0, as reading: Reading = .chmod) {
        self.reading = reading
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x37).contains($0) }) {
            guard let mode = UInt16(text, radix: 8), mode <= 0o7777 else { return nil }
            bits = .fixed(mode)
            return
        }
        var clauses: [Clause] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let parsed = Self.clauses(part, umask) else { return nil }
            clauses += parsed
        }
        // BuildKit takes further letters beside these for less than they say.
        let isMixed = clauses.contains { clause in
            clause.permissions.contains { "stugo".utf8.contains($0) } && clause.permissions.count > 1
                || clause.operation == UInt8(ascii: "=") && clause.permissions.contains(UInt8(ascii: "t"))
        }
        if reading == .buildKit, isMixed { return nil }
        bits = .symbolic(clauses)
    }

    private static func clauses(_ text: Substring, _ umask: UInt16) -> [Clause]? {
        let letters = text.utf8.prefix { "ugoa".utf8.contains($0) }
        var who: UInt16 = 0
        for letter in letters {
            switch letter {
            case UInt8(ascii: "u"): who |= 0o4700
            case UInt8(ascii: "g"): who |= 0o2070
            case UInt8(ascii: "o"): who |= 0o0007
            default: who |= 0o7777
            }
        }
        if letters.isEmpty { who = 0o7777 & ~umask }
        var rest = text.utf8.dropFirst(letters.count)
        var clauses: [Clause] = []
        while let operation = rest.popFirst() {
            guard "+-=".utf8.contains(operation) else { return nil }
            let permissions = rest.prefix { "rwxXstugo".utf8.contains($0) }
            rest = rest.dropFirst(permissions.count)
            // The sticky bit belongs to nobody's class: others alone don't set it.
            let isSticky = permissions.contains(UInt8(ascii: "t")) && who & ~0o0007 != 0
            clauses.append(
                Clause(who: isSticky ? who | 0o1000 : who, operation: operation, permissions: Array(permissions))
            )
        }
        return clauses.isEmpty ? nil : clauses
    }

    /// The mode that a file or directory gets.
    func apply(to mode: UInt16, isDirectory: Bool) -> UInt16 {
        switch bits {
        case .fixed(let bits): bits
        case .symbolic(let clauses): clauses.reduce(mode) { apply($1, to: $0, from: mode, isDirectory: isDirectory) }
        }
    }

    private func apply(_ clause: Clause, to mode: UInt16, from original: UInt16, isDirectory: Bool) -> UInt16 {
        var bits: UInt16 = 0
        for permission in clause.permissions {
            switch permission {
            case UInt8(ascii: "r"): bits |= 0o444
            case UInt8(ascii: "w"): bits |= 0o222
            case UInt8(ascii: "x"): bits |= 0o111
            case UInt8(ascii: "X"):
                let asked = reading == .buildKit ? original : mode
                let isTaken = reading == .buildKit && clause.operation == UInt8(ascii: "-")
                if isDirectory || isTaken || asked & 0o111 != 0 { bits |= 0o111 }
            case UInt8(ascii: "s"): bits |= 0o6000
            case UInt8(ascii: "t"): bits |= 0o1000
            case UInt8(ascii: "u"): bits |= (mode >> 6 & 7) * 0o111
            case UInt8(ascii: "g"): bits |= (mode >> 3 & 7) * 0o111
            default: bits |= (mode & 7) * 0o111
            }
        }
        bits &= clause.who
        switch clause.operation {
        case UInt8(ascii: "+"): return mode | bits
        case UInt8(ascii: "-"): return mode & ~bits
        // A directory's set-id bits stay unless they are named, as with chmod.
        default:
            let isCopied = clause.permissions.contains { "ugo".utf8.contains($0) }
            let kept: UInt16 =
                switch reading {
                case .chmod: isDirectory ? 0o7000 : 0
                case .buildKit: isCopied ? 0o7000 : 0o1000
                }
            return mode & ~(clause.who & ~kept) | bits
        }
    }
}
