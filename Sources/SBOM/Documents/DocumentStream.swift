import ContentAddress

/// Writes one JSON object member by member, so that a long list needn't be in memory.
///
/// Members must come in the order of their names.
final class DocumentStream {
    private let sink: ([UInt8]) throws -> Void
    private var text = JSONText()

    private static let chunk = 64 << 10

    init(_ sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
        text.open("{")
    }

    /// Writes a member whole.
    func member(_ name: String, _ value: JSONValue) throws {
        text.name(name)
        try element(value)
    }

    /// Writes a member that is a list, whose elements `body` writes one after the other.
    func list(_ name: String, _ body: () throws -> Void) throws {
        text.name(name)
        text.open("[")
        try body()
        text.close("]")
    }

    /// Writes the next element of the list.
    func element(_ value: JSONValue) throws {
        text.value(value)
        try flush()
    }

    /// Writes the next element of the list, an object whose members `body` writes.
    func object(_ body: (inout JSONText) -> Void) throws {
        text.object(body)
        try flush()
    }

    /// Ends the object.
    func finish() throws {
        text.close("}")
        try sink(text.take(ending: true))
    }

    private func flush() throws {
        guard text.bytes.count >= Self.chunk else { return }
        try sink(text.take())
    }
}
