import FoundationEssentials

/// What a token server answers with: servers differ in which of two names the token has, in what else they say, and how.
struct TokenAnswer: Decodable {
    private let tokens: [String]

    private enum CodingKeys: String, CodingKey {
        case token
        case accessToken = "access_token"
    }

    /// No answer is larger, in bytes.
    private static let largestSize = 1 << 20

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tokens = [CodingKeys.token, .accessToken].compactMap { try? container.decode(String.self, forKey: $0) }
    }

    /// The first that can stand in a header.
    var token: String? {
        tokens.lazy.map { String($0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }) }
            .first { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
    }

    /// Reads the token of an answer.
    static func token(in answer: HTTPAnswer, from origin: Origin) throws(RegistryError) -> String {
        let bytes: [UInt8]?
        do {
            bytes = try answer.bytes(limit: largestSize)
        } catch {
            throw .brokenOff(what: "a token", place: "\(origin)", reason: error.reason)
        }
        let decoded = bytes.flatMap { try? JSONDecoder().decode(TokenAnswer.self, from: Data($0)) }
        guard let token = decoded?.token else {
            throw .malformed(what: "a token", place: "\(origin)", reason: "there is none in its answer")
        }
        return token
    }
}
