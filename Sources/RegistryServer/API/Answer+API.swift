import ContentAddress
import Foundation
import NIOHTTP1

extension Answer {
    /// JSON of the API.
    init(jsonBytes bytes: [UInt8], _ more: [(String, String)] = []) {
        self.init(.ok, site: "application/json", bytes, more + [("Cache-Control", "no-cache")])
    }

    /// A value as JSON of the API: members sorted, slashes as they are, as `--json` writes them.
    init(json value: some Encodable, _ more: [(String, String)] = []) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(jsonBytes: Array(try encoder.encode(value)), more)
    }

    init(_ problem: APIProblem) {
        self.init(problem.status, site: "application/problem+json", problem.body, problem.headers)
    }

    /// What a request is answered whose conditions aren't met by this entity tag; nil where they are.
    init?(unmet conditions: Preconditions, _ entityTag: String) {
        let status: HTTPResponseStatus
        switch conditions.outcome(entityTag) {
        case .proceeds: return nil
        case .notModified: status = .notModified
        case .failed: status = .preconditionFailed
        }
        self.init(status, site: nil, [], [("ETag", entityTag), ("Cache-Control", "no-cache")])
    }

    /// An answer of the API or a page, without what clients of registries look for.
    init(_ status: HTTPResponseStatus, site type: String?, _ bytes: [UInt8], _ more: [(String, String)]) {
        self.init(status, type: type, .bytes(bytes), more)
        headers.remove(name: "Docker-Distribution-API-Version")
    }
}
