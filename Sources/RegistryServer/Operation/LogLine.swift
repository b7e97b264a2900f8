import ContentAddress
package import Printable

/// A line of a server's log.
package enum LogLine: Sendable {
    /// A request has ended.
    case request(RequestRecord)
    /// The server failed at something; `request` is the id of the request that it was for.
    case failure(String, request: String?)
    case warning(String)
    /// What the server did by its schedule.
    case upkeep(task: String, result: String)
    /// So many lines before this one couldn't be written as fast as they came.
    case lost(Int)

    /// The line for people.
    package var text: Message {
        switch self {
        case .request(let request): Self.text(request)
        case .failure(let message, let id):
            id.map { "\(message: message) (request \($0))" } ?? Message(message: message)
        case .warning(let message): "warning: \(message: message)"
        case .upkeep(let task, let result): "\(task): \(message: result)"
        case .lost(let count): "warning: \(count) lines of the log were lost: nobody reads them fast enough"
        }
    }

    private static func text(_ request: RequestRecord) -> Message {
        let status = request.status.map { "\($0)" } ?? "no answer"
        let digest = request.digest.map { " " + $0 } ?? ""
        let user = request.user ?? "anybody"
        return """
            \(request.isWrite ? "write" : "request"): \(request.method) \(request.path) \(status)\(request.isCut ? ", cut off" : "")\
            \(digest) by \(user) from \(request.address), \(request.milliseconds) ms (request \(request.id))
            """
    }

    /// The line for programs: one JSON object (docs/serve.md, "The log"); members may be added.
    package func json(at time: String) -> [UInt8] {
        var members: [String: JSONValue] = ["time": .string(time), "level": "info"]
        switch self {
        case .request(let request):
            members["kind"] = request.isWrite ? "write" : "request"
            members["request"] = .string(request.id)
            members["address"] = .string(request.address)
            members["user"] = request.user.map { .string($0) }
            members["method"] = .string(request.method)
            members["path"] = .string(request.path)
            members["status"] = request.status.map { .int(Int64($0)) }
            members["digest"] = request.digest.map { .string($0) }
            members["taken"] = .int(request.taken)
            members["sent"] = .int(request.sent)
            members["cut"] = request.isCut ? .bool(true) : nil
            members["milliseconds"] = .int(request.milliseconds)
        case .failure(let message, let id):
            (members["kind"], members["level"], members["message"]) = ("failure", "error", .string(message))
            members["request"] = id.map { .string($0) }
        case .warning(let message):
            (members["kind"], members["level"], members["message"]) = ("warning", "warning", .string(message))
        case .upkeep(let task, let result):
            (members["kind"], members["task"], members["message"]) = ("upkeep", .string(task), .string(result))
        case .lost(let count):
            (members["kind"], members["level"], members["count"]) = ("lost", "warning", .int(Int64(count)))
        }
        return CanonicalJSON.encode(.object(members))
    }
}
