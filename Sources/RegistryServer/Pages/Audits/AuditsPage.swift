import ArtifactStore
import OCI
import Printable

/// The audits, the latest first, and how many came to which verdict over time.
enum AuditsPage {
    private static let pageSize = 100

    static func page(_ store: Store, verdict: String?, before: Int64?) throws -> Page {
        let verdict = verdict.flatMap { $0.isEmpty ? nil : $0 }
        if let verdict, !AuditOperations.verdicts.contains(verdict) {
            throw APIProblem.invalid("verdict", "it is one of \(AuditOperations.verdicts.joined(separator: ", "))")
        }
        let audits = try store.audits(before: before, verdict: verdict, limit: pageSize + 1)
        let page = audits.prefix(pageSize)
        let next =
            audits.count > page.count ? page.last.map { Link.audits(verdict: verdict, before: $0.number) } : nil
        var table = Table(
            "Audits",
            ["Image": "main", "Verdict": "", "Audited": "tight", "By": "", "Digest": ""]
        )
        for (_, audit) in page {
            table.add(
                "<a href=\"\(Link.image(audit.image))\">\(audit.reference)</a>",
                Parts.verdict(audit.verdict),
                Parts.time(audit.auditedAt),
                "\(audit.auditedBy)",
                Parts.short(audit.image, .image(audit.image))
            )
        }
        let plot = before == nil ? AuditPlot(try store.auditCounts()).html : nil
        return Page(
            title: "Audits",
            part: .audits,
            lead: "An audit hashes what is in the layers, and says which released file each file is.",
            body: """
                \(plot.map { Parts.section("Over time", $0) })
                <section><h2>Latest audits</h2>\(tabs(verdict))\(table.isEmpty ? none(verdict) : table.html)\(Parts.more(next))</section>
                """
        )
    }

    private static func tabs(_ verdict: String?) -> HTML {
        let items: [HTML] = ([nil] + AuditOperations.verdicts).map { word -> HTML in
            let current: HTML = word == verdict ? " aria-current=\"page\"" : ""
            return "<li><a href=\"\(Link.audits(verdict: word))\"\(current)>\(word ?? "all")</a></li>"
        }
        return "<ul class=\"tabs\">\(items)</ul>"
    }

    private static func none(_ verdict: String?) -> HTML {
        if let verdict { return Parts.empty("No audit came to \(verdict).") }
        return Parts.empty("No image was audited yet:", command: "bindery audit docker://registry.example/agent:1.0.0")
    }
}
