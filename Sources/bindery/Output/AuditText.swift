import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageFileSystem
import Printable

/// An audit for people: the verdict first, then what is where, then the exceptions.
struct AuditText {
    private let audit: ImageAudit
    private let listsAll: Bool

    /// More unknown files than these take a screen of their own.
    private static let furtherCount = 10

    init(_ audit: ImageAudit, listsAll: Bool) {
        self.audit = audit
        self.listsAll = listsAll
    }

    func print() {
        let word = audit.verdict?.rawValue ?? "damaged"
        Output.line(Self.style(audit.verdict)(word) + "  \(audit.reference)  \(audit.digest?.short ?? "")")
        for platform in audit.platforms { print(platform) }
        print(audit.findings)
        let attestations = audit.attestationCount
        if attestations > 0 { Output.line("attestations beside the images: \(attestations)") }
    }

    private func print(_ platform: PlatformAudit) {
        let word = platform.verdict?.rawValue ?? "damaged"
        let releases = platform.releases.map { "\($0)" }.joined(separator: ", ")
        Output.line()
        Output.line(
            Style.bold(platform.platform) + "  " + Self.style(platform.verdict)(word)
                + (releases.isEmpty ? "" : "  \(releases)")
        )
        var table = Table(
            [("  PATH", .path), ("IS", .left), ("LAYER", .right), ("MODE", .left), ("SIZE", .right)],
            leftOut: ["MODE", "LAYER", "SIZE"]
        )
        let shown = shownFiles(platform)
        for file in shown {
            let layer = "\(file.layer + 1)/\(platform.layers.count)"
            table.add(
                "  \(bytes: file.path.bytes)" as Message,
                Self.text(file),
                layer,
                FileMode.text(file.mode),
                file.kind == .file ? ByteCount.text(file.size) : ""
            )
        }
        table.print()
        let rest = platform.files.count - shown.count
        if rest > 0 {
            let base = platform.files.count(where: \.identity.isBase)
            Output.line("  and \(rest) more" + (base > 0 ? ", \(base) of a known base" : "") + " (--all lists them)")
        }
        let archives = platform.unopenedArchives
        if archives > 0 { Output.line("  archives that weren't opened: \(archives)") }
        if let first = platform.entrypoint.first {
            let way = platform.entrypoint.filter { $0.reason != .library }.map { printable($0.path.bytes) }
            let libraries = platform.entrypoint.count(where: { $0.reason == .library })
            Output.line(
                "  starts \(first.name)"
                    + (way == [printable(first.name)] ? "" : ": " + Message(verbatim: way.joined(separator: " → ")))
                    + (libraries > 0 ? ", libraries: \(libraries)" : "")
            )
        }
        print(platform.findings)
    }

    // What is released, and of the rest first what could be run.
    private func shownFiles(_ platform: PlatformAudit) -> [AuditedFile] {
        if listsAll { return platform.files }
        var (released, runnable, others): ([AuditedFile], [AuditedFile], [AuditedFile]) = ([], [], [])
        for file in platform.files {
            if file.identity.isReleased {
                released.append(file)
            } else if file.identity.isUnknown {
                if file.isELF || file.kind == .file && file.mode & 0o111 != 0 {
                    if runnable.count < Self.furtherCount { runnable.append(file) }
                } else if others.count < Self.furtherCount {
                    others.append(file)
                }
            }
        }
        return released + (runnable + others).prefix(Self.furtherCount)
    }

    private static func text(_ file: AuditedFile) -> Message {
        switch file.identity {
        case .released(let artifacts): "\(artifacts.first.map { "\($0.key)" } ?? "released")"
        case .base(let name): "base \(name)"
        case .unknown:
            switch file.kind {
            case .file: "unknown \(file.digest?.short ?? "")"
            case .symbolicLink: "→ \(bytes: file.target)"
            case .directory, .characterDevice, .blockDevice, .pipe: Message(file.kind.word)
            }
        }
    }

    private func print(_ findings: [Finding]) {
        for line in FindingLine.lines(of: findings) {
            Output.line(
                "  " + Self.style(line.severity)(line.severity.rawValue) + " \(line.codes) "
                    + Message(verbatim: line.place.isEmpty ? "" : line.place + ": ") + line.message
            )
            guard let (expected, found) = line.difference else { continue }
            Output.line("    expected \(Self.shown(expected))")
            Output.line("    found    \(Self.shown(found))")
        }
    }

    // A digest is short at a terminal.
    private static func shown(_ text: String) -> String { (try? Digest(parsing: text))?.shown ?? text }

    private static func style(_ verdict: Verdict?) -> Style {
        switch verdict {
        case .exact: .green
        case .contains, .unknown: .yellow
        case .mismatch, .ambiguous, .incomplete, nil: .red
        }
    }

    private static func style(_ severity: Severity) -> Style {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .dim
        }
    }
}
