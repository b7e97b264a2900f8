import Printable

/// Colours for terminals; plain text elsewhere.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func callAsFunction(_ text: Message) -> Message {
        guard Output.isColoured else { return text }
        return Message(verbatim: "\u{1B}[\(rawValue)m") + text + Message(verbatim: "\u{1B}[0m")
    }

    func callAsFunction(_ text: String) -> Message { callAsFunction(Message(text)) }
}
