import ArtifactStore
import ContentAddress
import OCI
import Printable
import TransparencyLog

extension Event {
    /// When it happened; nil where it doesn't say.
    var time: Timestamp? { self["at"].flatMap { Timestamp(rfc3339: $0) } }
}

/// The log: every change of the store, the latest first.
enum LogPage {
    private static let pageSize: Int64 = 100

    static func page(_ store: Store, before: Int64?) throws -> Page {
        let head = try store.logHead()
        let end = min(before.map { $0 - 1 } ?? head.size, head.size)
        let start = max(0, end - pageSize)
        let events = end > start ? try store.events(after: start, limit: Int(end - start)) : []
        var table = Table(
            "Entries of the log",
            ["Entry": "main", "When": "tight", "What": "", "About": "wide", "By": ""]
        )
        for event in events.reversed() {
            table.add(
                "<a href=\"\(Link.entry(event.sequence))\">\(event.sequence)</a>",
                Parts.time(event.time),
                "\(event["what"] ?? "")",
                EntryText.html(event),
                "\(event["by"] ?? "")"
            )
        }
        let facts: [(String, HTML)] = [
            ("Origin", "<code>\(head.origin)</code>"), ("Entries", "\(ByteCount.grouped(head.size))"),
            ("Root", "<code class=\"digest whole\">\(head.root.hex)</code>"),
        ]
        let list: HTML = table.isEmpty ? Parts.empty("Nothing has happened yet.") : table.html
        return Page(
            title: "Log",
            part: .log,
            lead: "Every change of the store, in a Merkle tree: nobody can change or remove an entry unseen.",
            body: """
                <section>\(Parts.facts(facts))</section>
                \(list)\(Parts.more(start > 0 ? .log(before: start + 1) : nil, "Earlier entries"))
                """
        )
    }
}
