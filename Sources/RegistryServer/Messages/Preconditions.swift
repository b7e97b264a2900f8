import NIOHTTP1

/// The conditions that a request sets (RFC 9110, section 13), where a content's entity tag is its digest.
struct Preconditions {
    /// What becomes of the request.
    enum Outcome: Equatable {
        case proceeds, notModified, failed
    }

    private let headers: HTTPHeaders

    init(_ headers: HTTPHeaders) { self.headers = headers }

    /// What becomes of a request to read the content that has this tag.
    func outcome(_ entityTag: String) -> Outcome {
        let required = headers["If-Match"]
        if !required.isEmpty, !Self.names(entityTag, required, isWeak: false) { return .failed }
        return Self.names(entityTag, headers["If-None-Match"], isWeak: true) ? .notModified : .proceeds
    }

    /// Whether a range counts: only of the content that the client has the rest of.
    func allowsRange(_ entityTag: String) -> Bool {
        headers.first(name: "If-Range").map { $0 == entityTag } ?? true
    }

    private static func names(_ entityTag: String, _ fields: [String], isWeak: Bool) -> Bool {
        // A digest has no comma in it.
        fields.flatMap { $0.split(separator: ",") }.contains { field in
            let tag = field.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
            let text = String(tag)
            return text == "*" || text == entityTag || (isWeak && text == "W/" + entityTag)
        }
    }
}
