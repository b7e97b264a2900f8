import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Release

/// What commands are given that take either: told apart by the text alone, whatever is in the store.
///
/// `name@version` is a release. Everything else is an image, also `repository@sha256:…`, since no version has a colon.
enum ReleaseOrImage: Sendable {
    case release(ReleaseKey)
    case image(ImageReference)

    /// Reads the written form; throws a usage error for what is neither.
    init(parsing text: String) throws {
        if let release = try? ReleaseKey(parsing: text) {
            self = .release(release)
        } else {
            self = .image(try Arguments.image(text))
        }
    }
}

extension Arguments {
    /// `name@version`, or `[registry/]repository[:tag][@digest]`.
    @Sendable static func releaseOrImage(_ text: String) throws -> ReleaseOrImage { try ReleaseOrImage(parsing: text) }
}

extension Store {
    /// An image of the store.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when there is none.
    func existingImage(_ reference: ImageReference) throws(StoreError) -> StoredImage {
        guard let image = try image(reference) else { throw noImage(reference) }
        return image
    }
}
