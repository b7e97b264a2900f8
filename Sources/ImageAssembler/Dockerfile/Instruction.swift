/// One instruction and where it stands.
public struct Instruction: Equatable, Sendable {
    /// Its lines in the file, from 1, here-documents included.
    public let lines: ClosedRange<Int>
    /// Which instruction it is.
    public let keyword: Keyword
    /// Its text on one line, as a build history shows it: continuations joined, comments left out.
    public let source: String
    /// The names of the flags that are given, without `--`.
    public let flags: [String]
    /// What it does.
    public let operation: Operation

    /// An error about this instruction.
    public func error(_ problem: DockerfileError.Problem) -> DockerfileError {
        DockerfileError(lines: lines, instruction: keyword.rawValue, problem: problem)
    }
}

/// A stage: a `FROM` and the instructions up to the next.
public struct Stage: Equatable, Sendable {
    /// Its `FROM`.
    public let instruction: Instruction
    /// What `FROM` says.
    public let from: FromOperation
    /// The instructions that follow, in their order.
    public internal(set) var instructions: [Instruction] = []
}
