import FoundationEssentials
import ImageTransport

/// What a registry says of an error (OCI distribution specification 1.1, "Error Codes").
enum RegistryMessage {
    /// Code and message, on one line; empty when it says nothing.
    static func text(_ answer: HTTPAnswer) -> String {
        guard let bytes = try? answer.bytes(limit: 64 << 10), !bytes.isEmpty else { return "" }
        if let said = try? JSONDecoder().decode(Body.self, from: Data(bytes)) { return said.text }
        // A proxy's page says less than its status.
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        return text.hasPrefix("<") ? "" : String(text.prefix { !$0.isNewline }.prefix(200))
    }

    /// The specification's list of errors, or what other servers write in its place: each member counts where it is a
    /// text.
    private struct Body: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            let errors = (try? container.decode([Failure].self, forKey: Name("errors"))) ?? []
            let list = errors.map(\.text).filter { !$0.isEmpty }
            if list.isEmpty {
                text = Failure(container, ["error", "error_description", "message", "details"]).text
            } else {
                text = list.prefix(3).joined(separator: "; ")
            }
        }
    }

    private struct Failure: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            self.init(try decoder.container(keyedBy: Name.self), ["code", "message"])
        }

        init(_ container: KeyedDecodingContainer<Name>, _ names: [String]) {
            text = names.compactMap { try? container.decode(String.self, forKey: Name($0)) }.filter { !$0.isEmpty }
                .joined(separator: ": ")
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
