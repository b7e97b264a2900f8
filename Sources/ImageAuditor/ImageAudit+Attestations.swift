import ContentAddress

extension ImageAudit {
    /// The same audit with a finding for each required type of statement that none counts of.
    package func unattested(_ missing: [(type: String, reason: String)]) -> ImageAudit {
        let more = missing.map { Finding(.unattested, "\($0.type): \($0.reason)", expected: $0.type) }
        return adding(more)
    }
}
