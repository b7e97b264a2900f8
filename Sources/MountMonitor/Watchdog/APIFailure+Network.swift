import NIOCore
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
        case let error as NIOSSLError: self = .unreachable(APIFailure.describe(error))
        default: self = .unreachable("\(error)")
        }
    }

    private static func describe(_ error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let reason):
            let text = "\(reason)"
            // BoringSSL's own words end in its source file's name and line, which help nobody.
            guard text.contains("CERTIFICATE_VERIFY_FAILED") else { return "the TLS handshake failed: \(text)" }
            return "its certificate has expired or is not signed by the cluster's authority in ca.crt"
        case .uncleanShutdown: return "the connection was cut off"
        default: return "\(error)"
        }
    }
}
