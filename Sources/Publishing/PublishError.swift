package import ContentAddress
import Printable

/// Why something isn't published at a place.
package enum PublishError: Error, CustomStringConvertible {
    /// The text is not a place.
    case place(String, rule: String)
    /// The place has something else under that name.
    case taken(place: String, found: Digest)
    /// An image has no files for a release page.
    case imageOnPage
    /// A file is there with other bytes.
    case fileTaken(String)
    /// A registry doesn't say which names it has.
    case unlisted(String, reason: String)
    /// What answers for a release page isn't one that can be read.
    case page(String, reason: String)
    /// A release page holds other bytes than the release.
    case pageDiffers(String, reasons: [String])

    /// One or two lines for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .place(let text, let rule): "'\(text, limit: 300)' is not a place to publish to: \(message: rule)"
        case .taken(let place, let found):
            "\(place, limit: 300) has \(found) under that name already: --force moves the name"
        case .imageOnPage:
            "a release page has the files of a release, name@version, and this is an image"
        case .page(let place, let reason): "\(place, limit: 300): \(message: reason)"
        case .pageDiffers(let place, let reasons):
            "\(place, limit: 300) isn't the release: \(message: reasons.joined(separator: "; "))"
        case .unlisted(let place, let reason):
            "\(place, limit: 300) doesn't list what it has: \(message: reason); name releases and images without * and ?"
        case .fileTaken(let place): "\(place, limit: 300) is there with other bytes: --force replaces it"
        }
    }
}
