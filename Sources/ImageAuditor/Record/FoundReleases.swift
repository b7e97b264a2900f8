package import ArtifactStore
package import Release

/// Which platforms an image had when it was audited, and what releases were found in it.
package struct FoundReleases {
    private struct Content: AuditContent, Decodable {
        typealias Kind = AuditRecord.ReportKind

        struct PlatformReleases: Decodable {
            let platform: String
            let releases: [ReleaseKey]
        }

        let platforms: [PlatformReleases]
    }

    package let platforms: [String]
    /// Each once, in the order of the platforms.
    package let releases: [ReleaseKey]

    /// Throws `DecodingError` for a report of nothing.
    package init(_ report: AuditRecord.Report) throws {
        let content: Content = try report.content()
        platforms = content.platforms.map(\.platform)
        var seen: Set<ReleaseKey> = []
        releases = content.platforms.flatMap(\.releases).filter { seen.insert($0).inserted }
    }
}
