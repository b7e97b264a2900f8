import Printable

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

    /// Why an annotation can't be added.
    package enum Mistake: Error, Equatable, CustomStringConvertible {
        case malformed(String)
        case repeated(String)

        /// What was given, and what is expected.
        package var description: String {
            let words: Message =
                switch self {
                case .malformed(let text):
                    "'\(text)' is not an annotation: [index:|manifest:|manifest-descriptor:]key=value"
                case .repeated(let text): "'\(text)' gives an annotation another value than before: it has one"
                }
            return words.text
        }
    }

    /// Adds `[LEVEL[,LEVEL…]:]KEY=VALUE`, where a level is `index`, `manifest` or `manifest-descriptor`; without a
    /// level it is `manifest`, as with buildx.
    ///
    /// Throws for a text that isn't of this form, and for a key that has another value already.
    package mutating func add(_ text: String) throws(Mistake) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw .malformed(text) }
        var key = String(text[..<equals])
        let value = String(text[text.index(after: equals)...])
        var levels = ["manifest"]
        if let colon = key.firstIndex(of: ":") {
            levels = key[..<colon].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            key = String(key[key.index(after: colon)...])
        }
        guard !key.isEmpty else { throw .malformed(text) }
        for level in levels {
            let old: String?
            switch level {
            case "index": old = index.updateValue(value, forKey: key)
            case "manifest": old = manifest.updateValue(value, forKey: key)
            case "manifest-descriptor": old = manifestDescriptor.updateValue(value, forKey: key)
            default: throw .malformed(text)
            }
            guard old == nil || old == value else { throw .repeated(text) }
        }
    }
}
