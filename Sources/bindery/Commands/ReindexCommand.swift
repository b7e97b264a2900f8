import ArgumentParser
import ArtifactStore
import ContentAddress
import Printable

struct ReindexCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Makes a store's index again, from its log's entries and its blobs.",
        discussion: """
            For a store whose bindery.db is lost, or damaged and moved away with the files beside it. The entries in log/
            are held against the last signed checkpoint there, and every event is played back. Audits and tokens aren't
            in them: audit images again, make new tokens. `gc` is refused until the store was verified. A call that was
            cut off is repeated.

            Examples:
              bindery reindex
              bindery reindex --store /srv/bindery
            """
    )

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let report = try Store.reindex(at: options.path, options: options.storeOptions())
        if options.json {
            try Output.json(Shape(report))
        } else {
            let files = ByteCount.counted(report.files, "released file")
            let images = ByteCount.counted(report.images, "image")
            Output.line(
                "the index of \(options.path) is made of \(ByteCount.counted(report.events, "event")): \(files), \(images)"
            )
            for digest in report.missing { Output.line("missing  \(digest)") }
            for line in Self.lines(report.lost) { Output.line(line) }
            Output.line(Hints.completed("run `bindery verify`: until then `bindery gc` is refused"))
        }
        guard report.missing.isEmpty else { throw ExitStatus.integrity }
    }

    private static func lines(_ lost: ReindexReport.Lost) -> [Message] {
        var lines: [Message] = []
        if lost.audits > 0 { lines.append("audits that are to be made again: \(lost.audits)") }
        if lost.tokens > 0 { lines.append("tokens that are to be made again: \(lost.tokens)") }
        if lost.statements > 0 { lines.append("statements whose bytes are lost: \(lost.statements)") }
        return lines
    }

    private struct Shape: Encodable {
        struct Lost: Encodable {
            let audits: Int
            let tokens: Int
            let statements: Int
        }

        let events: Int64
        let files: Int
        let images: Int
        let missing: [Digest]
        let lost: Lost

        init(_ report: ReindexReport) {
            events = report.events
            files = report.files
            images = report.images
            missing = report.missing
            lost = Lost(audits: report.lost.audits, tokens: report.lost.tokens, statements: report.lost.statements)
        }
    }
}
