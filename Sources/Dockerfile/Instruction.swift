/// One instruction and where it stands.
package struct Instruction: Equatable, Sendable {
    /// Its lines in the file, from 1, here-documents included.
    package let lines: ClosedRange<Int>
    /// Which instruction it is.
    package let keyword: Keyword
    /// Its text on one line, as a build history shows it: continuations joined, comments left out.
    package let source: String
    /// The names of the flags that are given, without `--`.
    package let flags: [String]
    /// What it does.
    package let operation: Operation

    /// An error about this instruction.
    package func error(_ problem: DockerfileError.Problem) -> DockerfileError {
        DockerfileError(lines: lines, instruction: keyword.rawValue, problem: problem)
    }
}

/// A stage: a `FROM` and the instructions up to the next.
package struct Stage: Equatable, Sendable {
    /// Its `FROM`.
    package let instruction: Instruction
    /// What `FROM` says.
    package let from: FromOperation
    /// The instructions that follow, in their order.
    package internal(set) var instructions: [Instruction] = []
}
