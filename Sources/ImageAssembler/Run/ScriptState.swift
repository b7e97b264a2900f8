/// How far a line of a shell has come.
struct ScriptState {
    /// Where what is printed goes.
    enum Output {
        /// To a file, by its place, with what it holds since the last that was printed to it.
        case file(String, FileNode.Kind)
        /// To the next command of a pipe.
        case pipe([UInt8])
        case nowhere
    }

    /// Whether a command that fails ends the line (`set -e`).
    var endsOnFailure = false
    /// The status that `exit` gave; nil while the line goes on.
    var exitStatus: Int?
    /// Where what is printed goes, the innermost last; what none takes is only shown.
    var outputs: [Output] = []
    /// The files that the pipe, or the command, has read.
    var read: Set<String> = []
    /// The files that earlier commands of the pipe have written.
    var written: Set<String> = []
    private var steps = 0

    /// As many commands as a line may come to with its loops.
    private static let largestStepCount = 5000

    /// Counts a command.
    mutating func step() throws(RunRefusal) {
        steps += 1
        guard steps <= Self.largestStepCount else {
            throw .needsShell("a line of more than \(Self.largestStepCount) commands")
        }
    }

    /// Whether what is printed now is kept.
    var keepsPrint: Bool {
        switch outputs.last {
        case nil, .nowhere: false
        case .file, .pipe: true
        }
    }

    /// Ends the innermost pipe, and takes what was printed into it.
    mutating func takePiped() -> [UInt8] {
        guard case .pipe(let bytes)? = outputs.popLast() else { return [] }
        return bytes
    }

    /// Begins a command, or a pipe, which has read and written nothing yet.
    mutating func forgetFiles() { (read, written) = ([], []) }
}
