/// Text that isn't JSON: where it stops being so, and why.
struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    /// From 1.
    let line: Int
    /// From 1, in bytes.
    let column: Int
    let reason: String

    var description: String { "line \(line), column \(column): \(reason)" }
}
