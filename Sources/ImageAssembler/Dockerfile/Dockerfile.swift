/// A parsed Dockerfile, by the grammar of the Dockerfile reference (docs.docker.com/reference/dockerfile) as BuildKit
/// reads it.
///
/// Everything is as it stands in the file: variables are expanded later, when the platform is known.
public struct Dockerfile: Equatable, Sendable {
    /// A larger file is refused, in bytes.
    public static let maximumSize = 1 << 20
    /// A longer line is refused, in bytes with its line ending: BuildKit refuses it, too.
    public static let maximumLineLength = 65_535

    /// The directives at the top.
    public let directives: [ParserDirective]
    /// The escape character, a backslash or a backtick.
    public let escape: Unicode.Scalar
    /// The `ARG`s before the first `FROM`, which only `FROM` sees.
    public let globalArguments: [Instruction]
    /// The stages, at least one.
    public let stages: [Stage]
    /// What an engine takes but may refuse some day.
    public let warnings: [DockerfileWarning]

    /// Parses a file's bytes.
    ///
    /// Throws ``DockerfileError`` for the first thing that is wrong. Takes time and memory in proportion to the size.
    public init(parsing bytes: [UInt8]) throws(DockerfileError) {
        guard bytes.count <= Self.maximumSize else {
            throw DockerfileError(lines: 1...1, problem: .fileTooLarge(bytes.count))
        }
        var lines = SourceLines(bytes)
        var directives = DirectiveScanner()
        var escape: Unicode.Scalar = "\\"
        var arguments: [Instruction] = []
        var stages: [Stage] = []
        var warnings: [DockerfileWarning] = []
        while let line = try lines.nextLogicalLine(&directives, escape: &escape) {
            warnings += line.emptyLines.map { DockerfileWarning(line: $0, kind: .emptyContinuation) }
            let instruction = try InstructionParser(escape: escape).parse(line, &lines)
            switch (instruction.operation, stages.isEmpty) {
            case (.from(let from), _): stages.append(Stage(instruction: instruction, from: from))
            case (.arg, true): arguments.append(instruction)
            case (_, true): throw instruction.error(.beforeFrom)
            case (_, false): stages[stages.count - 1].instructions.append(instruction)
            }
        }
        let last = max(1, lines.number)
        guard !(stages.isEmpty && arguments.isEmpty) else {
            throw DockerfileError(lines: last...last, problem: .noInstructions)
        }
        guard !stages.isEmpty else { throw DockerfileError(lines: last...last, problem: .noStage) }
        self.directives = directives.directives
        self.escape = escape
        globalArguments = arguments
        self.stages = stages
        self.warnings = warnings
    }

    /// Parses a text.
    public init(parsing text: String) throws(DockerfileError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// Something in a Dockerfile that works and shouldn't be relied on.
public struct DockerfileWarning: Equatable, Sendable, CustomStringConvertible {
    /// What it is.
    public enum Kind: Equatable, Sendable {
        /// An empty line within a continuation.
        case emptyContinuation
    }

    /// The line, from 1.
    public let line: Int
    /// What it is.
    public let kind: Kind

    /// One line for a person.
    public var description: String {
        switch kind {
        case .emptyContinuation: "Dockerfile, line \(line): an empty line within a continued instruction: take it out"
        }
    }
}
