import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable

struct LogCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows the store's history: one event for each change, only ever appended.",
        discussion: """
            Examples:
              bindery log
              bindery log --limit 1000 --json
              bindery log --after 42
              bindery log agent
            """
    )

    @Argument(help: "Only the events of releases of this name.", transform: Arguments.name)
    var name: RepositoryName?

    @Option(help: ArgumentHelp("At most this many events.", valueName: "count"))
    var limit = 50

    @Option(help: ArgumentHelp("From the event after this one, instead of the last ones.", valueName: "sequence"))
    var after: Int64?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    func run() throws {
        let store = try options.openForReading()
        let events = try events(of: store)
        if options.json { return try Output.json(["events": events.map(Shape.init)]) }
        var table = Table(
            [("#", .right), ("WHEN", .left), ("WHAT", .left), ("KEY", .path), ("DIGEST", .left), ("BY", .left)],
            leftOut: ["BY", "DIGEST"]
        )
        for event in events {
            table.add(
                "\(event.sequence)",
                event["at"].map { Timestamp(rfc3339: $0)?.shown ?? $0 } ?? "",
                event["what"] ?? "",
                event.subject,
                (event["digest"].flatMap { try? Digest(parsing: $0) })?.short ?? "",
                event["by"] ?? ""
            )
        }
        table.print()
    }

    private func events(of store: Store) throws -> [Event] {
        guard let name else {
            return try after.map { try store.events(after: $0, limit: limit) } ?? store.latestEvents(limit: limit)
        }
        let all = try store.events(after: after ?? 0, limit: .max).filter { $0["name"] == name.text }
        return Array(after == nil ? all.suffix(limit) : all.prefix(limit))
    }

    private struct Shape: Encodable {
        let sequence: Int64
        let event: JSONValue

        init(_ event: Event) {
            sequence = event.sequence
            self.event = event.body
        }
    }
}

extension Event {
    /// What it is about, for people: a key, a name, a reason.
    fileprivate var subject: String {
        if let key { return "\(key)" }
        let row = row ?? self
        if let name = row["tag"] ?? row["reference"] { return name }
        if let name = row["removed"], name != "true" { return "\(name) removed" }
        return row["reason"] ?? ""
    }
}
