import ArtifactStore
import ContentAddress
import OCI
import Printable

/// Every move of an image's name.
enum TagHistoryPage {
    private static let most = 500

    static func page(_ store: Store, _ reference: String) throws -> Page {
        let moves = try store.history(ofTag: reference, limit: most)
        guard !moves.isEmpty else { throw APIProblem.unknown("No image was ever called \(reference, limit: 200).") }
        var table = Table(
            "Moves of the name, the latest first",
            ["When": "main", "From": "", "To": "", "By": "", "Why": "", "Entry": "num"]
        )
        for move in moves.reversed() {
            table.add(
                Parts.time(move.at),
                move.from.map { Parts.short($0, .digest($0)) } ?? "new",
                move.to.map { Parts.short($0, .digest($0)) } ?? "<span class=\"verdict bad\">removed</span>",
                "\(move.by)",
                "\(move.reason ?? "")",
                "<a href=\"\(Link.entry(move.sequence))\">\(move.sequence)</a>"
            )
        }
        return Page(
            title: reference,
            part: .images,
            trail: ["<a href=\"\(Link.images)\">Images</a>"],
            kind: "History of a tag",
            lead: "Every move of this name is an entry of the log.",
            body: table.html
        )
    }
}
