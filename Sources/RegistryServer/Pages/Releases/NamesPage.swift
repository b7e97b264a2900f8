import ArtifactStore
import OCI
import Printable
import Release

/// The names of releases.
enum NamesPage {
    static let pageSize = 100

    static func page(_ store: Store, after: RepositoryName?) throws -> Page {
        let names = try store.releasedNames(after: after, limit: pageSize + 1)
        let page = names.prefix(pageSize)
        var table = Table(
            "Released names",
            ["Name": "main", "Last put": "", "Versions": "num", "Files": "num", "When": "tight"]
        )
        for name in page {
            let last = ReleaseKey(name: name.name, version: name.lastVersion)
            table.add(
                "<a href=\"\(Link.name(name.name))\">\(name.name)</a>",
                "<a href=\"\(Link.release(last))\">\(name.lastVersion)</a>",
                "\(ByteCount.grouped(name.versions))",
                "\(ByteCount.grouped(name.files))",
                Parts.time(name.lastPutAt)
            )
        }
        let next = names.count > page.count ? page.last.map { Link.releases(after: $0.name.text) } : nil
        return Page(
            title: "Releases",
            part: .releases,
            lead: "Each file is named by its SHA-256 and can't change any more.",
            body: table.isEmpty ? none(after) : "\(table.html)\(Parts.more(next))"
        )
    }

    private static func none(_ after: RepositoryName?) -> HTML {
        if let after { return Parts.empty("There is no name behind \(after).") }
        return Parts.empty(
            "No releases yet. CI puts the files that it built:",
            command: "bindery put ./agent-linux-amd64 --name agent --version 1.0.0 --platform linux/amd64"
        )
    }
}
