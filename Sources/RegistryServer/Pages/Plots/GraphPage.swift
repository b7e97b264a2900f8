import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

/// Which versions of a name are in which images, as a graph.
enum GraphPage {
    private static let mostVersions = 16
    private static let mostNames = 200

    static func page(_ store: Store, name: String?) throws -> Page {
        let names = try store.releasedNames(limit: mostNames)
        let written = name.flatMap { $0.isEmpty ? nil : $0 }
        let chosen =
            try written.map { text in
                do { return try RepositoryName(parsing: text) } catch { throw APIProblem.invalid("name", "\(error)") }
            } ?? names.max { $0.lastPutAt < $1.lastPutAt }?.name
        guard let chosen else {
            return Page(
                title: "Graph",
                part: .graph,
                body: Parts.empty("There is no release whose images could be shown.")
            )
        }
        let versions = try store.versions(of: chosen)
        guard !versions.isEmpty else { throw APIProblem.unknown("There is no release of \(chosen).") }
        var graph = HolderGraph()
        for version in versions.prefix(mostVersions) {
            let key = ReleaseKey(name: chosen, version: version.version)
            let digests = Set(try store.artifacts(of: key).map(\.digest))
            graph.add(key, try Holders(of: digests, in: store).images)
        }
        let rest: HTML? =
            versions.count > mostVersions
            ? " The newest \(mostVersions) of \(Parts.count(versions.count, "version", "versions")) are shown." : nil
        return Page(
            title: "\(chosen) in images",
            part: .graph,
            lead: "A line leads from each release to the images that hold one of its files.\(rest)",
            body: "\(choice(names, chosen))\(graph.html)"
        )
    }

    private static func choice(_ names: [ReleasedName], _ chosen: RepositoryName) -> HTML? {
        guard names.count > 1 else { return nil }
        let options: [HTML] = names.map { name in
            let selected: HTML = name.name == chosen ? " selected" : ""
            return "<option\(selected)>\(name.name)</option>"
        }
        return """
            <form class="choice" action="\(Link.graph)" method="get"><label>Name <select name="name">\(options)</select></label>
            <button>Show</button></form>
            """
    }
}
