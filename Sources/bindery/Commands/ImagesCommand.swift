import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release
import Shapes

struct ImagesCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Lists the images of the store; `bindery rm` removes their names.",
        discussion: """
            Examples:
              bindery images
              bindery images 'registry.example/*'
              bindery images docker.io/library/alpine:3
              bindery images --json
            """
    )

    @Argument(
        help:
            "Only images with a name that follows one of these patterns, with all their names; * is any text, ? one character.",
        completion: Completions.images
    )
    var patterns: [String] = []

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        let all = try store.images()
        let images = all.filter { image in
            patterns.isEmpty || patterns.contains { Self.matches($0, image) }
        }
        for pattern in patterns where !all.contains(where: { Self.matches(pattern, $0) }) {
            try Self.refuse(pattern, in: store)
        }
        let marks = try store.revokedImages()
        if options.json {
            return try Output.json(["images": images.map { Shape($0, marks[$0.digest] ?? []) }])
        }
        var table = Table(
            [("IMAGE", .path), ("SIZE", .right), ("ADDED", .left), ("DIGEST", .left)],
            leftOut: ["ADDED", "SIZE"]
        )
        for image in images {
            for name in image.references.isEmpty ? ["-"] : image.references {
                table.add(name, ByteCount.text(image.size), image.addedAt, image.digest)
            }
        }
        table.print()
        let held = images.flatMap(\.references).count { HeldName.isHeld($0) }
        if held > 0 {
            let words: Message =
                held == 1
                ? "1 of these names is held back, and isn't served"
                : "\(held) of these names are held back, and aren't served"
            Output.note(words + ": `bindery audit NAME` says why")
        }
        for image in images {
            for mark in marks[image.digest] ?? [] {
                let what = mark.subject == .bytes(image.digest) ? "it" : "\(mark.subject), of which it holds files,"
                let name = image.references.first ?? image.digest.short
                Output.warning("\(name): \(what) is \(mark.words)")
            }
        }
    }

    // A name that nothing has is an error, a pattern may have no image.
    private static func refuse(_ pattern: String, in store: Store) throws {
        guard !pattern.contains(where: { "*?".contains($0) }) else {
            return Output.note("no image has a name that follows \(pattern)")
        }
        throw store.noImage(try Arguments.image(pattern))
    }

    private static func matches(_ pattern: String, _ image: StoredImage) -> Bool {
        let isDigest =
            image.digest.description == pattern || DigestPrefix(pattern)?.range.contains(image.digest) == true
        return isDigest || image.references.contains { matches(pattern, $0) }
    }

    // The spellings of Docker Hub's names with a registry are tried where a pattern begins with one, so that others,
    // such as */*, don't match all names that have none.
    private static func matches(_ pattern: String, _ name: String) -> Bool {
        let glob = Glob(pattern)
        guard !glob.matches(name), let reference = try? ImageReference(parsing: name) else { return glob.matches(name) }
        let isPlain = !pattern.contains { "*?".contains($0) }
        if isPlain, let wanted = try? ImageReference(parsing: pattern) {
            return wanted.fullName == reference.fullName
        }
        let spellings = reference.lookups.map(\.tagged)
        let hasRegistry = ["docker.io/", "index.docker.io/"].contains { pattern.hasPrefix($0) }
        return hasRegistry
            ? spellings.contains { glob.matches($0) }
            : spellings.min { $0.count < $1.count }.map { glob.matches($0) } ?? false
    }

    private struct Shape: Encodable {
        let digest: Digest
        let mediaType: String
        let size: Int64
        let addedAt: String
        let references: [String]
        /// Nil where nothing of it is revoked.
        let revocations: [RevocationShape]?

        init(_ image: StoredImage, _ marks: [Revocation]) {
            digest = image.digest
            mediaType = image.mediaType
            size = image.size
            addedAt = image.addedAt.rfc3339
            references = image.references
            revocations = marks.isEmpty ? nil : marks.map(RevocationShape.init)
        }
    }
}
