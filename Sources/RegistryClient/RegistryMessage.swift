internal import FoundationEssentials
internal import ImageTransport

/// What a registry says of an error (OCI distribution specification 1.1, "Error Codes").
enum RegistryMessage {
    /// Code and message, on one line; empty when it says nothing.
    static func text(_ answer: HTTPAnswer) -> String {
        guard let bytes = try? answer.bytes(limit: 64 << 10), !bytes.isEmpty else { return "" }
        struct Answer: Decodable {
            struct Failure: Decodable {
                let code: String?
                let message: String?
            }
            let errors: [Failure]?
        }
        if let errors = try? JSONDecoder().decode(Answer.self, from: Data(bytes)).errors, !errors.isEmpty {
            return errors.prefix(3).map { [$0.code, $0.message].compactMap(\.self).joined(separator: ": ") }
                .joined(separator: "; ")
        }
        // A proxy's page says less than its status.
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("<") ? "" : String(text.prefix { !$0.isNewline }.prefix(200))
    }

    /// The code of the first error.
    static func code(_ text: String) -> Substring { text.prefix { $0 != ":" } }
}
