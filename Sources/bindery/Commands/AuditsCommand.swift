import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import Printable
import Release
import Shapes

struct AuditsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "audits",
        abstract: "Lists the images that were audited, with the latest verdict of each.",
        discussion: """
            Examples:
              bindery audits
              bindery audits --verdict mismatch --verdict damaged --since 7d
              bindery audits --release agent@1.2.3 --csv
              bindery audits --release agent
            """
    )

    @Option(
        help: ArgumentHelp("Only this verdict; may be given several times.", valueName: "verdict"),
        completion: .list(Verdict.allCases.map(\.rawValue) + ["damaged"]),
        transform: Self.verdict
    )
    var verdict: [String] = []

    @Option(help: ArgumentHelp("Only images with this release, or with any of a name.", valueName: "name[@version]"))
    var release: String?

    @Option(
        help: ArgumentHelp("Only what was audited since then: 12h, 7d, or 2026-11-24.", valueName: "when"),
        transform: Arguments.past
    )
    var since: Timestamp?

    @Flag(help: "Print comma-separated values (RFC 4180).")
    var csv = false

    @Flag(help: "Print a table in Markdown.")
    var markdown = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            let forms = [csv, markdown, options.json].count { $0 }
            complaints.require(forms <= 1, "--csv, --markdown and --json exclude each other")
        }
        if let release { _ = try Arguments.position(release) }
    }

    func run() throws {
        let wanted = try release.map(Arguments.position)
        let store = try options.openForReading()
        let withdrawn = try store.imagesWithWithdrawn()
        let listings = try store.auditListings()
        let rows = listings.map { Item($0, isWithdrawn: withdrawn.contains($0.image)) }.filter { item in
            (verdict.isEmpty || verdict.contains(item.shape.verdict ?? Self.damaged))
                && since.map { item.time >= $0 } ?? true
                && wanted.map(item.holds) ?? true
        }
        if options.json { return try Output.json(["audits": rows]) }
        if csv { return printCSV(rows) }
        if markdown { return printMarkdown(rows) }
        if rows.isEmpty { return Output.note("no audited image") }
        var table = Table(
            [
                ("IMAGE", .path), ("PLATFORMS", .left), ("VERDICT", .left), ("RELEASES", .path), ("AUDITED", .left),
                ("DIGEST", .left),
            ],
            leftOut: ["DIGEST", "AUDITED", "PLATFORMS"]
        )
        for row in rows {
            table.add(
                row.shape.reference,
                row.shape.platforms.joined(separator: ", "),
                row.word + (row.shape.withdrawn == true ? ", withdrawn" : ""),
                row.shape.releases.map(\.description).joined(separator: ", "),
                row.time,
                row.shape.image
            )
        }
        table.print()
    }

    private static let damaged = "damaged"

    @Sendable private static func verdict(_ text: String) throws -> String {
        let known = Verdict.allCases.map(\.rawValue) + [damaged]
        guard known.contains(text) else {
            throw ValidationError("'\(text)' is not a verdict: \(known.joined(separator: ", "))")
        }
        return text
    }

    private static let titles = [
        "image", "digest", "verdict", "releases", "audited", "by", "rules", "withdrawn", "platforms",
    ]

    private func printCSV(_ rows: [Item]) {
        Output.line(Message(verbatim: Self.titles.joined(separator: ",")), isFolded: false)
        for row in rows {
            Output.line(Message(verbatim: row.cells.map(Self.quoted).joined(separator: ",")), isFolded: false)
        }
    }

    // What begins so is a formula to spreadsheets.
    private static func quoted(_ text: String) -> String {
        let shown = (text.first.map { "=+-@".contains($0) } ?? false ? "'" : "") + printable(text)
        guard shown.contains(where: { ",\"".contains($0) }) else { return shown }
        return "\"" + shown.replacing("\"", with: "\"\"") + "\""
    }

    private func printMarkdown(_ rows: [Item]) {
        Output.line(Message(verbatim: "| " + Self.titles.joined(separator: " | ") + " |"), isFolded: false)
        Output.line(Message(verbatim: "|" + String(repeating: "---|", count: Self.titles.count)), isFolded: false)
        for row in rows {
            let cells = row.cells.map { MarkdownReport.escaped(printable($0)) }
            Output.line(Message(verbatim: "| " + cells.joined(separator: " | ") + " |"), isFolded: false)
        }
    }

    /// An audit of the list.
    private struct Item: Encodable {
        let shape: AuditShape
        let time: Timestamp

        init(_ listing: AuditListing, isWithdrawn: Bool) {
            shape = AuditShape(listing, isWithdrawn: isWithdrawn)
            time = listing.auditedAt
        }

        func encode(to encoder: any Encoder) throws { try shape.encode(to: encoder) }

        var word: String { shape.verdict ?? "damaged" }

        var cells: [String] {
            [
                shape.reference, shape.image.description, word,
                shape.releases.map(\.description).joined(separator: " "), shape.auditedAt, shape.auditedBy,
                "\(shape.rules)", shape.withdrawn == true ? "yes" : "",
                shape.platforms.joined(separator: " "),
            ]
        }

        func holds(_ wanted: ReleasePage.Position) -> Bool {
            shape.releases.contains { key in
                key.name == wanted.name && (wanted.version.map { $0 == key.version } ?? true)
            }
        }
    }
}
