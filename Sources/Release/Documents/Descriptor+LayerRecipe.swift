package import ContentAddress
package import OCI

extension Descriptor {
    /// What a layer says that it was derived from (docs/derivation.md); nil for a foreign layer, and for a recipe that is
    /// so long that only its digest is there.
    package var layerRecipe: JSONValue? {
        guard let text = annotations?[Annotation.layerRecipe] else { return nil }
        return try? JSONValue(parsing: Array(text.utf8))
    }

    /// The digests of the files that a layer's recipe names.
    package var recipeFiles: Set<Digest> {
        guard case .object(let members)? = layerRecipe, case .array(let entries)? = members["entries"] else {
            return []
        }
        return Set(
            entries.compactMap { entry in
                guard case .object(let entry) = entry, case .string(let text)? = entry["digest"] else { return nil }
                return try? Digest(parsing: text)
            }
        )
    }
}
