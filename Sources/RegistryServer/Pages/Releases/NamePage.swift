import ArtifactStore
import OCI
import Printable
import Release

/// The versions of one name.
enum NamePage {
    private static let pageSize = 100

    static func page(_ store: Store, _ name: RepositoryName, number: Int) throws -> Page {
        let versions = try store.versions(of: name)
        guard !versions.isEmpty else { throw APIProblem.unknown("There is no release of \(name).") }
        let start = min((number - 1) * pageSize, versions.count)
        let page = versions[start...].prefix(pageSize)
        let marks = try store.revocationMarks()
        var table = Table(
            "Versions of \(name)",
            ["Version": "main", "Platforms": "", "Files": "num", "Size": "num", "Put": "tight", "By": ""]
        )
        for version in page {
            let key = ReleaseKey(name: name, version: version.version)
            let artifacts = try store.artifacts(of: key)
            let mark: HTML? = marks[key].map { " <span class=\"verdict bad\">\(RevocationText.word($0.level))</span>" }
            var by: [String] = []
            for artifact in artifacts where !by.contains(artifact.putBy) { by.append(artifact.putBy) }
            table.add(
                "<a href=\"\(Link.release(key))\">\(version.version)</a>\(mark)",
                "\(platforms(of: artifacts).joined(separator: ", "))",
                "\(artifacts.count)",
                Parts.bytes(artifacts.reduce(0) { $0 &+ $1.size }),
                Parts.time(version.putAt),
                "\(by.joined(separator: ", "))"
            )
        }
        let next = page.endIndex < versions.count ? Link.name(name, page: number + 1) : nil
        let lead: HTML = """
            \(Parts.count(versions.count, "version", "versions")), the newest first.
            <a href="\(Link.graph(name.text))">Which images hold them?</a>
            """
        return Page(
            title: name.text,
            part: .releases,
            trail: ["<a href=\"\(Link.releases)\">Releases</a>"],
            kind: "Releases of",
            lead: lead,
            body: table.isEmpty ? Parts.empty("There are no more versions.") : "\(table.html)\(Parts.more(next))"
        )
    }

    /// Each platform once, in order.
    static func platforms(of artifacts: [Artifact]) -> [String] {
        Set(artifacts.map(\.key.platform)).sorted().map { "\($0)" }
    }
}
