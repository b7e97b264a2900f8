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

    /// Watches what the configuration says, from now on.
    ///
    /// A mount that was watched before keeps its state and the read it hangs in; one that is no longer named is let go.
    /// Returns those.
    @discardableResult
    func apply(_ configuration: Configuration) -> [MountConfiguration] {
        // A mount may be watched twice in the same way.
        var old = Dictionary(grouping: mounts.withLock { $0 }, by: \.identity)
        var new: [WatchedMount] = []
        var added: [WatchedMount] = []
        for mount in configuration.mounts {
            if let kept = old[mount.identity]?.popLast() {
                kept.update(mount, interval: configuration.checkInterval, readTimeout: configuration.readTimeout)
                new.append(kept)
            } else {
                let probe = MountProbe(
                    reader: makeReader(MountCheck(mount)),
                    readTimeout: configuration.readTimeout,
                    loop: surroundings.loop,
                    clock: surroundings.clock
                )
                let watched = WatchedMount(mount, interval: configuration.checkInterval, probe: probe, surroundings)
                new.append(watched)
                added.append(watched)
            }
        }
        mounts.withLock { $0 = new }
        let dropped = old.values.joined().map(\.snapshot.mount)
        for mount in old.values.joined() { mount.stop() }
        for mount in added { mount.start() }
        return dropped
    }

    /// Makes no more checks.
    ///
    /// A read that hangs is abandoned.
    func stop() { for mount in mounts.withLock({ $0 }) { mount.stop() } }
}
