import ImageAuditor
import ImageFileSystem
import Printable

/// What people read of a fact that several findings tell of, such as that a file was altered: one line.
///
/// Reports for programs keep every finding.
struct FindingLine {
    /// The findings, the one that weighs most first.
    private(set) var findings: [Finding]

    /// What is said of one file's bytes.
    private static let ofOneFile: Set<FindingCode> = [
        .otherBytes, .shadowed, .altered, .otherBuild, .packed, .archived, .entrypointUnknown, .interpreterUnknown,
        .libraryUnknown,
    ]
    /// What such a file is besides: unknown.
    private static let ofUnknownFile = ofOneFile.subtracting([.shadowed])

    /// The lines of findings, in their order.
    static func lines(of findings: [Finding]) -> [FindingLine] {
        var lines: [FindingLine] = []
        var places: [FilePath: Int] = [:]
        for finding in findings {
            guard let path = finding.path, ofOneFile.contains(finding.code) else {
                lines.append(FindingLine(findings: [finding]))
                continue
            }
            if let place = places[path] {
                lines[place].findings.append(finding)
            } else {
                places[path] = lines.count
                lines.append(FindingLine(findings: [finding]))
            }
        }
        // That one file is unknown is said where it is named.
        let unknown = places.values.filter { place in
            lines[place].findings.contains { ofUnknownFile.contains($0.code) }
        }
        guard unknown.count == 1,
            let count = lines.firstIndex(where: { $0.findings[0].code == .further && $0.findings[0].found == "1" })
        else { return lines }
        lines[unknown[0]].findings.append(lines[count].findings[0])
        lines.remove(at: count)
        return lines
    }

    var severity: Severity { findings[0].severity }

    /// The codes of all of them.
    var codes: String { findings.map(\.code.rawValue).joined(separator: " ") }

    /// Where it is: path and layer; empty for the whole image.
    var place: String {
        [
            findings[0].path.map { printable($0.bytes) },
            findings.lazy.compactMap(\.layer).first.map { "layer \($0 + 1)" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// What was found.
    var message: Message {
        let words = findings.enumerated().compactMap { number, finding -> String? in
            guard number > 0 else { return finding.message }
            switch finding.code {
            case .further: return nil
            case .entrypointUnknown: return "it is started"
            default: return finding.message
            }
        }
        // Two findings may tell the same of a file.
        var said: Set<Substring> = []
        let parts = words.flatMap { $0.split(separator: "; ") }.filter { said.insert($0).inserted }
        return "\(parts.joined(separator: "; "))"
    }

    /// What is there and what was expected, where an error says both.
    var difference: (expected: String, found: String)? {
        findings.lazy.filter { $0.severity == .error }
            .compactMap { finding in finding.expected.flatMap { expected in finding.found.map { (expected, $0) } } }
            .first
    }
}
