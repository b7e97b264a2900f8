package import OCI

/// A release or an image, told apart by the text alone, whatever is in a store.
///
/// `name@version` is a release. Everything else is an image, also `repository@sha256:…`, since no version has a colon.
package enum ReleaseOrImage: Sendable {
    case release(ReleaseKey)
    case image(ImageReference)

    /// Reads the written form; throws for what is neither.
    package init(parsing text: String) throws(OCIError) {
        if let release = try? ReleaseKey(parsing: text) {
            self = .release(release)
        } else {
            self = .image(try ImageReference(parsing: text))
        }
    }
}
