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
        } catch let error as ServerError {
            if let context = before.context { return context }
            throw error
        } catch {
            if let context = before.context { return context }
            // Each by itself can be read.
            throw .certificate(key, reason: "it isn't the key of the first certificate in \(certificate)")
        }
    }

    private func configuration() throws -> TLSConfiguration {
        let chain = try Self.read(certificate, "certificates") { try NIOSSLCertificate.fromPEMFile($0) }
        let privateKey = try Self.read(key, "a private key without a passphrase") {
            try NIOSSLPrivateKey(file: $0, format: .pem)
        }
        if let clients { _ = try Self.read(clients, "certificates") { try NIOSSLCertificate.fromPEMFile($0) } }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let clients {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(clients)
        }
        return configuration
    }

    private static func read<Value>(
        _ path: String,
        _ what: String,
        _ body: (String) throws -> Value
    ) throws(ServerError) -> Value {
        // The library's own errors name what failed inside it.
        do { _ = try File.open(path) } catch { throw .certificate(path, reason: error.reason) }
        do { return try body(path) } catch { throw .certificate(path, reason: "PEM with \(what) is expected") }
    }
}
