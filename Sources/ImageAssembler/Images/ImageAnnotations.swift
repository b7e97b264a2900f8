/// Annotations for the parts of an image, as `docker buildx build --annotation` has them.
package struct ImageAnnotations: Hashable, Sendable {
    /// On the index.
    package var index: [String: String] = [:]
    /// On each manifest.
    package var manifest: [String: String] = [:]
    /// On each manifest's descriptor in the index.
    package var manifestDescriptor: [String: String] = [:]

    /// No annotations.
    package init() {}

    /// Adds `[LEVEL[,LEVEL…]:]KEY=VALUE`, where a level is `index`, `manifest` or `manifest-descriptor`; without a level
    /// it is `manifest`, as with buildx.
    ///
    /// Returns false for a text that isn't of this form.
    package mutating func add(_ text: String) -> Bool {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return false }
        var key = String(text[..<equals])
        let value = String(text[text.index(after: equals)...])
        var levels = ["manifest"]
        if let colon = key.firstIndex(of: ":") {
            levels = key[..<colon].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            key = String(key[key.index(after: colon)...])
        }
        guard !key.isEmpty else { return false }
        for level in levels {
            switch level {
            case "index": index[key] = value
            case "manifest": manifest[key] = value
            case "manifest-descriptor": manifestDescriptor[key] = value
            default: return false
            }
        }
        return true
    }
}
