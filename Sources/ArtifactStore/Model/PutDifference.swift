import OCI
import Printable
import SystemIO

/// What a put of bytes that are released already says otherwise than the release does.
package enum PutDifference: Sendable, Hashable {
    /// The name of the file it was put from.
    case fileName(released: String, offered: String)
    /// The permission bits.
    case mode(released: UInt16, offered: UInt16)
    /// What was said of the file: all annotations of both.
    case annotations(released: [String: String], offered: [String: String])

    /// What differs, in one word or two.
    package var subject: String {
        switch self {
        case .fileName: "file name"
        case .mode: "mode"
        case .annotations: "annotations"
        }
    }

    /// What the release has.
    package var released: String {
        switch self {
        case .fileName(let released, _): released
        case .mode(let released, _): FileMode.text(released)
        case .annotations(let released, let offered): Self.text(released, without: offered)
        }
    }

    /// What was offered.
    package var offered: String {
        switch self {
        case .fileName(_, let offered): offered
        case .mode(_, let offered): FileMode.text(offered)
        case .annotations(let released, let offered): Self.text(offered, without: released)
        }
    }

    /// The annotations that the others don't have.
    private static func text(_ own: [String: String], without others: [String: String]) -> String {
        let rest = own.filter { others[$0.key] != $0.value }
        return rest.isEmpty ? "none" : rest.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
    }
}
