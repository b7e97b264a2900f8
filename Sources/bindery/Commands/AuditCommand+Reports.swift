import CBuildVersion
import ImageAuditor

extension AuditCommand {
    /// Writes the JSON report to its file.
    func writeReport(_ value: some Encodable) throws {
        guard let report else { return }
        try Output.write(try Output.encoded(value) + "\n", to: report)
    }

    /// Writes SARIF, JUnit XML and Markdown to theirs.
    func writeReports(_ audits: [ImageAudit]) throws {
        if let sarif {
            let report = SARIFReport(audits, toolVersion: String(cString: build_version()))
            try Output.write(try Output.encoded(report), to: sarif)
        }
        if let junit {
            try Output.write(JUnitReport(audits.map { ($0, passes($0)) }).text, to: junit)
        }
        guard let markdown else { return }
        let text = audits.count == 1 ? MarkdownReport(audits[0]).text : MarkdownReport(audits).text
        try Output.append(text, to: markdown)
    }
}
