/// A JSON document to be written (RFC 8259): a log line, an answer, a request.
///
/// Members keep their order, since it is the order a person sees in a log line.
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

    /// The value of the last member of that name, or nil when there is none or this is not an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }
}
