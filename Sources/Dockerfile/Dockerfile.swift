/// A parsed Dockerfile, by the grammar of the Dockerfile reference (docs.docker.com/reference/dockerfile) as BuildKit
/// reads it.
///
/// Everything is as it stands in the file: variables are expanded later, when the platform is known.
package struct Dockerfile: Equatable, Sendable {
    /// A larger file is refused, in bytes.
    package static let maximumSize = 1 << 20
    /// A longer line is refused, in bytes with its line ending: BuildKit refuses it, too.
    package static let maximumLineLength = 65_535

    /// The directives at the top.
    package let directives: [ParserDirective]
    /// The escape character, a backslash or a backtick.
    package let escape: Unicode.Scalar
    /// The `ARG`s before the first `FROM`, which only `FROM` sees.
    package let globalArguments: [Instruction]
    /// The stages, at least one.
    package let stages: [Stage]
    /// What an engine takes but may refuse some day.
    package let warnings: [DockerfileWarning]

    /// Parses a file's bytes.
    ///
    /// Throws ``DockerfileError`` for the first thing that is wrong. Takes time and memory in proportion to the size.
    package init(parsing bytes: [UInt8]) throws(DockerfileError) {
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
            if let character = line.text.combinedCharacter {
                throw DockerfileError(lines: line.start...max(line.start, lines.number), problem: .combined(character))
            }
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
    package init(parsing text: String) throws(DockerfileError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// Something in a Dockerfile that works and shouldn't be relied on.
package struct DockerfileWarning: Equatable, Sendable, CustomStringConvertible {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// An empty line within a continuation.
        case emptyContinuation
    }

    /// The line, from 1.
    package let line: Int
    /// What it is.
    package let kind: Kind

    /// One line for a person.
    package var description: String {
        switch kind {
        case .emptyContinuation: "Dockerfile, line \(line): an empty line within a continued instruction: take it out"
        }
    }
}
