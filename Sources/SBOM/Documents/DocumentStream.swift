import ContentAddress
import Printable

/// Writes one JSON object member by member, so that a long list needn't be in memory.
///
/// Members must come in the order of their names; what ``printable(_:limit:)`` escapes in a line is escaped here, too.
final class DocumentStream {
    private let sink: ([UInt8]) throws -> Void
    private var buffer: [UInt8] = Array("{".utf8)
    private var isFirstMember = true
    private var isFirstElement = true

    private static let chunk = 64 << 10

    init(_ sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
    }

    /// Writes a member whole.
    func member(_ name: String, _ value: JSONValue) throws {
        begin(name)
        try append(value)
    }

    /// Writes a member that is a list, whose elements `body` writes one after the other.
    func list(_ name: String, _ body: () throws -> Void) throws {
        begin(name)
        buffer.append(UInt8(ascii: "["))
        isFirstElement = true
        try body()
        buffer.append(UInt8(ascii: "]"))
    }

    /// Writes the next element of the list.
    func element(_ value: JSONValue) throws {
        if !isFirstElement { buffer.append(UInt8(ascii: ",")) }
        isFirstElement = false
        try append(value)
    }

    /// Ends the object.
    func finish() throws {
        buffer.append(contentsOf: "}\n".utf8)
        try flush()
    }

    private func begin(_ name: String) {
        buffer.append(contentsOf: "\(isFirstMember ? "" : ",")\"\(name)\":".utf8)
        isFirstMember = false
    }

    private func append(_ value: JSONValue) throws {
        let text = String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
        buffer.append(contentsOf: printableJSON(text).utf8)
        if buffer.count >= Self.chunk { try flush() }
    }

    private func flush() throws {
        try sink(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
