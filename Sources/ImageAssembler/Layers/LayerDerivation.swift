package import ArtifactStore
package import ContentAddress
import Release

/// Derives layers again from their recipes (docs/derivation.md).
package enum LayerDerivation {
    /// Makes a layer's blob from what its annotation says and the released files in the store, and hands its bytes to a
    /// sink.
    ///
    /// The annotation has the recipe, or the digest of a long one that the store has. Nothing is kept. Returns false
    /// where the recipe isn't enough: it takes a file out of another layer, or was made by another version of the
    /// compressor. Throws what reading the files or compressing fails at, and what the sink throws.
    package static func derive(
        _ annotation: String,
        in store: Store,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        guard let recipe = recipe(of: annotation, in: store).flatMap({ LayerRecipe($0) }),
            let plan = LayerPlan(recipe)
        else { return false }
        let batch = try store.beginBatch()
        let layer = try LayerMaker(of: [plan], store: store, batch: batch).make(plan, recipe: recipe.digest)
        try batch.read(layer.digest, sink)
        return true
    }

    /// A layer's recipe by what its annotation says: the recipe, or the digest of one that the store has.
    ///
    /// Nil for what is neither.
    package static func recipe(of annotation: String, in store: Store) -> JSONValue? {
        guard let digest = try? Digest(parsing: annotation) else {
            return try? JSONValue(parsing: Array(annotation.utf8))
        }
        return (try? store.readBlob(digest)).flatMap { try? JSONValue(parsing: $0) }
    }
}
