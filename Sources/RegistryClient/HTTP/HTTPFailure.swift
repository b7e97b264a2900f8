import AsyncHTTPClient
import ImageTransport
import NIOCore
import NIOPosix
import NIOSSL
import SystemIO

/// Why an exchange has no answer, or only a part of one.
enum HTTPFailure: Error {
    /// No connection was made.
    case connection(String)
    /// The certificate isn't trusted, or TLS fails otherwise: trying again doesn't help.
    case security(String)
    /// The connection broke off, or the peer fell silent.
    case broken(String)
    /// The peer is silent, or too slow.
    case slow(String)
    /// The request can't be sent at all.
    case request(String)
    /// What was to be sent can't be read.
    case source(TransportError)

    /// What the client's error means.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPFailure: self = error
        case let error as NIOConnectionError:
            if let reason = error.connectionErrors.first?.error {
                self = .connection(Self.words(reason))
            } else if error.dnsAError != nil || error.dnsAAAAError != nil {
                self = .connection("the host's name is not known")
            } else {
                self = .connection(Self.words(error))
            }
        case let error as IOError: self = .broken(Self.words(error))
        case let error as NIOSSLError: self = .security(Self.words(error))
        case let error as BoringSSLError: self = .security(Self.words(error))
        case let error as NIOSSLExtraError: self = .security("\(error.description)")
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout: self = .connection("it doesn't answer in time")
            case .tlsHandshakeTimeout: self = .security("the TLS handshake takes too long")
            case .readTimeout: self = .slow("it fell silent")
            case .writeTimeout: self = .slow("it takes no more bytes")
            case .remoteConnectionClosed: self = .broken("the connection was closed")
            case .invalidURL, .emptyHost, .emptyScheme: self = .request("\(error.shortDescription)")
            default: self = .broken(error.shortDescription)
            }
        default: self = .broken(Self.words(error))
        }
    }

    /// Whether trying again may help.
    var isTemporary: Bool {
        switch self {
        case .connection, .broken, .slow: true
        case .security, .request, .source: false
        }
    }

    /// In a person's words.
    var reason: String {
        switch self {
        case .connection(let reason), .security(let reason), .broken(let reason), .slow(let reason),
            .request(let reason):
            reason
        case .source(let error): "\(error)"
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: SystemError(call: "", path: "", code: error.errnoCode).reason
        case let error as NIOSSLError:
            switch error {
            case .handshakeFailed(let cause): handshake("\(cause)")
            default: "TLS: \(error)"
            }
        case let error as BoringSSLError: handshake("\(error)")
        default: "\(error)"
        }
    }

    private static func handshake(_ text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is not trusted; --tls-ca FILE names an authority that is"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return "it doesn't speak TLS; --insecure allows plain HTTP"
        }
        return "TLS: \(text)"
    }
}
