import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

/// What a text leads to.
enum SearchPage {
    private static let most = 25

    static func page(_ store: Store, _ text: String) throws -> Page {
        let text = String(text.drop { $0 == " " }.prefix(512))
        guard !text.isEmpty else {
            return Page(
                title: "Search",
                body: Parts.empty(
                    "Search for a digest or its first 7 digits, a name, a version, a path or a file's name."
                )
            )
        }
        let found = try store.search(text, limit: most)
        var sections: [HTML] = []
        func add(_ title: String, _ links: [HTML]) {
            guard !links.isEmpty else { return }
            let items: [HTML] = links.map { "<li>\($0)</li>" }
            sections.append(Parts.section(title, "<ul class=\"plain\">\(items)</ul>"))
        }
        add("Digests", try found.digests.map { try about($0, store) })
        add("Names", found.names.map { "<a href=\"\(Link.name($0))\">\($0)</a>" })
        add("Releases", found.releases.map(Parts.releaseLink))
        add("Images", found.images.map { "<a href=\"\(Link.tag($0))\">\($0)</a>" })
        add("Released files", found.files.map { "<a href=\"\(Link.release($0.release))\">\($0)</a>" })
        add("Programs in audited images", try found.programs.map { try about($0, store) })
        return Page(
            title: "Results for “\(text)”",
            sought: text,
            body: sections.isEmpty ? Parts.empty("Nothing has it in its name, version, path or digest.") : "\(sections)"
        )
    }

    private static func about(_ digest: Digest, _ store: Store) throws -> HTML {
        let link = Parts.short(digest, .digest(digest))
        if let artifact = try store.artifacts(with: digest).first { return "\(link) \(artifact.key)" }
        if let image = try store.storedImage(digest) {
            return "\(Parts.short(digest, .image(digest))) image \(image.references.first ?? "without a name")"
        }
        if let stone = try store.withdrawn([digest])[digest]?.first { return "\(link) \(stone.key), removed" }
        if let occurrence = try store.images(holding: [digest]).first {
            return "\(link) <code>\(bytes: occurrence.path)</code> in \(occurrence.references.first ?? "an image")"
        }
        return link
    }
}
