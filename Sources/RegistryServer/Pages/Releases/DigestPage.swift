import ArtifactStore
import ContentAddress
import ELF
import OCI
import Printable
import Release

/// What is known of some bytes: which releases they are of, what they say of themselves, and who holds them.
enum DigestPage {
    static func page(_ store: Store, _ digest: Digest) throws -> Page {
        let artifacts = try store.artifacts(with: digest)
        let stones = try store.withdrawn([digest])[digest] ?? []
        let size = try store.blobSize(digest)
        let image = try store.storedImage(digest)
        let occurrences = try store.images(holding: [digest])
        guard !artifacts.isEmpty || !stones.isEmpty || size != nil || !occurrences.isEmpty else {
            throw APIProblem.unknown("Nothing here has the digest \(digest).")
        }
        let marks = try store.revocationMarks().marks(on: digest, of: artifacts.map(\.key.release))
        let title = artifacts.first.map { "\($0.key)" } ?? stones.first.map { "\($0.key)" } ?? digest.short
        var facts: [(String, HTML)] = [("Digest", Parts.whole(digest))]
        if let size { facts.append(("Size", "\(Parts.bytes(size))")) }
        if let image { facts.append(("Image", "<a href=\"\(Link.image(digest))\">\(image.mediaType)</a>")) }
        if artifacts.isEmpty, !stones.isEmpty { facts.append(("Removed", removals(stones))) }
        if let artifact = artifacts.first {
            facts.append(
                ("Download", "<a class=\"button\" href=\"\(Link.download(digest))\" download>\(artifact.fileName)</a>")
            )
        }
        let kind =
            artifacts.isEmpty ? (stones.isEmpty ? (image == nil ? "Blob" : "Image") : "Removed file") : "Released file"
        return Page(
            title: title,
            part: artifacts.isEmpty ? nil : .releases,
            trail: artifacts.first.map { trail($0.key.release) } ?? [],
            kind: kind,
            body: """
                \(marks.map(RevocationText.html))
                <section>\(Parts.facts(facts))</section>
                \(artifacts.isEmpty ? nil : Parts.section("Released as", keys(artifacts)))
                \(try store.binaryFacts(of: digest).map { Parts.section("What the program says of itself", BinaryParts.html($0)) })
                \(try provenance(artifacts, store))
                \(try Holders.section(of: [digest], in: store))
                """
        )
    }

    private static func trail(_ release: ReleaseKey) -> [HTML] {
        [
            "<a href=\"\(Link.releases)\">Releases</a>", "<a href=\"\(Link.name(release.name))\">\(release.name)</a>",
            "<a href=\"\(Link.release(release))\">\(release.version)</a>",
        ]
    }

    private static func removals(_ stones: [Tombstone]) -> HTML {
        stones.map { stone -> HTML in
            let reason: HTML? = stone.reason.map { ": \($0)" }
            return "\(stone.key), \(Parts.time(stone.removedAt)) by \(stone.removedBy)\(reason)"
        }.joined("<br>")
    }

    private static func keys(_ artifacts: [Artifact]) -> HTML {
        var table = Table(
            "Releases with these bytes",
            [
                "Release": "main", "Platform": "tight", "File": "", "Mode": "", "Put": "tight", "By": "",
                "Annotations": "wide",
            ]
        )
        for artifact in artifacts.prefix(100) {
            let notes: [HTML] = artifact.annotations.sorted { $0.key < $1.key }.map {
                "<code>\($0.key)</code> \($0.value)"
            }
            table.add(
                Parts.releaseLink(artifact.key.release),
                "\(artifact.key.platform)",
                "\(artifact.key.file)",
                "<code>\(FileMode.text(artifact.mode))</code>",
                Parts.time(artifact.putAt),
                "\(artifact.putBy)",
                notes.joined("<br>")
            )
        }
        return table.html
    }

    /// Who put it, what was signed of it, and where that stands in the log.
    private static func provenance(_ artifacts: [Artifact], _ store: Store) throws -> HTML? {
        guard let artifact = artifacts.first else { return nil }
        let statements = try store.attestations(about: artifact.digest)
        var facts: [(String, HTML)] = []
        if let number = try store.putEvent(of: artifact) {
            facts.append(
                ("Log", "entry <a href=\"\(Link.entry(number))\">\(number)</a>, with its proof of inclusion")
            )
        }
        for statement in statements.prefix(20) {
            facts.append(
                (
                    "Statement",
                    """
                    <code>\(statement.predicateType)</code><br>signed by key \(Parts.whole(statement.key)),
                    \(Parts.time(statement.addedAt)) by \(statement.addedBy)
                    """
                )
            )
        }
        if statements.isEmpty { facts.append(("Statements", "nothing was signed of these bytes")) }
        return Parts.section("Provenance", Parts.facts(facts))
    }
}
