package import ArtifactStore

/// What is known of the files in an archive, in JSON.
package struct ArchiveShape: Encodable {
    let format: String?
    let members: Int
    let problem: String?

    package init(_ summary: ArchiveSummary) {
        format = summary.format
        members = summary.memberCount
        problem = summary.problem
    }
}
