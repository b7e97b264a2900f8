/// The lines of a Dockerfile, handed out one by one with their numbers.
struct SourceLines {
    private let bytes: [UInt8]
    private var offset = 0
    /// The number of the line that was handed out last, from 1.
    private(set) var number = 0

    /// Takes a file; a byte-order mark is passed over.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The next line with its line ending.
    ///
    /// Nil at the end. A last line without an ending is a line.
    mutating func next() throws(DockerfileError) -> String? {
        guard offset < bytes.count else { return nil }
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        let line = bytes[offset..<end]
        offset = end
        number += 1
        guard line.count <= Dockerfile.maximumLineLength else { throw error(.lineTooLong(line.count)) }
        guard !line.contains(0), let text = String(validating: line, as: UTF8.self) else { throw error(.notText) }
        return text
    }

    private func error(_ problem: DockerfileError.Problem) -> DockerfileError {
        DockerfileError(lines: number...number, problem: problem)
    }
}

extension String {
    /// The line without carriage returns and newlines at its end.
    var withoutLineEnding: String {
        String(decoding: utf8.prefix(utf8.count - utf8.reversed().prefix { $0 == 13 || $0 == 10 }.count), as: UTF8.self)
    }

    /// Whether the first character that isn't white space is `#`.
    var isComment: Bool {
        unicodeScalars.first { !$0.properties.isWhitespace } == "#"
    }

    /// The line without the escape character that continues it on the next; nil when none does.
    ///
    /// White space may follow the escape character; another escape character before it makes it an ordinary one.
    func withoutContinuation(_ escape: Unicode.Scalar) -> String? {
        var scalars = unicodeScalars[...]
        while scalars.last == " " || scalars.last == "\t" { scalars.removeLast() }
        guard scalars.popLast() == escape, scalars.last != escape else { return nil }
        return String(scalars)
    }
}
