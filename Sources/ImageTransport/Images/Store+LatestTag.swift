package import ArtifactStore
import ContentAddress
import OCI
package import Release

extension Store {
    /// What becomes of the tag `latest` of an image that is elsewhere, such as in a registry, when an image of a
    /// release is built.
    ///
    /// The image's version is that of the released files that its layers were made of, else what it says of itself.
    package func latestTag(heldBy image: any ImageSource, for release: ReleaseKey) throws -> LatestTag {
        LatestTag(for: release, heldBy: try versions(of: image, name: release.name))
    }

    private func versions(of image: any ImageSource, name: RepositoryName) throws -> [Version] {
        let outline = try ImageOutline(of: image)
        let files = Set(outline.parts.flatMap(\.manifest.layers).flatMap(\.recipeFiles))
        let released = ReleaseExplanation(try artifacts(withAnyOf: files).values).ordered(name)
        guard released.isEmpty else { return released }
        var words = outline.parts.compactMap { $0.manifest.annotations?[Annotation.version] }
        for config in outline.parts.map(\.manifest.config) where MediaType.isConfig(config.mediaType) {
            let labels = try image.document(config).config().config?.labels
            if let word = labels?[Annotation.version] { words.append(word) }
        }
        return words.compactMap { try? Version(parsing: $0) }
    }
}
