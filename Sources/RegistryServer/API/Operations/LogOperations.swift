import ArtifactStore
import ContentAddress
import OCI
import Printable
import Shapes
import TransparencyLog

/// The operations on the log of the store's changes.
enum LogOperations {
    static let all = [head, entries, proof, consistency]

    private struct Head: Encodable {
        let origin: String
        let size: Int64
        let root: String

        init(_ head: Checkpoint) { (origin, size, root) = (head.origin, head.size, head.root.hex) }
    }

    private static let head = APIOperation(
        path: "/log/checkpoint",
        name: "showCheckpoint",
        summary: "Shows the log as it stands: its name, how many entries it has, and the root of their tree; unsigned.",
        parameters: [],
        content: .json("Checkpoint")
    ) { _, context in
        try Answer(json: Head(context.store.logHead()))
    }

    private struct Entry: Encodable {
        let number: Int64
        let body: JSONValue
    }

    private struct Page: Encodable {
        let entries: [Entry]
        let next: Int64?
    }

    private static let entries = APIOperation(
        path: "/log/entries",
        name: "listEntries",
        summary: "Lists the entries of the log, oldest first: every change of the store.",
        parameters: [
            APIParameter(name: "after", about: "Go on behind this entry.", kind: .number(0...(1 << 53), standard: 0)),
            .limit,
        ],
        content: .json("EntryPage")
    ) { request, context in
        let after = request["after"].flatMap { Int64($0) } ?? 0
        let events = try context.store.events(after: after, limit: request.limit + 1)
        let page = events.prefix(request.limit)
        return try Answer(
            json: Page(
                entries: page.map { Entry(number: $0.sequence, body: $0.body) },
                next: events.count > page.count ? page.last?.sequence : nil
            )
        )
    }

    private static let proof = APIOperation(
        path: "/log/entries/{number}/proof",
        name: "proveEntry",
        summary: "Shows what leads from an entry of the log to its root: an inclusion proof (RFC 6962).",
        parameters: [
            APIParameter(
                name: "number",
                about: "The entry's number; the first one is 1.",
                kind: .number(1...(1 << 53), standard: nil),
                isRequired: true,
                isInPath: true
            )
        ],
        content: .json("InclusionProof")
    ) { request, context in
        let number = request["number"].flatMap { Int64($0) } ?? 0
        return try Answer(json: LogProofShape(context.store.logProof(ofEvent: number)))
    }

    private struct Consistency: Encodable {
        let since: Int64
        let head: Head
        let path: [String]
    }

    private static let consistency = APIOperation(
        path: "/log/consistency",
        name: "proveConsistency",
        summary: "Shows that the log begins with what it was at a size: a consistency proof (RFC 6962).",
        parameters: [
            APIParameter(
                name: "since",
                about: "The size that the log had.",
                kind: .number(1...(1 << 53), standard: nil),
                isRequired: true
            )
        ],
        content: .json("ConsistencyProof")
    ) { request, context in
        let since = request["since"].flatMap { Int64($0) } ?? 0
        let size = try context.store.logHead().size
        guard since <= size else { throw APIProblem.unknown("the log has \(size) entries, and never had \(since)") }
        let (head, path) = try context.store.logConsistency(since: since)
        return try Answer(json: Consistency(since: since, head: Head(head), path: path.map(\.hex)))
    }
}
