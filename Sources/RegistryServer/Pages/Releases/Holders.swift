import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI

/// The images that hold some released bytes: audited ones, and those of the store that were built from them.
struct Holders {
    struct Image {
        let digest: Digest
        var references: [String]
        /// The latest verdict; nil without an audit, and inner nil for a damaged image.
        var verdict: String??
        var platforms: [String] = []
        var paths: [String] = []
        /// Which of the bytes it holds.
        var digests: Set<Digest> = []
    }

    /// The images, those first that were audited last.
    private(set) var images: [Image] = []

    init(of digests: Set<Digest>, in store: Store) throws {
        var places: [Digest: Int] = [:]
        func place(_ image: Digest, _ references: [String]) -> Int {
            if let place = places[image] { return place }
            images.append(Image(digest: image, references: references))
            places[image] = images.count - 1
            return images.count - 1
        }
        for occurrence in try store.images(holding: digests) {
            let position = place(occurrence.image, occurrence.references)
            if images[position].verdict == nil { images[position].verdict = .some(occurrence.verdict) }
            images[position].platforms.addOnce(occurrence.platform)
            images[position].paths.addOnce(String(decoding: occurrence.path, as: UTF8.self))
            images[position].digests.insert(occurrence.digest)
        }
        for digest in digests {
            for image in try store.storedImages(with: digest, limit: Self.most)
            where !store.isArtifact(image.digest, mediaType: image.mediaType) {
                let position = place(image.digest, image.references)
                images[position].digests.insert(digest)
            }
        }
    }

    private static let most = 200
    private static let shown = 50

    static func section(of digests: Set<Digest>, in store: Store) throws -> HTML {
        let images = try Holders(of: digests, in: store).images
        guard !images.isEmpty else {
            return Parts.section(
                "Images that hold it",
                Parts.empty(
                    "No known image does. An audit looks into images that others built, too:",
                    command: "bindery audit IMAGE"
                )
            )
        }
        var table = Table(
            "Images",
            ["Image": "main", "Verdict": "", "Platforms": "", "Paths": "wide", "Digest": ""]
        )
        for image in images.prefix(shown) {
            table.add(
                "<a href=\"\(Link.image(image.digest))\">\(image.references.first ?? "without a name")</a>",
                Parts.verdict(image.verdict ?? nil, isAudited: image.verdict != nil),
                "\(image.platforms.joined(separator: ", "))",
                "\(image.paths.prefix(4).joined(separator: ", "))",
                Parts.short(image.digest, .image(image.digest))
            )
        }
        let rest =
            images.count > shown ? "\(Parts.count(images.count - shown, "more image", "more images"))." as HTML : nil
        return Parts.section("Images that hold it", "\(table.html)\(rest)")
    }
}

extension [String] {
    fileprivate mutating func addOnce(_ text: String) { if !contains(text) { append(text) } }
}
