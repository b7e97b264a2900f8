import ImageTransport
import Printable

/// Who asks a registry.
package enum Identity: Equatable, Sendable {
    /// Somebody with credentials.
    case known
    /// Nobody: there are no credentials for this registry.
    case unknown
    /// Nobody, since the credentials can't be had.
    case unavailable(reason: String)

    /// What to do when that isn't enough.
    var advice: String {
        switch self {
        case .known: "the credentials that were found for it don't suffice"
        case .unknown: "no credentials were found for it: `docker login` or `skopeo login` writes them"
        case .unavailable(let reason): "there may be credentials for it, but \(printable(reason))"
        }
    }
}
