/// One instruction's text: its lines joined, comments and empty lines between them left out.
struct LogicalLine {
    /// The joined text, without white space at its start.
    let text: String
    /// The number of the first line, from 1.
    let start: Int
    /// Lines inside the continuation that are empty; BuildKit will refuse them some day.
    let emptyLines: [Int]
}

extension SourceLines {
    /// The next instruction's text.
    ///
    /// Nil at the end of the file. The directives at the top go to `directives`.
    mutating func nextLogicalLine(
        _ directives: inout DirectiveScanner,
        escape: inout Unicode.Scalar
    ) throws(DockerfileError) -> LogicalLine? {
        while let line = try next() {
            let text = line.withoutLineEnding.trimmedAtStart
            do {
                try directives.scan(text, number: number)
                escape = try directives.escape(seenAt: number) ?? escape
            } catch {
                throw DockerfileError(lines: number...number, problem: error)
            }
            guard !text.isEmpty, !text.isComment else { continue }
            let start = number
            var joined = text
            var emptyLines: [Int] = []
            if let first = text.withoutContinuation(escape) {
                joined = first
                try appendContinuation(to: &joined, &emptyLines, escape: escape)
            }
            return LogicalLine(text: joined, start: start, emptyLines: emptyLines)
        }
        return nil
    }

    private mutating func appendContinuation(
        to joined: inout String,
        _ emptyLines: inout [Int],
        escape: Unicode.Scalar
    ) throws(DockerfileError) {
        while let line = try next() {
            let text = line.withoutLineEnding
            if text.isComment { continue }
            if text.trimmedAtStart.isEmpty {
                emptyLines.append(number)
                continue
            }
            guard let more = text.withoutContinuation(escape) else {
                joined += text
                return
            }
            joined += more
        }
    }
}

extension DirectiveScanner {
    /// The escape character when the line just scanned has set it.
    func escape(seenAt line: Int) throws(DockerfileError.Problem) -> Unicode.Scalar? {
        guard let last = directives.last, last.line == line, last.name == .escape else { return nil }
        switch last.value {
        case "\\": return "\\"
        case "`": return "`"
        default: throw .invalidEscape(last.value)
        }
    }
}
