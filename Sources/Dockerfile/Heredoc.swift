/// A here-document: text in the Dockerfile that stands for a file (Dockerfile reference, "Here-Documents").
package struct Heredoc: Equatable, Sendable {
    /// The word that ends it, and the file's name with `COPY`.
    package let name: String
    /// The number before `<<`; 0 when there is none.
    package let fileDescriptor: Int
    /// Whether variables in it are expanded: no part of the name is quoted.
    package let isExpanded: Bool
    /// Whether tabs at the start of its lines are taken off: `<<-`.
    package let stripsTabs: Bool
    /// The lines between, with their line endings, as they are in the file.
    package var content = ""

    /// The content with tabs at the start of lines taken off where `<<-` says so.
    package var text: String {
        guard stripsTabs else { return content }
        var text: [UInt8] = []
        var isAtStart = true
        for byte in content.utf8 {
            if isAtStart, byte == 0x09 { continue }
            text.append(byte)
            isAtStart = byte == 0x0A
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a word such as `<<EOF` or `3<<-'EOF'`; nil when it isn't one.
    ///
    /// Throws when the name's quotes don't match.
    static func parse(word: String) throws(ExpansionError) -> Heredoc? {
        let scalars = word.unicodeScalars
        let digits = scalars.prefix { ("0"..."9").contains($0) }
        var rest = scalars[digits.endIndex...]
        guard rest.popFirst() == "<", rest.popFirst() == "<" else { return nil }
        let stripsTabs = rest.first == "-"
        if stripsTabs { rest = rest.dropFirst() }
        rest = rest.drop { $0.properties.isWhitespace }
        guard !rest.isEmpty, !rest.contains("<") else { return nil }
        var lexer = ShellLexer()
        lexer.keepsUnset = true
        let words = try lexer.expand(String(rest), [:]).words
        guard words.count == 1, let name = words.first else { return nil }
        lexer.keepsQuotes = true
        let raw = try lexer.expand(String(rest), [:]).text
        return Heredoc(
            name: name,
            fileDescriptor: Int(String(digits)) ?? 0,
            isExpanded: quotes(in: name) == quotes(in: raw),
            stripsTabs: stripsTabs
        )
    }

    /// The here-documents that an instruction's text announces, in their order.
    static func announced(in line: String) throws(ExpansionError) -> [Heredoc] {
        // The announcement is found with a backslash as the escape, whatever the directive says: BuildKit does so.
        var lexer = ShellLexer()
        lexer.keepsQuotes = true
        lexer.keepsEscapes = true
        lexer.keepsUnset = true
        guard line.utf8.contains(UInt8(ascii: "<")), let words = try? lexer.expand(line, [:]).words else { return [] }
        var heredocs: [Heredoc] = []
        for word in words {
            if let heredoc = try parse(word: word) { heredocs.append(heredoc) }
        }
        return heredocs
    }

    private static func quotes(in text: String) -> Int {
        text.utf8.count { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    }
}

extension SourceLines {
    /// Reads the text of a here-document up to its terminator.
    mutating func read(_ heredoc: inout Heredoc) throws(DockerfileError.Problem) {
        while true {
            let line: String?
            do {
                line = try next()
            } catch {
                throw error.problem
            }
            guard let line else { throw .unterminatedHeredoc(heredoc.name) }
            var terminator = line.withoutLineEnding.utf8[...]
            if heredoc.stripsTabs { terminator = terminator.drop { $0 == 0x09 } }
            if terminator.elementsEqual(heredoc.name.utf8) { return }
            heredoc.content += line
        }
    }
}
