/// A JSON document in memory (RFC 8259).
///
/// Members keep the order they were read or written in, since it is the order a person sees in a log line or an error.
///
/// Our own, because Foundation's coders alone would put the program over its size: see docs/mount-monitor.md.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number that is a 64-bit whole number in its source.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    /// A length of time: its nanoseconds, as Go's encoders write it; a log line in text shows it with units.
    case duration(GoDuration)
    case array([JSON])
    case object([Member])

    /// One name and its value in an object.
    struct Member: Equatable, Sendable {
        let name: String
        let value: JSON

        init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of the first member of that name, or nil when there is none or this is no object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What a person calls such a value, with its value where that is short: for "found …" in messages.
    var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "the number \(value)"
        case .number(let value): "the number \(value)"
        case .string(let value):
            value.utf8.count <= 60 ? "the text \(self.text)" : "a text of \(value.utf8.count) bytes"
        case .duration(let value): "the duration \(value)"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
