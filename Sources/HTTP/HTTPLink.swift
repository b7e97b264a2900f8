import AsyncHTTPClient
import FoundationEssentials
import Glibc
import ImageTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SystemIO

/// The HTTP client, from the side of threads that may block.
package final class HTTPLink: Sendable {
    private let configuration: HTTPClient.Configuration
    private let proxies: ProxySettings
    private let userAgent: String
    private let patience: Patience
    // One for each proxy, and one without: the client has no other way to choose.
    private let clients = SharedValue<[ProxySettings.Server?: HTTPClient]>([:])

    /// A client that is set up in this way.
    package init(_ options: HTTPOptions) throws(CertificateFileError) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if options.isInsecure { tls.certificateVerification = .none }
        if let path = options.certificateAuthorities {
            do {
                let certificates = try NIOSSLCertificate.fromPEMFile(path)
                guard !certificates.isEmpty else { throw CertificateFileError(path: path, reason: "it is empty") }
                tls.additionalTrustRoots = [.certificates(certificates)]
            } catch let error as CertificateFileError {
                throw error
            } catch {
                let reason = access(path, R_OK) == 0 ? "PEM is expected" : "it can't be opened"
                throw CertificateFileError(path: path, reason: reason)
            }
        }
        // Exchange decides what is too slow: these let go of connections that nobody waits for any longer.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: .seconds(options.connectTimeout),
                read: .seconds(Int64(options.patience.answer + options.patience.window)),
                write: .seconds(Int64(options.patience.answer + options.patience.window))
            )
        )
        // A blob has a connection to itself: nothing is gained by sharing one, and HTTP/1.1 costs less a byte.
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = { WrittenAddressHandler.add(to: $0) }
        // Whether to try again is decided above, in one place.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.configuration = configuration
        proxies = ProxySettings(environment: options.environment)
        userAgent = options.userAgent
        patience = options.patience
    }

    deinit {
        for client in clients.update({ Array($0.values) }) { client.shutdown { _ in } }
    }

    private func client(through server: ProxySettings.Server?) -> HTTPClient {
        clients.update { clients in
            if let client = clients[server] { return client }
            var configuration = configuration
            if let server {
                let authorization = server.user.map {
                    HTTPClient.Authorization.basic(username: $0, password: server.password ?? "")
                }
                configuration.proxy = .server(host: server.host, port: server.port, authorization: authorization)
            }
            let client = HTTPClient(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            )
            clients[server] = client
            return client
        }
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// Blocks; must not be called on an event loop.
    package func send(_ call: HTTPCall) throws(HTTPFailure) -> HTTPAnswer {
        try send(call, Exchange(patience))
    }

    /// The same, by an exchange that somebody looks at.
    func send(_ call: HTTPCall, _ exchange: Exchange) throws(HTTPFailure) -> HTTPAnswer {
        // The client traps on a port that no address has, and such a URL may come from a registry.
        guard let origin = Origin(of: call.url) else {
            throw .request(
                "'\(WrittenAddress.decode(call.url.absoluteString))' is not an address that is asked: http(s)://HOST:PORT is expected"
            )
        }
        var request: HTTPClient.Request
        do {
            var headers = call.headers
            // A connection serves one request. The client's pool (1.37) traps, though rarely, when a connection that it
            // would use again breaks while its request fails: "A connection that we don't know was released".
            headers.replaceOrAdd(name: "Connection", value: "close")
            // Some registries, and what stands before them, refuse requests without (RFC 9110, section 10.1.5).
            headers.replaceOrAdd(name: "User-Agent", value: userAgent)
            // Without it a server may compress what is named by the digest of its bytes (RFC 9110, section 12.5.3).
            headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
            request = try HTTPClient.Request(url: call.url, method: call.method, headers: headers)
        } catch {
            throw HTTPFailure(error)
        }
        switch call.body {
        case .none: break
        case .bytes(let bytes): request.body = .bytes(bytes)
        case .stream(let count, _): request.body = exchange.body(count: count)
        }
        let proxy = try proxies.server(for: origin)
        exchange.began(client(through: proxy).execute(request: request, delegate: exchange))
        do {
            if case .stream(let count, let open) = call.body {
                try exchange.send(Self.opened(open), count: count)
            }
            return HTTPAnswer(try exchange.waitForHead(), exchange)
        } catch {
            exchange.close()
            throw error.through(proxy)
        }
    }
}

extension HTTPLink {
    private static func opened(
        _ open: () throws(TransportError) -> any BlobReader
    ) throws(HTTPFailure) -> any BlobReader {
        do { return try open() } catch { throw .source(error) }
    }
}
