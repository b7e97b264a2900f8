package import ContentAddress
package import OCI

extension Descriptor {
    /// What a layer says that it was derived from (docs/derivation.md); nil for a foreign layer, and for a recipe that
    /// is so long that only its digest is there.
    package var layerRecipe: JSONValue? {
        guard let text = annotations?[Annotation.layerRecipe] else { return nil }
        return try? JSONValue(parsing: Array(text.utf8))
    }

    /// The digests of the files that a layer's recipe names.
    package var recipeFiles: Set<Digest> {
        Set(layerRecipe.map { LayerRecipe.files(in: $0).map(\.digest) } ?? [])
    }
}
