/// Lines for a terminal, broken between words.
enum Fold {
    /// How much further than its first line the rest of a line stands.
    private static let hang = 2
    /// Narrower lines would have one word each.
    private static let leastColumns = 20

    /// A text whose lines have so many columns at most, but where one word is longer; nil is any number.
    ///
    /// What stands between two backticks, a command to copy, is one word. Colours have no width.
    static func lines(_ text: String, columns: Int?) -> String {
        guard let columns, columns >= leastColumns else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            width(line) > columns ? broken(line, columns) : String(line)
        }.joined(separator: "\n")
    }

    /// Prose: every line begins where the first does.
    static func paragraph(_ text: String, columns: Int?) -> String {
        guard let columns, columns >= leastColumns, width(text) > columns else { return text }
        return broken(text[...], columns, hang: 0)
    }

    private static func broken(_ line: Substring, _ columns: Int, hang: Int = hang) -> String {
        let indent = min(line.prefix { $0 == " " }.count, columns / 2)
        let rest = String(repeating: " ", count: indent + hang)
        var lines: [String] = []
        var current = String(repeating: " ", count: indent)
        var isEmpty = true
        for word in words(line.drop { $0 == " " }) {
            // Two spaces between columns of a line stay while the line goes on.
            let gap = isEmpty ? "" : word.gap
            if !isEmpty, width(current) + gap.count + width(word.text) > columns {
                lines.append(current)
                current = rest + word.text
            } else {
                current += gap + word.text
            }
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

    private static func words(_ line: Substring) -> [(gap: String, text: Substring)] {
        var words: [(gap: String, text: Substring)] = []
        var position = line.startIndex
        while position < line.endIndex {
            let start = line[position...].firstIndex { $0 != " " } ?? line.endIndex
            guard start < line.endIndex else { break }
            var end = start
            var isQuoted = false
            while end < line.endIndex, isQuoted || line[end] != " " {
                if line[end] == "`" { isQuoted.toggle() }
                end = line.index(after: end)
            }
            words.append((String(line[position..<start]), line[start..<end]))
            position = end
        }
        return words
    }

    private static func width(_ text: some StringProtocol) -> Int {
        text.contains("\u{1B}") ? String(text).replacing(/\u{1B}\[[0-9;]*m/, with: "").count : text.count
    }
}
