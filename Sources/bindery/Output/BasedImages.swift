import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import Printable

/// The audited images that stand on another one, for `where --base`.
struct BasedImages {
    private let base: Digest
    private let found: [BasedImage]
    private let audited: Int
    private let unaudited: Int

    /// What stands on an image of the store, or on one whose digest a mark or an audit knows.
    init(_ text: String, in store: Store) throws {
        let reference = try? ImageReference(parsing: text)
        if let image = try reference.flatMap({ try store.image($0) }) {
            base = image.digest
        } else if let digest = try reference?.digest ?? store.digest(named: text) {
            base = digest
        } else {
            throw try store.noImage(ImageReference(parsing: text))
        }
        var layers = Set(try store.recordedLayers(of: base))
        let stored = ImageReference(repository: try RepositoryName(parsing: "image"), digest: base)
        if try store.image(stored) != nil {
            layers.formUnion(try KnownBase.marks(base, in: store, reason: "").map(\.diffIDs))
        }
        layers.remove([])
        guard !layers.isEmpty else {
            throw StoreError.notFound(
                what: "an image with layers that has the digest \(base.description)",
                hint: "Import the image with --as-base first; `bindery import --help` says how."
            )
        }
        var seen: Set<BasedImage> = []
        found = try layers.flatMap { try store.images(basedOn: $0) }.filter { seen.insert($0).inserted }.sorted {
            ($0.auditedAt, $1.platform) > ($1.auditedAt, $0.platform)
        }
        audited = try store.auditedImageCount()
        unaudited = try store.unauditedImageCount()
    }

    /// Prints a row for each image; throws status 1 when there is none.
    func print(json: Bool) throws {
        let images = Dictionary(grouping: found, by: \.image)
        if json {
            try Output.json(
                Shape(
                    base: base,
                    found: found.map(Item.init),
                    images: images.count,
                    auditedImages: audited,
                    unauditedImages: unaudited
                )
            )
        } else {
            var table = Table(
                [("IMAGE", .path), ("PLATFORMS", .left), ("VERDICT", .left), ("AUDITED", .left)],
                leftOut: ["AUDITED", "PLATFORMS"]
            )
            var seen: Set<Digest> = []
            for image in found where seen.insert(image.image).inserted {
                let parts = images[image.image] ?? []
                table.add(
                    image.references.joined(separator: ", "),
                    parts.map(\.platform).sorted().joined(separator: ", "),
                    image.verdict ?? "damaged",
                    image.auditedAt
                )
            }
            table.print()
            let rest = unaudited == 0 ? "" : "; \(ByteCount.counted(unaudited, "image")) known but not audited"
            let verb = images.count == 1 ? "stands" : "stand"
            Output.line(
                "\(images.count) of \(ByteCount.counted(audited, "audited image")) \(verb) on \(base)\(rest)"
            )
        }
        if found.isEmpty { throw ExitStatus.no }
    }

    private struct Shape: Encodable {
        let base: Digest
        let found: [Item]
        let images: Int
        let auditedImages: Int
        let unauditedImages: Int
    }

    private struct Item: Encodable {
        let image: Digest
        let references: [String]
        let manifest: Digest
        let platform: String
        let verdict: String?
        let auditedAt: String

        init(_ image: BasedImage) {
            self.image = image.image
            references = image.references
            manifest = image.manifest
            platform = image.platform
            verdict = image.verdict
            auditedAt = image.auditedAt.rfc3339
        }
    }
}
