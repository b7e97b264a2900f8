import ArtifactStore
import OCI
import Printable
import Release

/// One release with its files.
enum ReleaseDetailPage {
    static func page(_ store: Store, _ release: ReleaseKey) throws -> Page {
        let artifacts = try store.artifacts(of: release)
        let stones = try store.tombstones(of: release).filter { stone in !artifacts.contains { $0.key == stone.key } }
        guard !artifacts.isEmpty || !stones.isEmpty else { throw APIProblem.unknown("There is no release \(release).") }
        let marks = try store.revocations(of: .release(release)).filter { $0.level != .lifted }.suffix(1)
        var facts: [(String, HTML)] = [
            ("Put", Parts.time(artifacts.map(\.putAt).min())),
            ("By", "\(Set(artifacts.map(\.putBy)).sorted().joined(separator: ", "))"),
            ("Size", Parts.bytes(artifacts.reduce(0) { $0 &+ $1.size })),
        ]
        if let seal = try store.seal(of: release) {
            facts.append(("Sealed", "\(Parts.time(seal.sealedAt)) by \(seal.sealedBy)"))
            facts.append(("Document", Parts.whole(seal.digest)))
        } else {
            facts.append(("Sealed", "not sealed"))
        }
        return Page(
            title: "\(release)",
            part: .releases,
            trail: [
                "<a href=\"\(Link.releases)\">Releases</a>",
                "<a href=\"\(Link.name(release.name))\">\(release.name)</a>",
            ],
            kind: "Release",
            body: """
                \(marks.map(RevocationText.html))
                <section>\(Parts.facts(facts))</section>
                \(artifacts.isEmpty ? nil : Parts.section("Files", files(artifacts)))
                \(stones.isEmpty ? nil : Parts.section("Removed", removed(stones)))
                \(try Holders.section(of: Set(artifacts.map(\.digest)), in: store))
                """
        )
    }

    private static func files(_ artifacts: [Artifact]) -> HTML {
        var table = Table(
            "Files of the release",
            ["File": "main", "Platform": "tight", "Digest": "", "Size": "num", "Mode": "", "Put": "tight"]
        )
        for artifact in artifacts {
            table.add(
                "<a href=\"\(Link.digest(artifact.digest))\">\(artifact.key.file)</a>",
                "\(artifact.key.platform)",
                Parts.short(artifact.digest, .digest(artifact.digest)),
                Parts.bytes(artifact.size),
                "<code>\(FileMode.text(artifact.mode))</code>",
                Parts.time(artifact.putAt)
            )
        }
        return table.html
    }

    private static func removed(_ stones: [Tombstone]) -> HTML {
        var table = Table(
            "Removed files",
            ["File": "main", "Platform": "tight", "Digest": "", "Removed": "tight", "By": "", "Reason": "wide"]
        )
        for stone in stones {
            table.add(
                "\(stone.key.file)",
                "\(stone.key.platform)",
                Parts.short(stone.digest, .digest(stone.digest)),
                Parts.time(stone.removedAt),
                "\(stone.removedBy)",
                "\(stone.reason ?? "")"
            )
        }
        return table.html
    }
}
