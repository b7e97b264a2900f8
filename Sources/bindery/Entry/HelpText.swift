import ArgumentParser

/// The help of a command, wrapped once, at the width of whoever reads it.
enum HelpText {
    /// Wider than any paragraph: the parser wraps nothing.
    private static let unwrapped = 100_000
    /// Where the parser puts what an option does.
    private static let labelWidth = 26
    /// Narrower lines would have one word each.
    private static let leastColumns = 40

    /// The help of a command.
    static func of(_ command: any ParsableCommand.Type, columns: Int) -> String {
        let text =
            command == Bindery.self
            ? Bindery.helpMessage(columns: unwrapped) : Bindery.helpMessage(for: command, columns: unwrapped)
        return wrapped(text, columns: max(leastColumns, columns))
    }

    /// Joins the lines of each paragraph, and wraps them between words; what is indented before the list of options,
    /// such as an example, stays as it is.
    static func wrapped(_ text: String, columns: Int) -> String {
        var lines: [String] = []
        var isList = false
        for paragraph in paragraphs(text) {
            if paragraph.hasPrefix("USAGE: ") {
                isList = true
                lines.append(filled("USAGE:", groups(paragraph.dropFirst(7)), columns, indent: 7))
            } else if paragraph.first != " " {
                lines.append(filled("", paragraph.split(separator: " "), columns, indent: 0))
            } else if isList, paragraph.count > labelWidth, paragraph.prefix(labelWidth).last == " " {
                let text = paragraph.dropFirst(labelWidth).split(separator: " ")
                lines.append(filled(String(paragraph.prefix(labelWidth - 1)), text, columns, indent: labelWidth))
            } else {
                lines.append(paragraph)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let last = paragraphs.last, let end = last.first, let start = line.first, end != " ", start != " " {
                paragraphs[paragraphs.count - 1] = last + " " + line
            } else {
                paragraphs.append(line)
            }
        }
        return paragraphs
    }

    // `[--limit <limit>]` stays in one piece.
    private static func groups(_ line: Substring) -> [Substring] {
        var depth = 0
        return line.split { character in
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            return character == " " && depth == 0
        }
    }

    private static func filled(_ label: String, _ words: [Substring], _ columns: Int, indent: Int) -> String {
        var lines = [label]
        var isEmpty = label.isEmpty
        for word in words {
            let line = lines[lines.count - 1]
            if isEmpty || line.count + 1 + word.count <= columns || line.count < indent {
                lines[lines.count - 1] = line + (isEmpty ? "" : " ") + word
            } else {
                lines.append(String(repeating: " ", count: indent) + word)
            }
            isEmpty = false
        }
        return lines.joined(separator: "\n")
    }
}
