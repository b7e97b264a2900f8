package import ContentAddress
package import ImageTransport
import Printable

/// Why an image can't be fetched from a registry or sent to one.
package enum RegistryError: Error, Equatable {
    /// The text names no image in a registry.
    case reference(String, rule: String)
    /// The registry doesn't have it.
    case notFound(what: String, place: String)
    /// The registry wants to know who asks, or doesn't let them.
    case denied(what: String, place: String, reason: String, identity: Identity)
    /// The registry doesn't do that, whoever asks.
    case forbidden(what: String, place: String, reason: String)
    /// No connection, or no TLS.
    case unreachable(place: String, reason: String)
    /// The connection broke off, each time it was tried.
    case brokenOff(what: String, place: String, reason: String)
    /// The registry is silent or too slow, each time it was tried.
    case tooSlow(what: String, place: String, reason: String)
    /// The registry answers that it can't now, or not so often, each time it was asked.
    case busy(what: String, place: String, status: Int, reason: String, wait: Int64?)
    /// A status that has no place there.
    case refused(what: String, place: String, status: Int, reason: String)
    /// An answer that breaks the protocol.
    case malformed(what: String, place: String, reason: String)
    /// A redirect that isn't followed.
    case redirect(what: String, place: String, reason: String)
    /// Bytes don't have the digest they were asked for by.
    case digest(what: String, expected: Digest, found: Digest)
    /// An answer is larger than what is held in memory for it.
    case tooLarge(what: String, size: Int64, limit: Int64)
    /// The credentials can't be read.
    case credentials(place: String, reason: String)
    /// The file of certificate authorities can't be used.
    case certificates(path: String, reason: String)
    /// What is to be sent can't be read.
    case source(TransportError)
}

extension RegistryError: CustomStringConvertible {
    /// One or two lines for a person: what, where, what to do.
    package var description: String {
        switch self {
        case .reference(let text, let rule): "'\(printable(text))' names no image in a registry: \(rule)"
        case .notFound(let what, let place): "there is no \(printable(what)) in \(printable(place))"
        case .denied(let what, let place, let reason, let identity):
            "\(printable(place)) denies access to \(printable(what)): \(printable(reason))\n  \(identity.advice)"
        case .forbidden(let what, let place, let reason):
            "\(printable(place)): access to \(printable(what)) is forbidden: \(printable(reason))"
        case .unreachable(let place, let reason): "\(printable(place)) can't be reached: \(printable(reason))"
        case .brokenOff(let what, let place, let reason):
            "\(printable(what)): the connection to \(printable(place)) broke off each time: \(printable(reason))"
        case .tooSlow(let what, let place, let reason):
            "\(printable(what)): \(printable(place)) is too slow: \(printable(reason)); --timeout SECONDS gives it more"
        case .busy(let what, let place, let status, let reason, let wait):
            "\(printable(place)) has no time for \(printable(what)): status \(status)"
                + (reason.isEmpty ? "" : ", \(printable(reason))")
                + (wait.map { ", it asks to wait for \($0) seconds" } ?? "") + "\n  try again later"
        case .refused(let what, let place, let status, let reason):
            "\(printable(place)) refuses \(printable(what)): status \(status)"
                + (reason.isEmpty ? "" : ", \(printable(reason))")
                + (status == 413 && reason.isEmpty
                    ? "\n  it, or a proxy before it, takes no larger requests: raise its limit" : "")
        case .malformed(let what, let place, let reason):
            "\(printable(place)) answers the request for \(printable(what)) wrongly: \(printable(reason))"
        case .redirect(let what, let place, let reason):
            "\(printable(what)): \(printable(place)) leads elsewhere: \(printable(reason))"
        case .digest(let what, let expected, let found):
            "\(what) is not the bytes its name promises\n  expected  \(expected)\n  found     \(found)"
        case .tooLarge(let what, let size, let limit):
            "\(printable(what)) has \(size) bytes or more; at most \(limit) are read"
        case .credentials(let place, let reason): "the credentials of \(printable(place)): \(printable(reason))"
        case .certificates(let path, let reason):
            "\(printable(path)) holds no certificate authorities: \(printable(reason))"
        case .source(let error): "\(error)"
        }
    }
}

extension RegistryError {
    /// The same as an error of all transports.
    var transport: TransportError {
        switch self {
        case .reference(let text, let rule): .reference(text, rule: rule)
        case .notFound(let what, let place): .notFound(what: what, place: place)
        case .digest(let what, let expected, let found): .digest(what: what, expected: expected, found: found)
        case .tooLarge(let what, let size, let limit): .tooLarge(what: what, size: size, limit: limit)
        case .source(let error): error
        case .denied, .forbidden, .unreachable, .brokenOff, .tooSlow, .busy, .refused, .malformed, .redirect,
            .credentials,
            .certificates:
            .registry("\(self)")
        }
    }
}
