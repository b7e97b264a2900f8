import ArtifactStore
import Printable

/// What takes space.
enum StoragePage {
    static func page(_ store: Store) throws -> Page {
        let usage = try store.blobUsage()
        let all = max(1, usage.reduce(0) { $0 &+ $1.bytes })
        var table = Table(
            "What takes space",
            ["Kept for": "main", "What that is": "wide", "Blobs": "num", "Bytes": "num", "Part": "num"]
        )
        for item in usage where item.blobs > 0 {
            let thousandths = Int(Double(item.bytes) / Double(all) * 1000)
            table.add(
                "\(item.reason.rawValue)",
                about(item.reason),
                "\(ByteCount.grouped(item.blobs))",
                Parts.bytes(item.bytes),
                "\(thousandths / 10).\(thousandths % 10) %"
            )
        }
        return Page(
            title: "Storage",
            part: .storage,
            lead: "Each byte counts once, for the first reason that keeps it.",
            body: table.isEmpty
                ? Parts.empty("The store is empty.")
                : """
                <section>\(table.html)</section>
                \(GrowthPlot(try store.blobGrowth()).html.map { Parts.section("Growth", $0) })
                """
        )
    }

    private static func about(_ reason: BlobUsage.Reason) -> HTML {
        switch reason {
        case .release: "files of releases"
        case .draft: "files of drafts that aren't sealed"
        case .image: "manifests, configs and layers of images"
        case .referrer: "what refers to manifests, such as signatures"
        case .other: "named by another row of the index"
        case .lease: "a running command relies on it"
        case .unnamed: "nothing names it: <code>bindery gc</code> removes it after the grace period"
        }
    }
}
