import ArtifactStore
import Release

/// What a new audit of an image says otherwise than the recorded one.
package struct ReportChange: Sendable, CustomStringConvertible {
    private let added: [String]
    private let gone: [String]
    private let releases: (before: [String], after: [String])

    /// Nil where the audit says the same, or the record can't be read.
    init?(of recorded: RecordedAudit, to outcome: Reaudit.Outcome, in store: Store) {
        guard case .changed(let audit) = outcome, let report = try? store.report(of: recorded) else { return nil }
        do { try self.init(from: report, to: audit) } catch { return nil }
    }

    // `recorded` is what ``RecordedReport`` wrote, perhaps an earlier version's.
    private init(from recorded: AuditRecord.Report, to audit: ImageAudit) throws {
        let before: RecordedWords = try recorded.content()
        let after: RecordedWords = try AuditRecord.Report(RecordedReport(audit)).content()
        let (old, new) = (before.all, after.all)
        added = Self.codes(new.subtracting(old))
        gone = Self.codes(old.subtracting(new))
        releases = (before.releases, after.releases)
    }

    private static func codes(_ findings: Set<RecordedWords.FindingWords>) -> [String] {
        Set(findings.map(\.code)).sorted()
    }

    /// A few words: the codes of findings that came and went, and the releases; empty where it is something else.
    package var description: String {
        let common = Set(added).intersection(gone)
        let parts = [
            ("new ", added.filter { !common.contains($0) }), ("gone ", gone.filter { !common.contains($0) }),
            ("other words in ", common.sorted()),
        ]
        var words = parts.filter { !$0.1.isEmpty }.map { $0.0 + $0.1.joined(separator: ", ") }
        if releases.before != releases.after {
            words.append((releases.after.isEmpty ? ["no release"] : releases.after).joined(separator: ", "))
        }
        return words.joined(separator: "; ")
    }
}

/// What is compared of a recorded report.
private struct RecordedWords: AuditContent, Decodable {
    typealias Kind = AuditRecord.ReportKind

    struct FindingWords: Decodable, Hashable {
        let code: String
        let platform: String?
        let layer: Int?
        let path: String?
        let message: String
    }

    struct PlatformWords: Decodable {
        let findings: [FindingWords]
        let releases: [ReleaseKey]
    }

    let findings: [FindingWords]
    let platforms: [PlatformWords]

    var all: Set<FindingWords> { Set(findings + platforms.flatMap(\.findings)) }
    var releases: [String] { Set(platforms.flatMap(\.releases).map(\.description)).sorted() }
}
