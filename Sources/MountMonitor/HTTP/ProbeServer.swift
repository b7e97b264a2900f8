import NIOCore
import NIOPosix
import Synchronization

/// Listens for probes on all addresses of the machine, IPv6 and IPv4.
final class ProbeServer: Sendable {
    private let loop: any EventLoop
    private let listener: Mutex<any Channel>
    private let connections: ConnectionRegistry
    private let makeBootstrap: @Sendable (_ connectionLoops: any EventLoopGroup) -> ServerBootstrap
    private let backlog: Int32

    private init(
        listener: any Channel,
        connections: ConnectionRegistry,
        makeBootstrap: @escaping @Sendable (any EventLoopGroup) -> ServerBootstrap,
        backlog: Int32
    ) {
        loop = listener.eventLoop
        self.listener = Mutex(listener)
        self.connections = connections
        self.makeBootstrap = makeBootstrap
        self.backlog = backlog
    }

    /// Where it listens.
    var port: Int { listener.withLock { $0 }.localAddress?.port ?? 0 }

    /// Starts to listen and to answer on `loop`; the future fails where the port is taken.
    ///
    /// Port 0 is any that is free.
    static func start(
        port: Int,
        loop: any EventLoop,
        routes: ProbeRoutes,
        logger: Logger,
        limits: ProbeLimits = ProbeLimits()
    ) -> EventLoopFuture<ProbeServer> {
        let connections = ConnectionRegistry(limits: limits)
        let makeBootstrap = { @Sendable (connectionLoops: any EventLoopGroup) in
            bootstrap(loop, connectionLoops, limits, connections) {
                ProbeHandler(routes: routes, logger: logger, limits: limits, connections: connections)
            }
        }
        // By its address: a name's look-up, of "::" too, asks the kernel for all addresses of the machine.
        @Sendable func bind(_ host: String) -> EventLoopFuture<any Channel> {
            do {
                return makeBootstrap(loop).bind(to: try SocketAddress(ipAddress: host, port: port))
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
        }.map {
            ProbeServer(
                listener: $0,
                connections: connections,
                makeBootstrap: makeBootstrap,
                backlog: Int32(limits.connections)
            )
        }
    }

    /// Has connections that come from then on answered by other event loops.
    func answer(on connectionLoops: any EventLoopGroup) -> EventLoopFuture<Void> {
        let old = listener.withLock { $0 }
        // The library has one channel take from a socket; between the two, clients wait in the backlog.
        return old.setOption(.autoRead, value: false).flatMapThrowing {
            try old.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                try OperatingSystem.duplicate($0)
            }
        }.flatMap { [self] descriptor -> EventLoopFuture<Void> in
            guard let descriptor else { return old.setOption(.autoRead, value: true) }
            return makeBootstrap(connectionLoops).withBoundSocket(descriptor).map { [self] new in
                // The library set its own length.
                OperatingSystem.setBacklog(descriptor, backlog)
                listener.withLock { $0 = new }
                old.close(promise: nil)
            }
        }.flatMapError { error in
            old.setOption(.autoRead, value: true).flatMapThrowing { throw error }
        }
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
        let closed = loop.makePromise(of: Void.self)
        listener.withLock { $0 }.close(mode: .all).whenComplete { [connections, loop] _ in
            connections.quiesce(on: loop).cascade(to: closed)
        }
        return closed.futureResult
    }
}
