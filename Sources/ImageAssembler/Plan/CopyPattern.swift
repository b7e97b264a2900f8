/// A file name pattern as `COPY` has it: `*`, `?`, `[a-z]`, `[^a]` and escapes, none of which matches a slash
/// (Go's package path/filepath, Match).
struct CopyPattern {
    private enum Token {
        case literal(Unicode.Scalar)
        case one
        case many
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let tokens: [Token]

    /// Whether a path has pattern characters.
    static func isPattern(_ path: String) -> Bool {
        var isEscaped = false
        for byte in path.utf8 {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if "*?[".utf8.contains(byte) {
                return true
            }
        }
        return false
    }

    /// Reads a pattern; nil when it is malformed.
    init?(_ pattern: String) {
        var tokens: [Token] = []
        var rest = pattern.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": tokens.append(.many)
            case "?": tokens.append(.one)
            case "[":
                guard let set = Self.set(&rest) else { return nil }
                tokens.append(set)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                tokens.append(.literal(escaped))
            default: tokens.append(.literal(scalar))
            }
        }
        self.tokens = tokens
    }

    private static func set(_ rest: inout Substring.UnicodeScalarView) -> Token? {
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while rest.first != "]" || ranges.isEmpty {
            guard let low = member(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                guard let end = member(&rest) else { return nil }
                high = end
            }
            // A range the wrong way round matches nothing, and is not an error.
            if low <= high { ranges.append(low...high) } else { ranges.append("\u{0}"..."\u{0}") }
        }
        rest.removeFirst()
        return .set(ranges, isNegated: isNegated)
    }

    private static func member(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard let scalar = rest.popFirst(), scalar != "-", scalar != "]" else { return nil }
        return scalar == "\\" ? rest.popFirst() : scalar
    }

    /// Whether a path matches as a whole.
    ///
    /// Takes pattern times path steps at most.
    func matches(_ path: String) -> Bool {
        let text = Array(path.unicodeScalars)
        var position = 0
        var index = 0
        // Only the last star needs another try: what lies before it has matched as early as it can.
        var star: (index: Int, position: Int)?
        while position < text.count {
            if index < tokens.count {
                if case .many = tokens[index] {
                    star = (index, position)
                    index += 1
                    continue
                }
                if Self.matches(tokens[index], text[position]) {
                    index += 1
                    position += 1
                    continue
                }
            }
            guard let last = star, text[last.position] != "/" else { return false }
            star = (last.index, last.position + 1)
            index = last.index + 1
            position = last.position + 1
        }
        return tokens[index...].allSatisfy { if case .many = $0 { true } else { false } }
    }

    private static func matches(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
        switch token {
        case .literal(let literal): literal == scalar
        case .one: scalar != "/"
        case .many: false
        case .set(let ranges, let isNegated):
            scalar != "/" && ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
