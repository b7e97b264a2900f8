/// A word after expansion.
package struct ShellField: Equatable, Sendable {
    /// The word.
    package var text = ""
    /// The pattern of paths that it stands for: `*`, `?`, and backslashes before what is meant as it is; nil for a word
    /// without them.
    package var pattern: String?

    /// A word that is not a pattern.
    package init(_ text: String = "") { self.text = text }
}

extension ShellWord {
    /// What a shell makes of the word: none, one or several words.
    ///
    /// Values of unquoted variables are split at white space.
    package func fields(_ variables: [String: String]) throws(ShellLine.Refusal) -> [ShellField] {
        var builder = FieldBuilder()
        try builder.add(parts, variables)
        return try builder.finish()
    }

    /// The word as one text, as in an assignment: nothing is split, and nothing stands for paths.
    package func text(_ variables: [String: String]) throws(ShellLine.Refusal) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .wildcard(let scalar): result.unicodeScalars.append(scalar)
            case .variable(let variable, _): result += try variable.value(variables)
            }
            guard result.utf8.count <= ShellLexer.maximumLength else { throw .needsShell("a longer text than 1 MiB") }
        }
        return result
    }

    /// Whether a text matches the word as a pattern of `case`.
    package func matches(_ text: String, _ variables: [String: String]) throws(ShellLine.Refusal) -> Bool {
        let text = Array(text.unicodeScalars)
        // Patterns are those of a Dockerfile, in which a newline is matched by none.
        guard !text.contains("\n") else { throw .needsShell("a pattern on several lines") }
        let pattern = try shellPattern(for: text, variables)
        do { return try pattern.matchesWhole(text) } catch { throw .needsShell("such a pattern") }
    }

    fileprivate func shellPattern(
        for value: [Unicode.Scalar],
        _ variables: [String: String]
    ) throws(ShellLine.Refusal) -> ShellPattern {
        var pattern: [Unicode.Scalar] = []
        func add(_ text: String) {
            for scalar in text.unicodeScalars {
                if "*?\\".unicodeScalars.contains(scalar) { pattern.append("\\") }
                pattern.append(scalar)
            }
        }
        for part in parts {
            switch part {
            case .text(let text): add(text)
            case .wildcard("["): throw .needsShell("a pattern ('[')")
            // A letter to some shells, and a byte to others.
            case .wildcard("?") where !value.allSatisfy(\.isASCII): throw .needsShell("'?' for letters beyond ASCII")
            case .wildcard(let scalar): pattern.append(scalar)
            case .variable(let variable, let isQuoted):
                let value = try variable.value(variables)
                guard isQuoted || !FieldBuilder.hasWildcards(value) else {
                    throw .needsShell("the variable \(variable.name) as a pattern")
                }
                add(value)
            }
        }
        do { return try ShellPattern(pattern) } catch { throw .needsShell("such a pattern") }
    }
}

extension ShellVariable {
    /// Names that a shell or an engine may give a value that no Dockerfile does.
    private static let setElsewhere: Set = [
        "BASH", "COLUMNS", "EUID", "HOME", "HOSTNAME", "IFS", "LINENO", "LINES", "LOGNAME", "MAIL", "OLDPWD", "OPTIND",
        "OSTYPE", "PATH", "PPID", "PS1", "PS2", "PS4", "PWD", "RANDOM", "SECONDS", "SHELL", "SHLVL", "TERM", "UID",
        "USER",
        "container",
    ]

    func value(_ variables: [String: String]) throws(ShellLine.Refusal) -> String {
        let value = variables[name]
        switch change {
        case nil:
            guard let value else { throw .unset(name) }
            return value
        case .instead(let word, let alsoOfEmpty):
            let isThere = try isThere(value, alsoOfEmpty)
            return isThere ? value ?? "" : try word.text(variables)
        case .whereSet(let word, let alsoOfEmpty): return try isThere(value, alsoOfEmpty) ? word.text(variables) : ""
        case .trimmed(let word, let atStart, let longest):
            guard let value else { throw .unset(name) }
            // Patterns are those of a Dockerfile, in which a newline is matched by none.
            guard !value.unicodeScalars.contains("\n") else { throw .needsShell("a pattern on several lines") }
            let text = Array(value.unicodeScalars)
            let pattern = try word.shellPattern(for: text, variables)
            do {
                return try atStart
                    ? pattern.trimmingPrefix(of: text, longest: longest).text
                    : pattern.trimmingSuffix(of: text, longest: longest).text
            } catch { throw .needsShell("such a pattern") }
        }
    }

    private func isThere(_ value: String?, _ alsoOfEmpty: Bool) throws(ShellLine.Refusal) -> Bool {
        guard let value else {
            // An engine's own value isn't known.
            if Self.setElsewhere.contains(name) || name.lowercased().hasSuffix("_proxy") { throw .unset(name) }
            return false
        }
        return !alsoOfEmpty || !value.isEmpty
    }
}

/// Puts the words together that one word of a line becomes.
private struct FieldBuilder {
    private var fields: [ShellField] = []
    private var text: String.UnicodeScalarView?
    private var pattern = String.UnicodeScalarView()
    private var isPattern = false
    private var hasBracket = false

    static func hasWildcards(_ value: String) -> Bool {
        value.unicodeScalars.contains { "*?[\\".unicodeScalars.contains($0) }
    }

    mutating func add(_ parts: [ShellWord.Part], _ variables: [String: String]) throws(ShellLine.Refusal) {
        for part in parts {
            switch part {
            case .text(let text): add(text)
            case .wildcard(let scalar):
                if text == nil { text = String.UnicodeScalarView() }
                text?.append(scalar)
                if scalar == "[" {
                    hasBracket = true
                    pattern.append("\\")
                } else {
                    isPattern = true
                }
                pattern.append(scalar)
            case .variable(let variable, true): add(try variable.value(variables))
            case .variable(let variable, false):
                let value = try variable.value(variables)
                guard !Self.hasWildcards(value) else {
                    throw .needsShell("the variable \(variable.name) without quotes, whose value may stand for paths")
                }
                try split(value)
            }
            guard text?.count ?? 0 <= ShellLexer.maximumLength, fields.count <= Self.largestCount else {
                throw .needsShell("a longer line than 1 MiB")
            }
        }
    }

    private static let largestCount = 10_000

    mutating func finish() throws(ShellLine.Refusal) -> [ShellField] {
        try close()
        return fields
    }

    private mutating func add(_ new: String) {
        if text == nil { text = String.UnicodeScalarView() }
        for scalar in new.unicodeScalars {
            text?.append(scalar)
            if "*?[\\".unicodeScalars.contains(scalar) { pattern.append("\\") }
            pattern.append(scalar)
        }
    }

    private mutating func split(_ value: String) throws(ShellLine.Refusal) {
        for scalar in value.unicodeScalars {
            if " \t\n".unicodeScalars.contains(scalar) { try close() } else { add(String(scalar)) }
        }
    }

    private mutating func close() throws(ShellLine.Refusal) {
        guard let text else { return }
        var field = ShellField(String(text))
        // Without the bracket that closes it, it stands for itself.
        if hasBracket, text.contains("]") { throw .needsShell("a pattern ('[')") }
        if isPattern { field.pattern = String(pattern) }
        fields.append(field)
        (self.text, pattern, isPattern, hasBracket) = (nil, String.UnicodeScalarView(), false, false)
    }
}
