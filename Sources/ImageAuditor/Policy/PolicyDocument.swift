/// A policy file as nested values: the part of YAML 1.2 that such files need, so that each line means one thing.
///
/// Mappings and lists by indentation, `[a, b]` on one line, plain and quoted scalars, comments. Anchors, tags, block
/// scalars, tabs and several documents are refused with their line.
indirect enum PolicyDocument: Equatable {
    case scalar(String, line: Int)
    case list([PolicyDocument], line: Int)
    case mapping([(key: String, value: PolicyDocument)], line: Int)

    static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.scalar(let a, _), .scalar(let b, _)): a == b
        case (.list(let a, _), .list(let b, _)): a == b
        case (.mapping(let a, _), .mapping(let b, _)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }

    var line: Int {
        switch self {
        case .scalar(_, let line), .list(_, let line), .mapping(_, let line): line
        }
    }

    /// Reads a file's text.
    init(parsing text: String) throws(PolicyError) {
        var lines: [Line] = []
        for (number, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let line = try Line(raw, number: number + 1) { lines.append(line) }
        }
        var rest = lines[...]
        guard let first = rest.first else {
            self = .mapping([], line: 1)
            return
        }
        self = try Self.block(&rest, indent: first.indent, depth: 0)
        if let more = rest.first { throw PolicyError(more.number, "it is indented less than what it follows") }
    }

    private struct Line {
        let number: Int
        let indent: Int
        var text: Substring

        // nil for lines that say nothing.
        init?(_ raw: Substring, number: Int) throws(PolicyError) {
            var text = raw
            if text.last == "\r" { text.removeLast() }
            let indent = text.prefix { $0 == " " }.count
            text = text.dropFirst(indent)
            guard !text.hasPrefix("\t") else { throw PolicyError(number, "indent by spaces, not by tabs") }
            text = Self.withoutComment(text)
            if text.isEmpty || (number == 1 && text == "---") { return nil }
            self.number = number
            self.indent = indent
            self.text = text
        }

        private static func withoutComment(_ text: Substring) -> Substring {
            var quote: Character?
            var previous: Character = " "
            for index in text.indices {
                let character = text[index]
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "\"" || character == "'" {
                    quote = character
                } else if character == "#", previous == " " {
                    return trimmed(text[..<index])
                }
                previous = character
            }
            return trimmed(text)
        }
    }

    private static func block(_ lines: inout ArraySlice<Line>, indent: Int, depth: Int) throws(PolicyError) -> Self {
        guard let first = lines.first, depth < 8 else {
            throw PolicyError(lines.first?.number ?? 1, "it is nested too deep")
        }
        return first.text == "-" || first.text.hasPrefix("- ")
            ? try list(&lines, indent: indent, depth: depth) : try mapping(&lines, indent: indent, depth: depth)
    }

    private static func list(_ lines: inout ArraySlice<Line>, indent: Int, depth: Int) throws(PolicyError) -> Self {
        var items: [Self] = []
        let number = lines.first?.number ?? 1
        while let line = lines.first, line.indent == indent, line.text.hasPrefix("-") {
            lines.removeFirst()
            let text = trimmed(line.text.dropFirst())
            guard !text.isEmpty else { throw PolicyError(line.number, "a value follows '-' on the same line") }
            items.append(try value(text, line.number))
        }
        if let next = lines.first, next.indent > indent {
            throw PolicyError(next.number, "it is indented more than its list")
        }
        return .list(items, line: number)
    }

    private static func mapping(_ lines: inout ArraySlice<Line>, indent: Int, depth: Int) throws(PolicyError) -> Self {
        var members: [(key: String, value: Self)] = []
        let number = lines.first?.number ?? 1
        while let line = lines.first, line.indent == indent {
            guard let colon = line.text.firstIndex(of: ":"), !line.text.hasPrefix("-") else {
                throw PolicyError(line.number, "'key: value' is expected")
            }
            let key = trimmed(line.text[..<colon])
            let text = trimmed(line.text[line.text.index(after: colon)...])
            guard !members.contains(where: { $0.key == key }) else {
                throw PolicyError(line.number, "'\(key)' is there twice")
            }
            lines.removeFirst()
            if !text.isEmpty {
                members.append((String(key), try value(text, line.number)))
            } else if let next = lines.first,
                next.indent > indent || (next.indent == indent && next.text.hasPrefix("-"))
            {
                members.append((String(key), try block(&lines, indent: next.indent, depth: depth + 1)))
            } else {
                throw PolicyError(line.number, "'\(key)' has no value")
            }
        }
        if let next = lines.first, next.indent > indent {
            throw PolicyError(next.number, "it is indented more than what it follows")
        }
        return .mapping(members, line: number)
    }

    private static func value(_ text: Substring, _ number: Int) throws(PolicyError) -> Self {
        guard text.hasPrefix("[") else { return .scalar(try scalar(text, number), line: number) }
        guard text.hasSuffix("]") else { throw PolicyError(number, "']' is missing") }
        let inside = trimmed(text.dropFirst().dropLast())
        var items: [Self] = []
        if !inside.isEmpty {
            for item in inside.split(separator: ",", omittingEmptySubsequences: false) {
                items.append(.scalar(try scalar(trimmed(item), number), line: number))
            }
        }
        return .list(items, line: number)
    }

    private static func scalar(_ text: Substring, _ number: Int) throws(PolicyError) -> String {
        guard let first = text.first else { throw PolicyError(number, "a value is missing") }
        if first == "\"" || first == "'" {
            guard text.count >= 2, text.last == first, !text.dropFirst().dropLast().contains(first),
                !text.contains("\\")
            else {
                throw PolicyError(number, "a quoted value ends with its quote, and has none and no backslash inside")
            }
            return String(text.dropFirst().dropLast())
        }
        guard !"&!|>%@`{}[],".contains(first), !text.contains(": ") else {
            throw PolicyError(number, "'\(text)' is more YAML than policies have; quote it if it is a text")
        }
        return String(text)
    }
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
}
