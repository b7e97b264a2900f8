import HTTP
import JSON

/// What a token server answers with: servers differ in which of two names the token has, in what else they say, and
/// how.
enum TokenAnswer {
    /// No answer is larger, in bytes.
    private static let largestSize = 1 << 20

    /// Reads the token of an answer.
    static func token(in answer: HTTPAnswer, from origin: Origin) throws(RegistryError) -> String {
        let bytes: [UInt8]?
        do {
            bytes = try answer.bytes(limit: largestSize)
        } catch {
            throw .brokenOff(what: "a token", place: "\(origin)", reason: error.reason)
        }
        guard let token = bytes.flatMap(token) else {
            throw .malformed(what: "a token", place: "\(origin)", reason: "there is none in its answer")
        }
        return token
    }

    /// The first token that can stand in a header.
    static func token(in bytes: [UInt8]) -> String? {
        guard let value = try? JSONDocument(bytes).value else { return nil }
        // Go's decoder takes a member's name in any letter case, the exact one first.
        func text(_ name: String) -> String? {
            (value[name] ?? value.members.last { $0.name.lowercased() == name }?.value)?.string
        }
        return ["token", "access_token"].lazy.compactMap(text)
            .map { String($0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }) }
            .first { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
    }
}
