import ArtifactStore
import ContentAddress
import Printable
import Release

/// The question what a file is, and its answer.
enum IdentifyPage {
    private static let title = "What is this file?"
    /// Files of an archive that are listed.
    private static let most = 200

    static func page(takesFiles: Bool) -> Page {
        Page(
            title: title,
            lead: "Its bytes are compared with every released file: by digest, then by code, build-id and content.",
            body: IdentifyForm.html(takesFiles: takesFiles)
        )
    }

    /// What was found.
    static func page(of found: Identified, called name: String, _ store: Store) -> Page {
        var sections: [HTML] = []
        if !found.artifacts.isEmpty { sections.append(list("It is released", found.artifacts.map(link))) }
        if !found.packedArchives.isEmpty {
            let rows: [HTML] = found.packedArchives.map {
                "\(release("\($0.name)@\($0.version)")) \($0.platform) \($0.fileName)"
            }
            sections.append(list("It is packed from a release", rows))
        }
        if !found.withdrawn.isEmpty {
            sections.append(list("It was released, and is removed", found.withdrawn.map(link)))
        }
        if !found.near.isEmpty {
            sections.append(
                list(
                    "It shares code with",
                    found.near.flatMap { near in
                        near.artifacts.prefix(1).map { "\(link($0)): \(near.evidence.joined(separator: ", "))" }
                    }
                )
            )
        }
        if !found.alike.isEmpty {
            sections.append(
                list(
                    "It has bytes of",
                    found.alike.flatMap { alike in
                        alike.artifacts.prefix(1).map {
                            "\(link($0)): \(alike.thousandths / 10).\(alike.thousandths % 10) % of it"
                        }
                    }
                )
            )
        }
        if let inside = found.inside { sections += self.inside(inside) }
        if sections.isEmpty { sections.append(Parts.empty("No release has it, or anything like it.")) }
        let size: HTML = found.size.map { Parts.bytes($0) } ?? "–"
        let digest: HTML = (try? Digest(parsing: found.digest)).map { Parts.whole($0) } ?? "–"
        return Page(
            title: name.isEmpty ? title : name,
            kind: "What is this file?",
            body: """
                \(Parts.facts([("Digest", digest), ("Size", size)]))
                \(sections)
                \(Parts.section("Another file", IdentifyForm.html(takesFiles: true)))
                """
        )
    }

    private static func inside(_ inside: Identified.Inside) -> [HTML] {
        var sections: [HTML] = []
        if let image = inside.image {
            let parts: [HTML] = image.platforms.map { "<li>\($0.platform) \(Parts.verdict($0.verdict))</li>" }
            let releases: [HTML] = image.releases.map { "<li>\(release("\($0.name)@\($0.version)"))</li>" }
            sections.append(
                Parts.section(
                    "As an image",
                    "<p>\(Parts.verdict(image.verdict))</p><ul class=\"plain\">\(parts)\(releases)</ul>"
                )
            )
        }
        // The files of an archive of an image are its documents and layers.
        if inside.image != nil, inside.released.isEmpty, inside.problem == nil { return sections }
        let files = Parts.count(inside.files, "file", "files")
        let count = ByteCount.grouped(inside.released.count)
        let rows: [HTML] = inside.released.prefix(most).map { member in
            "<code>\(member.path)</code> \(member.artifacts.prefix(1).map(link))"
        }
        let note: HTML? = inside.problem.map { "It can't be read to its end: \(lines: $0)" }
        sections.append(
            Parts.section(
                "Inside",
                rows.isEmpty
                    ? Parts.empty("None of its \(files) is released.") : "<ul class=\"plain\">\(items(rows))</ul>",
                note: note ?? "\(count) of \(files) are released."
            )
        )
        return sections
    }

    private static func list(_ title: String, _ rows: [HTML]) -> HTML {
        Parts.section(title, "<ul class=\"plain\">\(items(rows))</ul>")
    }

    private static func items(_ rows: [HTML]) -> [HTML] { rows.map { "<li>\($0)</li>" } }

    private static func link(_ key: Identified.Key) -> HTML {
        let file = key.file == key.name.split(separator: "/").last.map(String.init) ? "" : " " + key.file
        return "\(release("\(key.name)@\(key.version)")) \(key.platform)\(file)"
    }

    private static func release(_ text: String) -> HTML {
        (try? ReleaseKey(parsing: text)).map(Parts.releaseLink) ?? "\(text)"
    }
}

/// The form that takes a file, where the server looks at files, or a digest.
enum IdentifyForm {
    static func html(takesFiles: Bool) -> HTML {
        let digest: HTML = """
            <p>The digest of a file says which release it is:</p>
            <pre class="command"><code>sha256sum ./agent</code></pre>
            <label class="hidden" for="digest">Digest</label>
            <div class="search"><input id="digest" name="q" type="search" placeholder="sha256 of the file" autocomplete="off"
            spellcheck="false"><button>Look it up</button></div></form>
            """
        guard takesFiles else { return "<form class=\"drop\" action=\"/search\" method=\"get\">\(digest)" }
        return """
            <form class="drop" action="\(Link.identify)" method="post" enctype="multipart/form-data">
            <p><label for="file">A file, an archive or an image; drop it here, or choose it. It isn't kept.</label></p>
            <input id="file" name="file" type="file" required> <button>What is it?</button></form>
            <form action="/search" method="get">\(digest)
            """
    }
}
