import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Release

/// Compares what an image's documents say of its files with the bytes.
struct ClaimCheck {
    let matched: MatchedImage

    private static let titleKey = "org.opencontainers.image.title"
    private static let versionKey = "org.opencontainers.image.version"
    /// So many findings show that the documents lie.
    private static let largestCount = 100

    func findings() -> [Finding] {
        var claims = matched.image.claims
        var rest = FileClaim.largestCount
        for file in matched.files where rest > 0 && file.path.lastName == FileClaim.recordName {
            guard let head = matched.image.tree.node(at: file.path, following: .parents)?.inode.head else { continue }
            let found = FileClaim.context(head, at: file.path).prefix(rest)
            rest -= found.count
            claims += found
        }
        guard !claims.isEmpty else { return annotations() }
        let hidden = Dictionary(grouping: matched.image.hidden, by: \.path)
        let found = claims.compactMap { check($0, hidden[$0.path.path] ?? []) }
        return Array((found + annotations()).prefix(Self.largestCount))
    }

    private typealias Hidden = (path: FilePath, old: Inode, layer: Int)

    // `hidden` is what was at its path before.
    private func check(_ claim: FileClaim, _ hidden: [Hidden]) -> Finding? {
        let path = claim.path.path
        let found: Digest?
        if let layer = claim.layer {
            let node = matched.image.tree.node(at: path, following: .parents)
            let hidden = hidden.first { $0.old.layer == layer }?.old.digest
            if let node, node.inode.layer == layer {
                found = node.inode.digest
            } else if let hidden {
                found = hidden
            } else {
                // A link that the record of an older image hasn't, or a file that its own layer removed.
                return Finding(
                    .falseClaim,
                    layer: layer,
                    path: path,
                    "\(claim.source) says that the file is there",
                    expected: "\(claim.digest)"
                )
            }
        } else {
            // A context's files needn't all be in the image; those that are must be what it says.
            guard let inode = matched.image.tree.node(at: path, following: .parents)?.inode else { return nil }
            found = inode.digest
        }
        guard found != claim.digest else { return nil }
        let words = claim.release.map { "it is \($0)" } ?? "it is \(name(of: claim.digest))"
        return Finding(
            .falseClaim,
            layer: claim.layer,
            path: path,
            "\(claim.source) says that \(words); the bytes are \(found.map(name) ?? "no file's")",
            found: found?.description,
            expected: "\(claim.digest)"
        )
    }

    private func name(of digest: Digest) -> String {
        matched.released(digest).first.map { "\($0.key)" } ?? digest.short
    }

    // A version alone may be anything's; with the title of a released name it says which release this is.
    private func annotations() -> [Finding] {
        guard let title = matched.image.annotations[Self.titleKey],
            let claimed = matched.image.annotations[Self.versionKey].flatMap({ try? Version(parsing: $0) })
        else { return [] }
        return matched.explanation.versions.keys.sorted().compactMap { name in
            let versions = matched.explanation.ordered(name)
            guard [name.text, name.lastComponent].contains(title), !versions.contains(claimed) else { return nil }
            let list = versions.map(\.text).joined(separator: ", ")
            return Finding(
                .falseClaim,
                "the manifest's annotations say that it is \(title) \(claimed), the bytes are those of \(name) \(list)",
                found: list,
                expected: claimed.text
            )
        }
    }
}
