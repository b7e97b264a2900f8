import ContentAddress
import NIOHTTP1

/// One thing that the API does: a path, its parameters, and how it is answered.
///
/// The OpenAPI document is written from the same values that requests are answered by.
struct APIOperation: Sendable {
    /// What an answer consists of.
    enum Content: Sendable {
        /// JSON of a schema of ``APISchemas``.
        case json(String)
        /// Bytes, of which a range can be asked for.
        case bytes
        /// Server-sent events.
        case events
    }

    /// The path behind `/api/v1`, with `{name}` for a parameter.
    let path: String
    /// The operation's name in clients that are generated.
    let name: String
    let summary: String
    let parameters: [APIParameter]
    let content: Content
    /// Whether the answer is a function of the store's history, so that the root of its log can be its entity tag.
    var isOfHistory = true
    let handler: @Sendable (APIRequest, SiteContext) throws -> Answer

    /// The parameters that a path has; nil for a path that is another one's.
    func match(_ path: ArraySlice<String>) -> [String: String]? { Self.match(path, self.path) }

    /// The same for a path with `{name}` for a parameter.
    static func match(_ path: ArraySlice<String>, _ pattern: String) -> [String: String]? {
        let own = pattern.split(separator: "/")
        guard own.count == path.count else { return nil }
        var found: [String: String] = [:]
        for (pattern, segment) in zip(own, path) {
            if pattern.hasPrefix("{") {
                found[String(pattern.dropFirst().dropLast())] = segment
            } else if pattern != segment {
                return nil
            }
        }
        return found
    }
}
