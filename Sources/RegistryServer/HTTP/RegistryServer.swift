import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import OCI

/// A server over one store, from its start to its end.
package final class RegistryServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool
    private let slowPool: NIOThreadPool
    private let listener: any Channel
    private let routes: RegistryRoutes
    private let connections: Connections
    private let limits: ServerLimits
    private let isSecure: Bool

    /// Listens, and answers on threads of its own.
    ///
    /// Throws ``ServerError/listen(_:reason:)`` where that can't be.
    package init(
        _ routes: RegistryRoutes,
        at address: ListenAddress,
        hosts: HostRule = .any,
        tls: TLSFiles? = nil,
        limits: ServerLimits = ServerLimits(),
        now: @escaping @Sendable () -> Timestamp
    ) throws(ServerError) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        // The store's calls wait for the disk: more threads than processors.
        let pool = NIOThreadPool(numberOfThreads: max(8, 2 * System.coreCount))
        pool.start()
        let slowPool = NIOThreadPool(numberOfThreads: System.coreCount)
        slowPool.start()
        let budget = ContentBudget()
        let connections = Connections(most: limits.connections)
        do {
            let bootstrap = ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try connections.add(channel)
                        if let tls {
                            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context()))
                        }
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                            withEncoderConfiguration: .init(),
                            withDecoderLimitConfiguration: limits.decoder
                        )
                        try channel.pipeline.syncOperations.addHandler(
                            ConnectionHandler(
                                routes: routes,
                                pool: pool,
                                slowPool: slowPool,
                                limits: limits,
                                hosts: hosts,
                                budget: budget,
                                isSecure: tls != nil,
                                connections: connections,
                                now: { HTTPDate.text(now()) }
                            )
                        )
                    }
                }
            listener =
                try address.descriptor.map { try bootstrap.withBoundSocket($0).wait() }
                ?? bootstrap.bind(to: address.socketAddress).wait()
        } catch {
            try? group.syncShutdownGracefully()
            try? pool.syncShutdownGracefully()
            try? slowPool.syncShutdownGracefully()
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw .listen(ListenAddress.text(address.socketAddress), reason: reason)
        }
        (self.group, self.pool, self.slowPool, self.routes) = (group, pool, slowPool, routes)
        (self.connections, self.limits) = (connections, limits)
        isSecure = tls != nil
    }

    /// Where it listens, as a URL.
    package var url: String {
        (isSecure ? "https://" : "http://") + (listener.localAddress.map(ListenAddress.text) ?? "")
    }

    /// Takes no more connections, sends the answers that are on their way, and ends.
    ///
    /// Blocks, at most for ``ServerLimits/stopTime`` and what a call of the store takes.
    package func stop() {
        try? listener.close().wait()
        try? connections.stop(on: group.next(), within: .milliseconds(limits.stopTime)).wait()
        routes.writes.audit?.stop()
        try? pool.syncShutdownGracefully()
        try? slowPool.syncShutdownGracefully()
        try? group.syncShutdownGracefully()
    }
}
