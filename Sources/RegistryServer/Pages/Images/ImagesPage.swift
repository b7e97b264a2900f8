import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import Printable

/// The names of images, with the verdict of each platform.
enum ImagesPage {
    private static let pageSize = 100
    private static let mostPlatforms = 6

    static func page(_ store: Store, after: String) throws -> Page {
        let names = try store.imageNames(after: after, limit: pageSize + 1)
        let page = names.prefix(pageSize)
        let audits = try store.auditSummaries(of: page.map(\.image))
        let artifacts = try store.unauditedArtifacts(among: page.map(\.image))
        let next = names.count > page.count ? page.last.map { Link.images(after: $0.reference) } : nil
        let unnamed = after.isEmpty ? try store.unnamedImages(limit: pageSize) : []
        let list: HTML =
            page.isEmpty
            ? none(after, hasUnnamed: !unnamed.isEmpty) : "\(matrix(Array(page), audits, artifacts))\(Parts.more(next))"
        return Page(
            title: "Images",
            part: .images,
            lead: "Each verdict says whether the files of that platform are released ones, by their bytes.",
            body: "\(list)\(unnamed.isEmpty ? nil : Parts.section("Without a name", try without(unnamed, store)))"
        )
    }

    /// Images × platforms.
    private static func matrix(
        _ names: [ImageName],
        _ audits: [Digest: AuditSummary],
        _ artifacts: Set<Digest>
    ) -> HTML {
        let all = Set(audits.values.flatMap(\.platforms).map(\.platform)).sorted()
        let platforms = all.prefix(mostPlatforms)
        let heads: [HTML] = platforms.map { "<th scope=\"col\">\($0)</th>" }
        let rows: [HTML] = names.map { name in
            let audit = audits[name.image]
            let none = Parts.unaudited(isArtifact: artifacts.contains(name.image))
            let cells: [HTML] = platforms.map { platform in
                guard let part = audit?.platforms.first(where: { $0.platform == platform }) else {
                    return
                        "<td data-label=\"\(platform)\">\(audit == nil ? none : "–")</td>"
                }
                return """
                    <td data-label="\(platform)"><a href="\(Link.files(part.manifest))">\(Parts.verdict(part.verdict))</a></td>
                    """
            }
            let held: HTML? = HeldName.isHeld(name.reference) ? " <span class=\"note\">held, not served</span>" : nil
            let whole: HTML = audit.map { Parts.verdict($0.verdict) } ?? none
            return """
                <tr><th scope="row" class="main"><a href="\(Link.image(name.image))">\(name.reference)</a>\(held)</th>
                <td data-label="Verdict">\(whole)</td>\(cells)
                <td data-label="Digest">\(Parts.short(name.image, .image(name.image)))</td>
                <td data-label="Moved" class="tight"><a href="\(Link.tag(name.reference))">\(Parts.time(name.movedAt))</a></td></tr>

                """
        }
        return """
            <div class="scroll"><table class="list"><caption class="hidden">Images and the verdicts of their platforms</caption>
            <thead><tr><th scope="col">Name</th><th scope="col">Verdict</th>\(heads)<th scope="col">Digest</th>\
            <th scope="col">Moved</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            """
    }

    private static func without(_ images: [Digest], _ store: Store) throws -> HTML {
        let audits = try store.auditSummaries(of: images)
        let artifacts = try store.unauditedArtifacts(among: images)
        var table = Table("Images without a name", ["Digest": "main", "Verdict": ""])
        for image in images {
            let audit = audits[image]
            let none = Parts.unaudited(isArtifact: artifacts.contains(image))
            table.add(Parts.short(image, .image(image)), audit.map { Parts.verdict($0.verdict) } ?? none)
        }
        return table.html
    }

    private static func none(_ after: String, hasUnnamed: Bool) -> HTML {
        if !after.isEmpty { return Parts.empty("There is no image behind \(after).") }
        return Parts.empty(
            hasUnnamed ? "No image has a name." : "No images yet. One is bound from released files:",
            command: hasUnnamed ? nil : "bindery build agent@1.0.0 -t agent:1.0.0"
        )
    }
}
