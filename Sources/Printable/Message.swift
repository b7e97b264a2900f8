/// A message or a line of a report: what is written in the code stands as it is, and what is interpolated is made
/// printable, so that a name can't add a line, a column or a command to it.
///
///     let line: Message = "\(path): \(count) files"
package struct Message: ExpressibleByStringInterpolation, Sendable {
    /// The text to show.
    package let text: String

    package init(stringLiteral value: String) { text = value }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// A message that was put together before; see ``printableMessage(_:)``.
    package init(message: String) { text = printableMessage(message) }

    /// A name, a value: one line.
    package init(_ value: some CustomStringConvertible) { text = printable(value.description) }

    /// A text of our own, as it is.
    package init(verbatim text: String) { self.text = text }

    package static func + (left: Message, right: Message) -> Message { Message(verbatim: left.text + right.text) }

    /// Puts a message together.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// A name, a value: made printable.
        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += printable(value.description)
        }

        /// A name, of which at most `limit` scalars are shown.
        package mutating func appendInterpolation(_ name: some StringProtocol, limit: Int) {
            text += printable(name, limit: limit)
        }

        /// An error, which made its parts printable itself.
        package mutating func appendInterpolation(_ error: some Error & CustomStringConvertible) {
            text += printableMessage(error.description)
        }

        /// A message, as it is.
        package mutating func appendInterpolation(_ message: Message) { text += message.text }

        /// A message that was put together before; see ``printableMessage(_:)``.
        package mutating func appendInterpolation(message: String) { text += printableMessage(message) }

        /// The raw bytes of a name.
        package mutating func appendInterpolation(bytes: some Sequence<UInt8>) { text += printable(bytes) }
    }
}
