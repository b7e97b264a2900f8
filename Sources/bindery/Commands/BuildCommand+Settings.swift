import Archive
import ArtifactStore
import ImageAssembler
import OCI
import Printable
import Release

extension BuildCommand {
    /// The image's annotations: what is given goes before what releases were put with.
    func annotations(in store: Store) throws -> ImageAnnotations {
        var annotations = ImageAnnotations()
        for text in annotation {
            do { try annotations.add(text) } catch { throw UsageError(description: "\(error)") }
        }
        if let drafts = try build.drafts(in: store) {
            annotations.index[Annotation.drafts] = drafts
            annotations.manifest[Annotation.drafts] = drafts
        }
        for release in annotateFrom {
            let (found, differing) = try ReleaseFacts(release, orDraft: build.draft, in: store).annotations()
            for key in differing {
                Output.warning("--annotate-from: the files of \(release) differ in \(key), which is left out")
            }
            annotations.index.merge(found) { first, _ in first }
            annotations.manifest.merge(found) { first, _ in first }
        }
        return annotations
    }

    /// How layers are compressed.
    func compressionRecipe() throws -> CompressionRecipe {
        if let recipe = CompressionRecipe(compressor: compression, level: compressionLevel) { return recipe }
        let level = compressionLevel.map { " at level \($0)" } ?? ""
        throw UsageError(
            description: "there is no compression '\(compression)'\(level): gzip 1 to 12, zstd 1 to 19, or none"
        )
    }
}
