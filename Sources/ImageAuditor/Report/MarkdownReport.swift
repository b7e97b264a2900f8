import ArtifactStore
import ImageFileSystem
import OCI
import Printable

/// An audit as Markdown, for the summary of a CI job.
package struct MarkdownReport: Sendable {
    /// The document.
    package let text: String

    /// More rows than these nobody reads in a summary.
    private static let rowCount = 50

    /// The report of one audit.
    package init(_ audit: ImageAudit) {
        text = Self.text(audit)
    }

    /// The report of several audits: a table first, then each of them.
    package init(_ audits: [ImageAudit]) {
        var lines = ["| image | verdict | releases | what to do |", "|---|---|---|---|"]
        for audit in audits {
            let releases = audit.releases.map { Self.code("\($0)") }.joined(separator: ", ")
            let word = "\(Self.mark(audit)) \(audit.verdict?.rawValue ?? "damaged")"
            lines.append(
                "| \(Self.code(audit.reference)) | \(word) | \(releases) | \(Self.cell(audit.worstFinding?.advice ?? "")) |"
            )
        }
        text = lines.joined(separator: "\n") + "\n\n" + audits.map(Self.text).joined(separator: "\n")
    }

    private static func text(_ audit: ImageAudit) -> String {
        var lines = [
            "### \(Self.mark(audit)) \(audit.verdict?.rawValue ?? "damaged"): \(Self.code(audit.reference))",
            "",
        ]
        for platform in audit.platforms {
            let releases = platform.releases.map { Self.code("\($0)") }.joined(separator: ", ")
            let word = platform.verdict?.rawValue ?? "damaged"
            lines.append("**\(Self.cell(platform.platform))**: \(word)" + (releases.isEmpty ? "" : ", " + releases))
            lines += ["", "| path | is | layer | size |", "|---|---|---:|---:|"]
            let files = platform.files.filter { !$0.identity.isBase }
            for file in files.prefix(Self.rowCount) {
                lines.append(
                    "| \(Self.code(file.path.bytes)) | \(Self.cell(Self.identity(file))) | \(file.layer + 1) | \(file.size) |"
                )
            }
            if files.count > Self.rowCount { lines.append("| … and \(files.count - Self.rowCount) more | | | |") }
            if platform.unopenedArchives > 0 {
                lines += ["", "Archives that weren't opened: \(platform.unopenedArchives)"]
            }
            lines.append("")
        }
        let findings = audit.allFindings
        if !findings.isEmpty {
            lines += ["| finding | where | what |", "|---|---|---|"]
            for finding in findings.prefix(Self.rowCount) {
                let place = finding.place
                lines.append(
                    "| \(finding.severity.rawValue) \(finding.code.rawValue) | \(place.isEmpty ? "" : Self.code(shown: place)) "
                        + "| \(Self.cell(finding.message)) |"
                )
            }
            if findings.count > Self.rowCount { lines.append("| … and \(findings.count - Self.rowCount) more | | |") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func identity(_ file: AuditedFile) -> String {
        switch file.identity {
        case .released(let artifacts): artifacts.first.map { "\($0.key)" } ?? "released"
        case .base(let name): "base \(name)"
        case .unknown: file.kind == .file ? "unknown" : file.kind.word
        }
    }

    private static func mark(_ audit: ImageAudit) -> String {
        switch audit.verdict {
        case _ where audit.hidesErrors: "⚠️"
        case .exact: "✅"
        case .contains: "☑️"
        case .unknown: "❔"
        case .mismatch, .ambiguous, .incomplete, nil: "❌"
        }
    }

    // Names in images are anybody's: none may break out of its cell, or become a link, a mention, a formula or HTML.
    private static func code(_ text: String) -> String { code(shown: printable(text)) }

    private static func code(_ bytes: [UInt8]) -> String { code(shown: printable(bytes)) }

    private static func code(shown: String) -> String { "<code>" + escaped(shown) + "</code>" }

    private static func cell(_ text: String) -> String { escaped(printable(text)) }

    /// A printable text in which nothing has a meaning to Markdown and HTML.
    package static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case _ where "|`*_[]\\!#~@:$\"'".unicodeScalars.contains(scalar): "&#\(scalar.value);"
            default: String(scalar)
            }
        }.joined()
    }
}
