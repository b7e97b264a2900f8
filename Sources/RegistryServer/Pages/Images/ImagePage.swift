import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

/// One image: what it is called, which released files are in it on which platform, and what its audit found.
enum ImagePage {
    static func page(_ store: Store, _ digest: Digest) throws -> Page {
        let image = try store.storedImage(digest)
        let audit = try store.latestAudit(of: digest)
        guard image != nil || audit != nil else { throw APIProblem.unknown("There is no image \(digest).") }
        let title = image?.references.first ?? audit?.reference ?? digest.short
        let view: AuditView? = audit.flatMap { try? $0.report.content() }
        return Page(
            title: title,
            part: .images,
            trail: ["<a href=\"\(Link.images)\">Images</a>"],
            kind: "Image",
            body: """
                <section>\(Parts.facts(facts(digest, image, audit)))</section>
                \(try released(digest, audit, view, store))
                \(view.flatMap(platforms))
                \(view.flatMap(findings))
                """
        )
    }

    private static func facts(_ digest: Digest, _ image: StoredImage?, _ audit: AuditListing?) -> [(String, HTML)] {
        var facts: [(String, HTML)] = [("Digest", Parts.whole(digest))]
        facts.append(("Verdict", Parts.verdict(audit?.verdict, isAudited: audit != nil)))
        if let audit { facts.append(("Audited", "\(Parts.time(audit.auditedAt)) by \(audit.auditedBy)")) }
        guard let image else {
            facts.append(("Kept", "not in this store: it was audited elsewhere"))
            return facts
        }
        facts.append(("Media type", "<code>\(image.mediaType)</code>"))
        facts.append(("Size", Parts.bytes(image.size)))
        facts.append(("Since", Parts.time(image.addedAt)))
        let names: [HTML] = image.references.prefix(20).map { "\($0) (<a href=\"\(Link.tag($0))\">history</a>)" }
        facts.append(("Names", names.isEmpty ? "none" : names.joined("<br>")))
        return facts
    }

    private static func released(
        _ digest: Digest,
        _ audit: AuditListing?,
        _ view: AuditView?,
        _ store: Store
    ) throws -> HTML {
        if let view, let matrix = ReleasedMatrix(view).html {
            return Parts.section(
                "Released files",
                matrix,
                note: "Which release each file is on each platform, by its bytes."
            )
        }
        let releases = try store.releases(in: digest)
        let known: HTML? = releases.isEmpty ? nil : "<p>Built from \(Parts.releaseLinks(releases, most: 20)).</p>"
        let state: HTML =
            audit == nil
            ? Parts.empty("It was not audited yet:", command: "bindery audit \(digest)")
            : Parts.empty("No file in it is a released one.")
        return Parts.section("Released files", "\(known)\(state)")
    }

    private static func platforms(_ view: AuditView) -> HTML? {
        guard !view.platforms.isEmpty else { return nil }
        var table = Table(
            "Platforms",
            ["Platform": "main", "Verdict": "", "Releases": "wide", "Layers": "num", "Files": "num", "Starts": "wide"]
        )
        for part in view.platforms {
            let steps: [HTML] = part.entrypoint.prefix(4).map { "<code>\($0.path)</code>" }
            table.add(
                "<a href=\"\(Link.files(part.manifest))\">\(part.platform)</a>",
                Parts.verdict(part.verdict),
                Parts.releaseLinks(part.releases),
                "\(part.layers.count)",
                "\(ByteCount.grouped(part.fileCount))",
                steps.joined(" → ")
            )
        }
        return Parts.section("Platforms", table.html, note: "A platform leads to its layers and files.")
    }

    private static let mostFindings = 100

    private static func findings(_ view: AuditView) -> HTML? {
        let all = view.findings + view.platforms.flatMap(\.findings)
        guard !all.isEmpty else { return Parts.section("Findings", Parts.empty("The audit found nothing to tell.")) }
        var table = Table("Findings", ["Code": "main", "Severity": "", "What": "wide", "Where": ""])
        for finding in all.prefix(mostFindings) {
            let kind = ["error": "bad", "warning": "doubt"][finding.severity] ?? "none"
            let place = [finding.platform, finding.path].compactMap(\.self).joined(separator: " ")
            table.add(
                "\(finding.code)",
                "<span class=\"verdict \(kind)\">\(finding.severity)</span>",
                "\(finding.title)<br><span class=\"by\">\(finding.message)</span>",
                "\(place)"
            )
        }
        let rest: HTML? =
            all.count > mostFindings
            ? "<p class=\"note\">\(Parts.count(all.count - mostFindings, "more finding", "more findings")).</p>" : nil
        return Parts.section("Findings", "\(table.html)\(rest)")
    }
}
