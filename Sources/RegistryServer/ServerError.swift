import Printable

/// Why a server can't start.
package enum ServerError: Error, Equatable {
    /// The text is not an address to listen at.
    case address(String)
    /// The text is not a host of a registry.
    case host(String)
    /// Nobody can listen there.
    case listen(String, reason: String)
    /// systemd hands over no socket that can be used.
    case noSocket(reason: String)
    /// As many passwords are compared as may be at one time.
    case busy
    /// The file of users can't be used.
    case passwords(String, reason: String)
    /// A file of a certificate or a key can't be used.
    case certificate(String, reason: String)
    /// Everybody who reaches the address could write.
    case openToAll(String)
    /// A name would stand for two images, which have these names in the store.
    case sameName(String, String, String)
    /// A release that is pushed isn't taken, since what is signed of it doesn't suffice.
    case unproved(String)
}

extension ServerError: CustomStringConvertible {
    /// What is wrong, and what to do.
    package var description: String {
        let message: Message =
            switch self {
            case .address(let text):
                """
                '\(text, limit: 80)' is not an address to listen at
                Give an IP address or localhost with a port: 127.0.0.1:5000, [::1]:5000, 0.0.0.0:5000.
                """
            case .host(let text):
                "'\(text, limit: 80)' is not a registry: registry.example or localhost:5000 is one"
            case .listen(let address, let reason): "cannot listen at \(address): \(message: reason)"
            case .noSocket(let reason):
                """
                systemd hands over no socket: \(message: reason)
                `--listen systemd` is for a service with a socket unit: deploy/systemd has both.
                """
            case .busy: "too many passwords at one time; try again"
            case .passwords(let path, let reason): "the users in \(path) can't be read: \(message: reason)"
            case .certificate(let path, let reason):
                "\(path) can't be used for TLS: \(message: reason)"
            case .openToAll(let address):
                """
                everybody who reaches \(address) could push
                Ask who it is (--login writes, --htpasswd or --tls-clients), listen at 127.0.0.1, or give \
                --insecure-anonymous-write where that is meant.
                """
            case .unproved(let reason): Message(message: reason)
            case .sameName(let served, let first, let second):
                """
                \(first) and \(second) are two images, and both would be served as \(served)
                Remove one of the names with `bindery rm`, or leave out a --host.
                """
            }
        return message.text
    }
}
