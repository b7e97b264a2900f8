import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageFileSystem
import OCI
import Printable
import Release

/// The layers and files of one platform's image.
enum FilesPage {
    private static let pageSize = 200
    private static let identities = ["released", "base", "unknown"]

    static func page(_ store: Store, _ manifest: Digest, identity: String?, number: Int) throws -> Page {
        if let identity, !identities.contains(identity) {
            throw APIProblem.invalid("identity", "it is one of \(identities.joined(separator: ", "))")
        }
        guard let recorded = try RecordedFiles(manifest, in: store),
            let audit = try store.recordedAudit(with: manifest)
        else { throw APIProblem.unknown("No audit has recorded the files of \(manifest).") }
        let listing = try store.latestAudit(of: audit.image)
        let view: AuditView? = listing.flatMap { try? $0.report.content() }
        let part = view?.platforms.first { $0.manifest == manifest }
        let counts = Dictionary(grouping: recorded.files, by: \.identity.word).mapValues(\.count)
        let files = recorded.files.filter { identity == nil || $0.identity.word == identity }
        let start = min((number - 1) * pageSize, files.count)
        let page = files[start...].prefix(pageSize)
        let next = page.endIndex < files.count ? Link.files(manifest, identity: identity, page: number + 1) : nil
        let facts: [(String, HTML)] = [
            ("Manifest", Parts.whole(manifest)), ("Verdict", Parts.verdict(part?.verdict ?? audit.verdict)),
        ]
        let list: HTML = "\(tabs(manifest, identity, counts))\(table(page, number: number))\(Parts.more(next))"
        return Page(
            title: part?.platform ?? manifest.short,
            part: .images,
            trail: [
                "<a href=\"\(Link.images)\">Images</a>",
                "<a href=\"\(Link.image(audit.image))\">\(listing?.reference ?? audit.image.short)</a>",
            ],
            kind: "Platform of an image",
            body: """
                <section>\(Parts.facts(facts))</section>
                \(part.map { Parts.section("Layers", layers($0, recorded)) })
                \(Parts.section("Files", list))
                """
        )
    }

    private static func layers(_ part: AuditView.Platform, _ recorded: RecordedFiles) -> HTML {
        let byLayer = Dictionary(grouping: recorded.files, by: \.layer)
        var table = Table(
            "Layers, the lowest first",
            [
                "Layer": "main", "Digest": "", "Size": "num", "Entries": "num", "Released": "num", "Unknown": "num",
                "What": "",
            ]
        )
        for (place, layer) in part.layers.enumerated() {
            let files = byLayer[place] ?? []
            let isBase = place < recorded.baseLayers
            table.add(
                "\(place)",
                "<span class=\"digest\" title=\"\(layer.digest)\">\(layer.digest.hex.prefix(12))</span>",
                Parts.bytes(layer.size),
                "\(ByteCount.grouped(layer.entries))",
                "\(ByteCount.grouped(files.count(where: \.identity.isReleased)))",
                "\(ByteCount.grouped(files.count(where: \.identity.isUnknown)))",
                isBase ? Parts.identity("base") : "\(layer.compression)"
            )
        }
        return table.html
    }

    private static func tabs(_ manifest: Digest, _ identity: String?, _ counts: [String: Int]) -> HTML {
        let all = counts.values.reduce(0, +)
        let items: [HTML] = ([nil] + identities).map { word -> HTML in
            let current: HTML = word == identity ? " aria-current=\"page\"" : ""
            let count = word.map { counts[$0] ?? 0 } ?? all
            return """
                <li><a href="\(Link.files(manifest, identity: word))"\(current)>\(word ?? "all") \
                \(ByteCount.grouped(count))</a></li>
                """
        }
        return "<ul class=\"tabs\">\(items)</ul>"
    }

    private static func table(_ files: ArraySlice<AuditedFile>, number: Int) -> HTML {
        var table = Table(
            "Files",
            ["Path": "main", "What": "", "Release": "", "Size": "num", "Mode": "", "Layer": "num", "Digest": ""]
        )
        for file in files {
            let what: HTML =
                file.kind == .file || !file.identity.isUnknown
                ? Parts.identity(file.identity.word) : "\(file.kind.word)"
            let release: HTML = file.artifacts.first.map { Parts.releaseLink($0.key.release) } ?? ""
            let target: HTML? = file.kind == .symbolicLink ? " → \(bytes: file.target)" : nil
            table.add(
                "<code>\(bytes: file.path.bytes)</code>\(target)",
                what,
                release,
                file.kind == .file ? Parts.bytes(file.size) : "",
                "<code>\(FileMode.text(file.mode))</code>",
                "\(file.layer)",
                file.digest.map { Parts.short($0, .digest($0)) } ?? ""
            )
        }
        return table.isEmpty
            ? Parts.empty(number > 1 ? "There are no more files." : "There is no such file.") : table.html
    }
}
