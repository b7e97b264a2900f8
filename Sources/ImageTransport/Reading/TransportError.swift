package import Archive
package import ContentAddress
import Printable
package import SystemIO

/// Why an image can't be read.
package indirect enum TransportError: Error, Equatable, CustomStringConvertible {
    /// The text is not an image reference that a transport knows.
    case reference(String, rule: String)
    /// The reference is one, but to nothing that is taken at this place of a call.
    case unsuitable(String, rule: String)
    /// There is no such image, blob or file in what was opened.
    case notFound(what: String, place: String)
    /// Several images are there, and the reference doesn't say which.
    case ambiguous(place: String, choices: [String])
    /// A document isn't what its media type promises.
    case document(what: String, reason: String)
    /// A document is read in different ways by engines or tools in use.
    case ambiguousDocument(what: String, reason: String)
    /// An archive or layout is read in different ways by engines or tools in use.
    case ambiguousContainer(place: String, reason: String)
    /// Bytes don't have the digest they were asked for by.
    case digest(what: String, expected: Digest, found: Digest)
    /// Bytes don't have the size they were announced with; a count of nil means that there were more.
    case size(what: String, expected: Int64, found: Int64?)
    /// Something is larger than what is held in memory for it; `unit` is what `size` counts.
    case tooLarge(what: String, size: Int64, limit: Int64, unit: String = "bytes")
    /// What an image may cost to read is spent.
    case spent(what: String, WorkBudget.Spent)
    /// A tar archive is damaged.
    case archive(what: String, TarError)
    /// A compressed stream is damaged.
    case compression(what: String, CompressionError)
    /// A system call failed.
    case system(SystemError)
    /// The store can't be read or changed, in its own words: full disk, no permission.
    case store(String)
    /// A part of a bundle is wrong: which one, of which bundle.
    case bundle(part: String, TransportError)
    /// A bundle leaves out what the store it is for lacks.
    case missingBase(MissingBase)
    /// The container engine can't be reached, or says no.
    case engine(place: String, reason: String)
    /// A registry can't be reached, or says no: in its client's words, which name what and where.
    case registry(String)

    /// One or two lines for a person: what, where, what to do.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .reference(let text, let rule): "'\(text, limit: 300)' is not an image reference: \(rule)"
        case .unsuitable(let text, let rule): "'\(text, limit: 300)' can't be used here: \(rule)"
        case .notFound(let what, let place): "there is no \(what, limit: 300) in \(place, limit: 300)"
        case .ambiguous(let place, let choices):
            "\(place, limit: 300) holds several images: name one of \(choices.joined(separator: ", "))"
        case .document(let what, let reason): "\(message: what) can't be read: \(message: reason)"
        case .ambiguousDocument(let what, let reason):
            "\(message: what) can be read in two ways: \(message: reason)"
        case .ambiguousContainer(let place, let reason):
            "\(message: place) can be read in two ways: \(message: reason)"
        case .digest(let what, let expected, let found):
            "\(message: what) is not the bytes its name promises\n  expected  \(expected)\n  found     \(found)"
        case .size(let what, let expected, let found):
            "\(message: what) has \(found.map { "\($0)" } ?? "more") bytes where \(expected) were announced"
        case .tooLarge(let what, let size, let limit, let unit):
            "\(message: what) has \(size) \(unit); at most \(limit) are read"
        case .spent(let what, let spent):
            "\(message: what): \(spent); raise the limit with --max-size if the image is honest"
        case .archive(let what, let error): "\(message: what): \(error)"
        case .compression(let what, let error): "\(message: what): \(error)"
        case .system(let error): "\(error)"
        case .bundle(let part, let error): "\(part, limit: 300): \(error)"
        case .missingBase(let base): base.message
        case .engine(let place, let reason): "the container engine at \(place, limit: 300): \(reason, limit: 300)"
        case .store(let message), .registry(let message): Message(message: message)
        }
    }

    /// Whether it says that nothing is at a place, in contrast to a place that can't be read.
    package var isNothingThere: Bool {
        switch self {
        case .notFound: true
        case .system(let error): error.isNotFound
        default: false
        }
    }

    /// Whether it is the content that is wrong, in contrast to what was asked for and to the machine.
    package var isIntegrity: Bool {
        switch self {
        case .document, .ambiguousDocument, .ambiguousContainer, .digest, .size, .tooLarge, .spent, .archive,
            .compression:
            true
        // What a bundle's documents name must be there.
        case .bundle(_, .notFound): true
        case .bundle(_, let error): error.isIntegrity
        case .reference, .unsuitable, .notFound, .missingBase, .ambiguous, .system, .store, .engine, .registry: false
        }
    }
}

extension TransportError {
    /// What isn't in a place, with the names of what is.
    static func absent(_ what: String, from place: String, whichHas names: [String]) -> TransportError {
        let rest = names.count > mostNames ? " and \(names.count - mostNames) more" : ""
        let list = names.prefix(mostNames).joined(separator: ", ") + rest
        return .notFound(what: what, place: place + (list.isEmpty ? "" : ", which has \(list)"))
    }

    private static let mostNames = 8
}
