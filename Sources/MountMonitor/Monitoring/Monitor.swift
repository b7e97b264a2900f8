import Synchronization

/// Watches all mounts, each by itself.
final class Monitor: Sendable {
    private let mounts = Mutex<[WatchedMount]>([])
    private let surroundings: MonitorSurroundings
    private let makeReader: @Sendable (MountCheck) -> any MountReading

    /// A monitor of no mounts; `makeReader` gives each its thread.
    init(
        _ surroundings: MonitorSurroundings,
        makeReader: @escaping @Sendable (MountCheck) -> any MountReading
    ) {
        self.surroundings = surroundings
        self.makeReader = makeReader
    }

    /// The mounts at this moment, in the configuration's order.
    var snapshots: [MountSnapshot] { mounts.withLock { $0 }.map(\.snapshot) }

    /// Knows the mounts of the first configuration, and checks them from `start` on; until then they are unknown.
    func prepare(_ configuration: Configuration) {
        let watched = configuration.mounts.map { watch($0, configuration) }
        mounts.withLock { $0 = watched }
    }

    /// Makes the first checks.
    func start() { for mount in mounts.withLock({ $0 }) { mount.start() } }

    private func watch(_ mount: MountConfiguration, _ configuration: Configuration) -> WatchedMount {
        let probe = MountProbe(
            reader: makeReader(MountCheck(mount)),
            readTimeout: configuration.readTimeout,
            loop: surroundings.loop,
            clock: surroundings.clock
        )
        var surroundings = surroundings
        surroundings.observe = { [weak self, observe = surroundings.observe] mount, state, transition in
            // What recovers may be unhealthy still for another entry of the same mount.
            if transition.new != .unhealthy, self?.isUnhealthy(mount.identity) == true { return }
            observe(mount, state, transition)
        }
        return WatchedMount(mount, interval: configuration.checkInterval, probe: probe, surroundings)
    }

    private func isUnhealthy(_ identity: MountConfiguration.Identity) -> Bool {
        snapshots.contains { $0.state.status == .unhealthy && $0.mount.identity == identity }
    }

    /// Watches what the configuration says, from now on.
    ///
    /// A mount that was watched before keeps its state and the read it hangs in; one that is no longer named is let go.
    /// Returns those, but for one that stands in the configuration a second time and is unhealthy there, too.
    @discardableResult
    func apply(_ configuration: Configuration) -> [MountConfiguration] {
        // A mount may be watched twice in the same way: each keeps its name, where both have one that stays.
        var old = Dictionary(grouping: mounts.withLock { $0 }, by: \.identity)
        var kept = configuration.mounts.map { mount -> WatchedMount? in
            let twin = old[mount.identity]?.lastIndex { $0.snapshot.mount.name == mount.name }
            return twin.flatMap { old[mount.identity]?.remove(at: $0) }
        }
        for (position, mount) in configuration.mounts.enumerated() where kept[position] == nil {
            kept[position] = old[mount.identity]?.popLast()
        }
        var added: [WatchedMount] = []
        let new = zip(configuration.mounts, kept).map { mount, kept in
            guard let kept else {
                added.append(watch(mount, configuration))
                return added[added.count - 1]
            }
            kept.update(mount, interval: configuration.checkInterval, readTimeout: configuration.readTimeout)
            return kept
        }
        mounts.withLock { $0 = new }
        let dropped = old.values.joined().map(\.snapshot.mount)
        for mount in old.values.joined() { mount.stop() }
        for mount in added { mount.start() }
        return dropped.filter { !isUnhealthy($0.identity) }
    }

    /// Makes no more checks.
    ///
    /// A read that hangs is abandoned.
    func stop() { for mount in mounts.withLock({ $0 }) { mount.stop() } }
}
