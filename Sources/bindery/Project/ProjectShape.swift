import OCI

/// A project file in JSON (docs/cli.md).
struct ProjectShape: Encodable {
    let file: String
    let store: String?
    let dockerfile: String?
    let naming: String?
    let platforms: [String]
    let policy: String?
    let summary: String

    private enum CodingKeys: CodingKey {
        case file, store, dockerfile, naming, platforms, policy
    }

    init(_ project: ProjectFile) {
        file = project.path
        store = project.store
        dockerfile = project.dockerfile
        naming = project.naming
        platforms = project.platforms.map(\.description)
        policy = project.policy
        summary = project.summary
    }
}
