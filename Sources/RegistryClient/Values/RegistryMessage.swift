import HTTP
import ImageTransport
import JSON

/// What a registry says of an error (OCI distribution specification 1.1, "Error Codes").
enum RegistryMessage {
    /// Code and message, on one line; empty when it says nothing.
    static func text(_ answer: HTTPAnswer) -> String {
        guard let bytes = try? answer.bytes(limit: 64 << 10), !bytes.isEmpty else { return "" }
        if let body = try? JSONDocument(bytes).value, body.kind == .object { return text(body) }
        // A proxy's page says less than its status.
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        return text.hasPrefix("<") ? "" : String(text.prefix { !$0.isNewline }.prefix(200))
    }

    // The specification's list of errors, or what other servers write in its place: each member counts where it is a
    // text.
    private static func text(_ body: JSONValueView) -> String {
        let errors = (body["errors"]?.elements ?? []).map { text($0, ["code", "message"]) }.filter { !$0.isEmpty }
        guard errors.isEmpty else { return errors.prefix(3).joined(separator: "; ") }
        return text(body, ["error", "error_description", "message", "details"])
    }

    private static func text(_ object: JSONValueView, _ names: [String]) -> String {
        names.compactMap { object[$0]?.string }.filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
