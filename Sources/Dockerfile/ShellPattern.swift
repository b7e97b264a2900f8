/// A shell's pattern: `?` is one character, `*` any number of them, an escape makes them ordinary (POSIX shell, section
/// 2.13, without bracket expressions, as BuildKit has it).
///
/// A newline is matched by neither.
struct ShellPattern {
    private enum Token {
        case literal(Unicode.Scalar)
        case one
        case any
    }

    /// Steps that one operation may take: a pattern is from a file that nobody has looked at.
    private static let maximumSteps = 4_000_000

    private let tokens: [Token]

    init(_ pattern: [Unicode.Scalar]) throws(ExpansionError) {
        var tokens: [Token] = []
        var rest = pattern[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": tokens.append(.any)
            case "?": tokens.append(.one)
            case "\\":
                guard let escaped = rest.popFirst(), "*?\\}/".unicodeScalars.contains(escaped) else {
                    throw .invalidPattern(pattern.text)
                }
                tokens.append(.literal(escaped))
            default: tokens.append(.literal(scalar))
            }
        }
        self.tokens = tokens
    }

    /// Whether it matches the whole of a value.
    func matchesWhole(_ value: [Unicode.Scalar]) throws(ExpansionError) -> Bool {
        try checkSteps(value.count)
        return Self.end(of: tokens, in: value, from: 0, longest: true) == value.count
    }

    /// The value without the shortest or longest beginning that matches.
    func trimmingPrefix(of value: [Unicode.Scalar], longest: Bool) throws(ExpansionError) -> [Unicode.Scalar] {
        try checkSteps(value.count)
        guard let end = Self.end(of: tokens, in: value, from: 0, longest: longest) else { return value }
        return Array(value[end...])
    }

    /// The value without the shortest or longest ending that matches.
    func trimmingSuffix(of value: [Unicode.Scalar], longest: Bool) throws(ExpansionError) -> [Unicode.Scalar] {
        try checkSteps(value.count)
        let reversed = Array(value.reversed())
        guard let end = Self.end(of: tokens.reversed(), in: reversed, from: 0, longest: longest) else { return value }
        return Array(reversed[end...].reversed())
    }

    /// The value with the first or each longest match replaced.
    func replacing(
        in value: [Unicode.Scalar],
        with replacement: [Unicode.Scalar],
        everywhere: Bool
    ) throws(ExpansionError) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var position = 0
        var steps = 0
        // As in Go's regexp: an empty match right behind the last one doesn't count.
        var lastEnd: Int?
        while position <= value.count {
            steps += (value.count - position + 1) * (tokens.count + 1)
            guard steps <= Self.maximumSteps, result.count <= ShellLexer.maximumLength else { throw .tooLong }
            if let end = Self.end(of: tokens, in: value, from: position, longest: true),
                end > position || lastEnd != position
            {
                result.append(contentsOf: replacement)
                if end == position, position < value.count { result.append(value[position]) }
                position = max(end, position + 1)
                lastEnd = end
                if !everywhere {
                    if position < value.count { result.append(contentsOf: value[position...]) }
                    break
                }
            } else {
                if position < value.count { result.append(value[position]) }
                position += 1
            }
        }
        guard result.count <= ShellLexer.maximumLength else { throw .tooLong }
        return result
    }

    private func checkSteps(_ count: Int) throws(ExpansionError) {
        guard (count + 1) * (tokens.count + 1) <= Self.maximumSteps else { throw .tooLong }
    }

    /// Where the shortest or longest match from a position ends.
    ///
    /// Nil when there is none. Follows all possible matches side by side, so it takes pattern times text steps and no
    /// more.
    private static func end(
        of tokens: [Token],
        in text: [Unicode.Scalar],
        from start: Int,
        longest: Bool
    ) -> Int? {
        var states = [Bool](repeating: false, count: tokens.count + 1)
        states[0] = true
        skipStars(tokens, &states)
        var found: Int?
        var position = start
        while true {
            if states[tokens.count] {
                found = position
                if !longest { return found }
            }
            guard position < text.count, states.contains(true) else { return found }
            var next = [Bool](repeating: false, count: tokens.count + 1)
            for (index, token) in tokens.enumerated() where states[index] {
                switch token {
                case .literal(let scalar): if scalar == text[position] { next[index + 1] = true }
                case .one: if text[position] != "\n" { next[index + 1] = true }
                case .any: if text[position] != "\n" { next[index] = true }
                }
            }
            skipStars(tokens, &next)
            states = next
            position += 1
        }
    }

    private static func skipStars(_ tokens: [Token], _ states: inout [Bool]) {
        for (index, token) in tokens.enumerated() where states[index] {
            if case .any = token { states[index + 1] = true }
        }
    }
}
