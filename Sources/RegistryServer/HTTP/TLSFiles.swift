import NIOSSL
import Synchronization
import SystemIO

/// The certificate and the key of a server, in files that may be replaced while it runs.
package final class TLSFiles: Sendable {
    private struct State {
        var statuses: [FileStatus] = []
        var context: NIOSSLContext?
    }

    private let certificate: String
    private let key: String
    private let clients: String?
    private let state = Mutex(State())

    /// PEM files: a chain, its key, and where clients must have one the certificates that sign theirs.
    ///
    /// Throws ``ServerError/certificate(_:reason:)``.
    package init(certificate: String, key: String, clients: String? = nil) throws(ServerError) {
        (self.certificate, self.key, self.clients) = (certificate, key, clients)
        _ = try context()
    }

    /// What connections begin with from now on.
    ///
    /// Where the files were replaced by others that can't be used, that of before: half of a replacement may be there.
    func context() throws(ServerError) -> NIOSSLContext {
        let statuses = ([certificate, key] + [clients].compactMap(\.self)).compactMap { try? FileStatus.of($0) }
        let before = state.withLock { $0 }
        if let context = before.context, before.statuses == statuses { return context }
        do {
            let context = try NIOSSLContext(configuration: try configuration())
            state.withLock { $0 = State(statuses: statuses, context: context) }
            return context
        } catch {
            if let context = before.context { return context }
            throw .certificate(certificate, reason: "\(error)")
        }
    }

    private func configuration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let clients {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(clients)
        }
        return configuration
    }
}
