import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import Printable

/// The images that hold what was looked for, each once.
struct FoundImages {
    struct Item: Encodable {
        let image: Digest
        let references: [String]
        /// The verdict of the image as a whole; nil for a damaged one.
        let verdict: String?
        let platforms: [String]
        let paths: [String]
        /// True where a program of the image was removed from its releases.
        let withdrawn: Bool?

        fileprivate let found: [AuditOccurrence]

        private enum CodingKeys: CodingKey {
            case image, references, verdict, platforms, paths, withdrawn
        }
    }

    /// An audited image of which it isn't known whether it holds what is looked for.
    struct Unclear: Encodable {
        let image: Digest
        let reference: String
        /// Nil for a damaged image.
        let verdict: String?
    }

    /// In the order in which they were found, the latest audit first.
    let list: [Item]
    /// The other images that engines read in different ways, or that weren't read as a whole.
    let unclear: [Unclear]

    init(_ occurrences: [AuditOccurrence], verdicts: [AuditListing], withdrawn: Set<Digest>) {
        let groups = Dictionary(grouping: occurrences, by: \.image)
        unclear = verdicts.filter { groups[$0.image] == nil && Self.isUnclear($0.verdict) }.map {
            Unclear(image: $0.image, reference: $0.reference, verdict: $0.verdict)
        }
        let verdicts = Dictionary(verdicts.map { ($0.image, $0) }) { first, _ in first }
        var order: [Digest] = []
        var seen: Set<Digest> = []
        for occurrence in occurrences where seen.insert(occurrence.image).inserted { order.append(occurrence.image) }
        list = order.map { image in
            let found = groups[image] ?? []
            return Item(
                image: image,
                references: Self.unique(found.flatMap(\.references)),
                verdict: verdicts[image]?.verdict,
                platforms: Self.unique(found.map(\.platform)),
                paths: Self.unique(found.map { String(decoding: $0.path, as: UTF8.self) }),
                withdrawn: withdrawn.contains(image) ? true : nil,
                found: found
            )
        }
    }

    private static func isUnclear(_ verdict: String?) -> Bool {
        guard let verdict = verdict.flatMap({ Verdict(rawValue: $0) }) else { return true }
        return verdict == .ambiguous || verdict == .incomplete
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// Prints a row for each image; `near` says what each holds.
    func print(near: Bool) {
        var columns: [(String, Table.Alignment)] = [
            ("IMAGE", .path), ("PLATFORMS", .left), ("PATHS", .path), ("VERDICT", .left), ("AUDITED", .left),
        ]
        if near { columns.append(("HOLDS", .left)) }
        var table = Table(columns, leftOut: ["AUDITED", "PLATFORMS"])
        for item in list {
            guard let latest = item.found.first else { continue }
            var cells: [any TableCell] = [
                item.references.joined(separator: ", "), item.platforms.joined(separator: ", "),
                item.paths.joined(separator: ", "),
                (item.verdict ?? "damaged") + (item.withdrawn == true ? ", withdrawn" : ""), latest.auditedAt,
            ]
            if near {
                cells.append(Self.unique(item.found.map { $0.nearness?.words ?? "the file" }).joined(separator: "; "))
            }
            table.add(cells)
        }
        table.print()
    }

    // JSON lists all of them.
    private static let unclearCount = 10

    /// Prints which images may hold it without being in the list.
    func printUnclear() {
        guard !unclear.isEmpty else { return }
        let named = unclear.prefix(Self.unclearCount).map { "\($0.reference) (\($0.verdict ?? "damaged"))" }
        let rest = unclear.count > named.count ? ", and \(unclear.count - named.count) more" : ""
        let count = ByteCount.counted(unclear.count, "further audited image")
        Output.line(Style.yellow("it may be in ") + "\(count): \(named.joined(separator: ", "))\(rest)")
    }
}

extension AuditNearness {
    /// For people: "same code, 97.3 % of its bytes".
    var words: String {
        (evidence + (thousandths.map { ["\($0 / 10).\($0 % 10) % of its bytes"] } ?? [])).joined(separator: ", ")
    }
}
