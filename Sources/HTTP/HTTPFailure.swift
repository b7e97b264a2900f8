import AsyncHTTPClient
import Glibc
package import ImageTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SystemIO

/// Why an exchange has no answer, or only a part of one.
package enum HTTPFailure: Error {
    /// No connection was made.
    case connection(String)
    /// The certificate isn't trusted, or TLS fails otherwise: trying again doesn't help.
    case security(String)
    /// What answers speaks no TLS.
    case plain
    /// The connection broke off, or the peer fell silent.
    case broken(String)
    /// The peer is silent, or too slow.
    case slow(String)
    /// The request can't be sent at all.
    case request(String)
    /// What was to be sent can't be read.
    case source(TransportError)

    // An address that doesn't come from a name is connected to at once, and fails with the kernel's word.
    private static let unreached: Set = [
        ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT,
    ]

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
        case let error as IOError where Self.unreached.contains(error.errnoCode): self = .connection(Self.words(error))
        case let error as IOError: self = .broken(Self.words(error))
        case let error as NIOSSLError: self = Self.security(error)
        case let error as BoringSSLError: self = Self.handshake("\(error)")
        case let error as NIOSSLExtraError: self = .security(Self.words(error))
        // What an answer that was cut off ends with.
        case HTTPParserError.invalidEOFState: self = .broken("its answer is cut off")
        case is HTTPParserError: self = .request("what answers there isn't an HTTP server")
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout: self = .connection("it doesn't answer in time")
            case .tlsHandshakeTimeout: self = .security("the TLS handshake takes too long")
            case .invalidProxyResponse: self = .connection("it doesn't connect to that host")
            case .proxyAuthenticationRequired:
                self = .connection("it asks for a user and a password: http://USER:PASSWORD@HOST:PORT is expected")
            case .readTimeout: self = .slow("it fell silent")
            case .writeTimeout: self = .slow("it takes no more bytes")
            case .remoteConnectionClosed: self = .broken("the connection was closed")
            case .invalidURL, .emptyHost, .emptyScheme: self = .request("\(error.shortDescription)")
            default: self = .broken(error.shortDescription)
            }
        default: self = .broken(Self.words(error))
        }
    }

    /// The same where a proxy was connected to.
    func through(_ proxy: ProxySettings.Server?) -> HTTPFailure {
        guard let proxy, case .connection(let reason) = self else { return self }
        return .connection("the proxy \(proxy.host):\(proxy.port): \(reason)")
    }

    /// Whether trying again may help.
    package var isTemporary: Bool {
        switch self {
        case .connection, .broken, .slow: true
        case .security, .plain, .request, .source: false
        }
    }

    /// In a person's words.
    package var reason: String {
        switch self {
        case .connection(let reason), .security(let reason), .broken(let reason), .slow(let reason),
            .request(let reason):
            reason
        case .plain: "it doesn't speak TLS; --insecure allows plain HTTP"
        case .source(let error): "\(error)"
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: SystemError(call: "", path: "", code: error.errnoCode).reason
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            "its certificate is for another name: call it by one that is in its certificate"
        case is NIOSSLExtraError: "TLS fails"
        default: "\(error)"
        }
    }

    private static func security(_ error: NIOSSLError) -> HTTPFailure {
        switch error {
        case .handshakeFailed(let cause): handshake("\(cause)")
        case .uncleanShutdown: .broken("the connection was closed without TLS's own end")
        case .unableToValidateCertificate, .noCertificateToValidate: .security(untrusted)
        default: .security("TLS fails")
        }
    }

    private static let untrusted = "its certificate is not trusted; --tls-ca FILE names an authority that is"

    private static func handshake(_ text: String) -> HTTPFailure {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .security(untrusted) }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") { return .plain }
        if text.contains("EOF during handshake") {
            return .security("it closes the connection while TLS begins; it may ask for a client's certificate")
        }
        // BoringSSL's name for it, `TLSV1_ALERT_PROTOCOL_VERSION`, stands in the middle of its text.
        let name = text.firstMatch(of: /[A-Z0-9]+(?:_[A-Z0-9]+)+/)?.output
        return .security("TLS fails" + (name.map { ": " + $0.replacing("_", with: " ").lowercased() } ?? ""))
    }
}
