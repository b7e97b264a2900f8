import NIOCore
import NIOPosix

/// Listens for probes on all addresses of the machine, IPv6 and IPv4.
final class ProbeServer: Sendable {
    private let listener: any Channel
    private let connections: ConnectionRegistry

    private init(listener: any Channel, connections: ConnectionRegistry) {
        self.listener = listener
        self.connections = connections
    }

    /// Where it listens.
    var port: Int { listener.localAddress?.port ?? 0 }

    /// Starts to listen on `loop`, and to answer on `connectionLoops`; the future fails where the port is taken.
    ///
    /// Port 0 is any that is free.
    static func start(
        port: Int,
        loop: any EventLoop,
        connectionLoops: any EventLoopGroup,
        routes: ProbeRoutes,
        logger: Logger,
        limits: ProbeLimits = ProbeLimits()
    ) -> EventLoopFuture<ProbeServer> {
        let connections = ConnectionRegistry(limits: limits)
        // By its address: a name's look-up, of "::" too, asks the kernel for all addresses of the machine.
        @Sendable func bind(_ host: String) -> EventLoopFuture<any Channel> {
            let bootstrap = bootstrap(loop, connectionLoops, limits, connections) {
                ProbeHandler(routes: routes, logger: logger, limits: limits, connections: connections)
            }
            do {
                return bootstrap.bind(to: try SocketAddress(ipAddress: host, port: port))
            } catch {
                return loop.makeFailedFuture(error)
            }
        }
        return bind("::").flatMapError { error -> EventLoopFuture<any Channel> in
            // A machine without IPv6 refuses the address in one way or another; one whose port is taken stays so.
            if let error = error as? IOError, error.errnoCode == OperatingSystem.addressInUse {
                return loop.makeFailedFuture(error)
            }
            return bind("0.0.0.0")
        }.map { ProbeServer(listener: $0, connections: connections) }
    }

    private static func bootstrap(
        _ loop: any EventLoop,
        _ connectionLoops: any EventLoopGroup,
        _ limits: ProbeLimits,
        _ connections: ConnectionRegistry,
        _ makeHandler: @escaping @Sendable () -> ProbeHandler
    ) -> ServerBootstrap {
        ServerBootstrap(group: loop, childGroup: connectionLoops)
            .serverChannelOption(.backlog, value: Int32(limits.connections))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: limits.acceptsPerRound)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A request fits into one read; a second one would only find that there is no more.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try connections.add(channel)
                    try channel.pipeline.syncOperations.addHandler(makeHandler())
                }
            }
    }

    /// Takes no more connections, lets requests that have begun finish, and closes the rest; the future succeeds when
    /// the last connection is closed.
    func stop() -> EventLoopFuture<Void> {
        let closed = listener.eventLoop.makePromise(of: Void.self)
        listener.close(mode: .all).whenComplete { [connections, loop = listener.eventLoop] _ in
            connections.quiesce(on: loop).cascade(to: closed)
        }
        return closed.futureResult
    }
}
