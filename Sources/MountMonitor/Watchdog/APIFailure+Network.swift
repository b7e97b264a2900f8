import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension APIFailure {
    /// What a connection failed with, in words.
    init(describing error: any Error) {
        switch error {
        case let failure as APIFailure: self = failure
        case let error as IOError: self = .unreachable(OperatingSystem.message(error.errnoCode))
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self = APIFailure(describing: first.error)
            } else {
                self = .unreachable("the name \(error.host) has no address")
            }
        case ChannelError.connectTimeout: self = .unreachable("no connection within its time")
        case let error as NIOSSLError: self = APIFailure(describing: error)
        case let error as BoringSSLError: self = .unreachable("TLS failed: \(APIFailure.words(error))")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .unreachable("its certificate is for another name or address")
        case let error as HTTPParserError: self = .unreachable("it does not answer in HTTP: \(error)")
        default: self = .unreachable("\(error)")
        }
    }

    private init(describing error: NIOSSLError) {
        switch error {
        case .handshakeFailed(let reason):
            let text = APIFailure.words(reason)
            let isUntrusted = text.parts(separatedBy: "certificate verify failed").count > 1
            self = isUntrusted ? .untrusted : .unreachable("the TLS handshake failed: \(text)")
        case .uncleanShutdown: self = .unreachable("the connection was cut off")
        default: self = .unreachable("\(error)")
        }
    }

    private static func words(_ error: BoringSSLError) -> String {
        switch error {
        case .sslError(let stack), .unknownError(let stack), .invalidSNIName(let stack), .failedToSetALPN(let stack):
            stack.map(words).joined(separator: ", ")
        default: "\(error)"
        }
    }

    // "Error: 1 error:2:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at FILE:LINE": the file is the library's
    // source where it was built, which helps nobody.
    private static func words(_ error: BoringSSLInternalError) -> String {
        let text = "\(error)"
        guard
            let reason = text.parts(separatedBy: "OPENSSL_internal:").dropFirst().last?
                .parts(separatedBy: " at ").first
        else { return String(text.drop { $0 != ":" }.drop { ": ".contains($0) }) }
        return String(reason.map { $0 == "_" ? " " : $0 }).lowercased()
    }
}
