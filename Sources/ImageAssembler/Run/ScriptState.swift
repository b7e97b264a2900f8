/// How far a line of a shell has come.
struct ScriptState {
    /// Whether a command that fails ends the line (`set -e`).
    var endsOnFailure = false
    /// The status that `exit` gave; nil while the line goes on.
    var exitStatus: Int?
    /// What was printed into the files and pipes that are open, the innermost last.
    var outputs: [[UInt8]] = []
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

    /// Prints to the innermost file or pipe; what is only shown is dropped.
    mutating func print(_ text: [UInt8], _ command: String) throws(RunRefusal) {
        guard !outputs.isEmpty else { return }
        outputs[outputs.count - 1] += text
        guard outputs[outputs.count - 1].count <= RunExecution.longestText else {
            throw .form(command, reason: "more than 1 MiB is printed")
        }
    }
}
