/// A version of an Alpine package, `1.2.3a_rc1~0123abcd-r4` (apk-package(5)), ordered as apk 3 orders it.
struct AlpineVersion {
    /// The kinds of parts in the order in which they may follow each other; `end` is behind the last.
    fileprivate enum Kind: Int {
        case first, number, letter, suffix, suffixNumber, commit, revision, end
    }

    fileprivate struct Part {
        let kind: Kind
        let bytes: ArraySlice<UInt8>
    }

    private let parts: [Part]

    /// Suffixes from the earliest to the latest.
    fileprivate static let earlySuffixes = ["alpha", "beta", "pre", "rc"].map { Array($0.utf8) }
    private static let lateSuffixes = ["cvs", "svn", "git", "hg", "p"].map { Array($0.utf8) }

    /// Nil for a text that apk refuses.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        var parts: [Part] = []
        func take(_ kind: Kind, while belongs: (UInt8) -> Bool) -> Bool {
            let bytes = rest.prefix(while: belongs)
            rest = rest.dropFirst(bytes.count)
            parts.append(Part(kind: kind, bytes: bytes))
            return !bytes.isEmpty
        }
        guard take(.first, while: \.isDigit) else { return nil }
        while let byte = rest.first, let last = parts.last?.kind {
            switch byte {
            case UInt8(ascii: "."):
                rest = rest.dropFirst()
                guard last.rawValue <= Kind.number.rawValue, take(.number, while: \.isDigit) else { return nil }
            case UInt8(ascii: "_"):
                rest = rest.dropFirst()
                guard last.rawValue <= Kind.suffixNumber.rawValue, take(.suffix, while: \.isLetter),
                    let suffix = parts.last?.bytes, Self.rank(ofSuffix: suffix) != nil
                else { return nil }
            case UInt8(ascii: "~"):
                rest = rest.dropFirst()
                let isHexadecimal = { (byte: UInt8) in
                    byte.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                }
                guard last.rawValue < Kind.commit.rawValue, take(.commit, while: isHexadecimal) else { return nil }
            case UInt8(ascii: "-"):
                guard last.rawValue < Kind.revision.rawValue, rest.starts(with: "-r".utf8) else { return nil }
                rest = rest.dropFirst(2)
                guard take(.revision, while: \.isDigit) else { return nil }
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                guard last.rawValue <= Kind.number.rawValue else { return nil }
                parts.append(Part(kind: .letter, bytes: rest.prefix(1)))
                rest = rest.dropFirst()
            case let byte where byte.isDigit:
                guard last == .suffix, take(.suffixNumber, while: \.isDigit) else { return nil }
            default: return nil
            }
        }
        self.parts = parts
    }

    func compare(_ other: Self) -> Int {
        for position in 0...max(parts.count, other.parts.count) {
            let (left, right) = (part(position), other.part(position))
            guard left.kind == right.kind else {
                if left.isEarly { return -1 }
                if right.isEarly { return 1 }
                // The kind that comes later in a version is the lower version: `1.2-r1` is before `1.2.1`.
                return left.kind.rawValue > right.kind.rawValue ? -1 : 1
            }
            let order = left.compare(right)
            if order != 0 { return order }
        }
        return 0
    }

    private func part(_ position: Int) -> Part {
        parts.indices.contains(position) ? parts[position] : Part(kind: .end, bytes: [])
    }

    fileprivate static func rank(ofSuffix bytes: ArraySlice<UInt8>) -> Int? {
        (earlySuffixes + lateSuffixes).firstIndex(of: Array(bytes))
    }
}

extension AlpineVersion.Part {
    /// Whether the version with this part comes before the one without it.
    fileprivate var isEarly: Bool { kind == .suffix && AlpineVersion.earlySuffixes.contains(Array(bytes)) }

    /// The order of two parts of one kind.
    fileprivate func compare(_ other: Self) -> Int {
        switch kind {
        case .first, .suffixNumber, .revision: return compareNumbers(bytes, other.bytes)
        case .number:
            // With a leading zero they are compared as text: 1.02 is before 1.1.
            let isText = bytes.first == UInt8(ascii: "0") || other.bytes.first == UInt8(ascii: "0")
            return isText ? compareText(other) : compareNumbers(bytes, other.bytes)
        case .suffix:
            let (left, right) = (AlpineVersion.rank(ofSuffix: bytes), AlpineVersion.rank(ofSuffix: other.bytes))
            guard let left, let right else { return 0 }
            return left - right
        case .letter, .commit, .end: return compareText(other)
        }
    }

    private func compareText(_ other: Self) -> Int {
        if bytes.lexicographicallyPrecedes(other.bytes) { return -1 }
        return other.bytes.lexicographicallyPrecedes(bytes) ? 1 : 0
    }
}
