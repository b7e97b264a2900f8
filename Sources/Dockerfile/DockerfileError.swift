/// What is wrong with a Dockerfile, and where.
package struct DockerfileError: Error, Equatable, CustomStringConvertible {
    /// The lines the instruction stands on, counted from 1.
    package let lines: ClosedRange<Int>
    /// The instruction as it is written in the file, `COPY`; nil when the trouble is with the file.
    package let instruction: String?
    /// What is wrong.
    package let problem: Problem

    /// An error at some lines.
    package init(lines: ClosedRange<Int>, instruction: String? = nil, problem: Problem) {
        self.lines = lines
        self.instruction = instruction
        self.problem = problem
    }

    /// One or two lines for a person: place, what was found, what is right.
    package var description: String {
        let place = lines.count > 1 ? "lines \(lines.lowerBound) to \(lines.upperBound)" : "line \(lines.lowerBound)"
        return "Dockerfile, \(place): \(instruction.map { "\($0): " } ?? "")\(problem)"
    }
}

extension DockerfileError {
    /// The kinds of trouble.
    package enum Problem: Error, Equatable, Sendable {
        /// The file has more bytes than ``Dockerfile/maximumSize``.
        case fileTooLarge(Int)
        /// A line has more bytes than ``Dockerfile/maximumLineLength``.
        case lineTooLong(Int)
        /// A line has a NUL byte or is not UTF-8.
        case notText
        /// A character that combines with what stands before it follows one that may mean something.
        case combined(Character)
        /// There is no instruction in the file.
        case noInstructions
        /// There is no `FROM` in the file.
        case noStage
        /// A heredoc's terminator never comes.
        case unterminatedHeredoc(String)
        /// A heredoc's name can't be read.
        case malformedHeredoc(ExpansionError)
        /// A heredoc where the destination should be.
        case heredocAsDestination
        /// A parser directive stands twice.
        case repeatedDirective(String)
        /// `# escape=` has something other than a backslash or a backtick.
        case invalidEscape(String)
        /// No such instruction.
        case unknownInstruction(String, nearest: String?)
        /// The instruction has no such flag.
        case unknownFlag(String, nearest: String?)
        /// A flag stands twice.
        case repeatedFlag(String)
        /// A flag lacks its value.
        case flagWithoutValue(String)
        /// A flag should be `true` or `false`.
        case flagNotBoolean(String, value: String)
        /// The number of arguments is wrong.
        case argumentCount(expected: String)
        /// A `name=value` lacks its `=`.
        case notAssignment(String)
        /// A name before `=` is empty.
        case blankName
        /// A JSON array holds something that is not a string.
        case notArrayOfStrings
        /// The instruction takes the JSON form only.
        case needsExecForm
        /// A stage's name has other letters than it may have.
        case invalidStageName(String)
        /// Something other than `ARG` stands before the first `FROM`.
        case beforeFrom
        /// `ONBUILD` can't hold this.
        case invalidTrigger(String)
        /// `HEALTHCHECK` starts with something else than `CMD` or `NONE`.
        case unknownHealthcheck(String)
        /// A duration can't be read, or is below a millisecond.
        case invalidDuration(flag: String, value: String)
        /// `--retries` is not a whole number from 0.
        case invalidRetries(String)
        /// Variables in the instruction can't be expanded.
        case expansion(ExpansionError)
    }
}

extension DockerfileError.Problem: CustomStringConvertible {
    /// The problem alone, without its place.
    package var description: String {
        switch self {
        case .fileTooLarge:
            "the file has more than \(Dockerfile.maximumSize) bytes: is it another file?"
        case .lineTooLong(let size):
            "the line has \(size) bytes, and at most \(Dockerfile.maximumLineLength) are read: break it with a continuation"
        case .notText: "the line has a NUL byte or is not UTF-8: save the file as UTF-8 text"
        case .combined(let character):
            "'\(character)' is one character here, and two to engines: take the accent or joiner out that follows its sign"
        case .noInstructions: "there is no instruction in the file: start with FROM"
        case .noStage: "there is no FROM in the file: start with FROM scratch or FROM an image"
        case .unterminatedHeredoc(let name): "the here-document ends nowhere: put a line '\(name)' after its text"
        case .malformedHeredoc(let error): "the here-document's name can't be read: \(error)"
        case .heredocAsDestination: "the last argument is the destination, and a here-document can't be one"
        case .repeatedDirective(let name): "the parser directive '\(name)' stands twice: keep one"
        case .invalidEscape(let value): "'\(value)' can't be the escape character: only \\ and ` can"
        case .unknownInstruction(let name, let nearest):
            "there is no instruction '\(name.prefix(64))'" + (nearest.map { ": \($0) is meant?" } ?? "")
        case .unknownFlag(let name, let nearest):
            "there is no flag '\(name.prefix(64))'" + (nearest.map { ": --\($0) is meant?" } ?? " for this instruction")
        case .repeatedFlag(let name): "the flag \(name) stands twice: keep one"
        case .flagWithoutValue(let name): "the flag \(name) needs a value: \(name)=…"
        case .flagNotBoolean(let name, let value): "the flag \(name) is true or false, not '\(value.prefix(64))'"
        case .argumentCount(let expected): "\(expected)"
        case .notAssignment(let word): "'\(word.prefix(64))' has no '=': write name=value"
        case .blankName: "a name before '=' is empty: write name=value"
        case .notArrayOfStrings: "an array in JSON form holds strings only"
        case .needsExecForm: #"only the JSON form is possible: ["/bin/sh", "-c"]"#
        case .invalidStageName(let name):
            "'\(name.prefix(64))' can't name a stage: a letter, then letters, digits, '-', '_' and '.'"
        case .beforeFrom: "only ARG may stand before the first FROM"
        case .invalidTrigger(let name): "\(name) can't be a trigger of ONBUILD"
        case .unknownHealthcheck(let name): "'\(name.prefix(64))' is not a kind of check: CMD and NONE are"
        case .invalidDuration(let flag, let value):
            "--\(flag)=\(value.prefix(64)) is not a duration of at least 1ms: write 30s or 1m30s"
        case .invalidRetries(let value): "--retries=\(value.prefix(64)) is not a whole number from 0"
        case .expansion(let error): "\(error)"
        }
    }
}
