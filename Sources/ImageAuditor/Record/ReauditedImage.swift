package import ArtifactStore

/// One image and what became of its audit.
package struct ReauditedImage: Sendable {
    /// The audit as it was recorded.
    package let before: RecordedAudit
    /// What became of it.
    package let outcome: Reaudit.Outcome
    /// In what the new audit differs; nil where it doesn't, or the record can't be read.
    package let change: ReportChange?
    /// Whether the record says that a rule of its policy was broken, or that something in it was withdrawn or denied.
    private let isRefused: Bool

    init(before: RecordedAudit, outcome: Reaudit.Outcome, isRefused: Bool = false, change: ReportChange? = nil) {
        self.change = change
        self.before = before
        self.outcome = outcome
        self.isRefused = isRefused
    }

    /// The verdict that holds now; nil for a damaged image, and where none holds.
    package var verdict: Verdict? {
        switch outcome {
        case .changed(let audit): audit.verdict
        case .impossible, .stale, .damaged: nil
        case .unchanged: before.verdict.flatMap(Verdict.init)
        }
    }

    /// Whether the image may pass: see ``ImageAudit/isAcceptable(exact:strict:)``.
    package func isAcceptable(exact: Bool) -> Bool {
        switch outcome {
        case .changed(let audit): audit.isAcceptable(exact: exact)
        case .unchanged: verdict?.isAcceptable(exact: exact) == true && !isRefused
        case .impossible, .stale, .damaged: false
        }
    }
}
