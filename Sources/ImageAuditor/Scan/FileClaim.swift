import ContentAddress
import ImageFileSystem
import OCI
import Release

/// What an image's documents say of one of its files: evidence to check, never the proof.
struct FileClaim: Codable, Sendable, Hashable {
    /// Who says it, for messages: "the recipe of layer 2".
    let source: String
    let path: RecordedPath
    /// The layer that it speaks of; nil for what a container sees.
    let layer: Int?
    let digest: Digest
    /// What release it says the file is of; nil where it doesn't say.
    let release: String?

    static func == (left: Self, right: Self) -> Bool {
        left.source == right.source && left.path.path == right.path.path && left.digest == right.digest
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(path.path)
        hasher.combine(digest)
    }

    /// More than these aren't looked at.
    static let largestCount = 4096

    /// What the recipes in the layers' annotations say (docs/derivation.md, "The recipe").
    static func recipes(of layers: [Descriptor]) -> [FileClaim] {
        var claims: [FileClaim] = []
        for (number, layer) in layers.enumerated() {
            guard let recipe = layer.layerRecipe else { continue }
            for (path, digest) in LayerRecipe.files(in: recipe, limit: largestCount - claims.count) {
                guard let place = FilePath(path.utf8) else { continue }
                claims.append(
                    FileClaim(
                        source: "the recipe of layer \(number + 1)",
                        path: RecordedPath(place),
                        layer: number,
                        digest: digest,
                        release: nil
                    )
                )
            }
        }
        return claims
    }

    /// What a context's record says of the files beside it.
    static func context(_ bytes: [UInt8], at record: FilePath) -> [FileClaim] {
        ContextRecord.claims(in: bytes, limit: largestCount).map { claim in
            FileClaim(
                source: "\(record)",
                path: RecordedPath(FilePath(components: record.parent.components + [Array(claim.path.utf8)])),
                layer: nil,
                digest: claim.digest,
                release: claim.artifact
            )
        }
    }

    static let recordName = Array(ContextRecord.fileName.utf8)
}
