package import ArtifactStore
import ContentAddress
import Foundation
import OCI
import SystemIO

/// Readings of layers, so that a layer of many images is read once: by this object, and, where the store can be
/// written, by later ones.
///
/// A reading stands for bytes that have its digests, and says nothing of whether a source has those: ``LayerReplay``
/// looks at that each time. Thread-safe; one that reads a layer makes others that want it wait.
package final class LayerReadings: @unchecked Sendable {
    private let store: Store
    private let version: String
    private let start: Timestamp
    // Guards what follows.
    private let condition = NSCondition()
    private var readings: [LayerReading.Key: LayerReading] = [:]
    private var cost = 0
    private var underway: Set<LayerReading.Key> = []

    /// More isn't kept in memory, in bytes.
    private static let largestCost = 32 << 20
    /// A layer of fewer uncompressed bytes is read as fast as what was kept of it.
    private static let smallestLayer: Int64 = 1 << 20

    /// The readings of a store; `version` is that of the program, whose readings others don't use.
    package init(store: Store, version: String) {
        self.store = store
        self.version = version
        start = store.now
    }

    /// The reading of a layer, once nobody is reading it; nil where there is none, and the caller reads it now, and
    /// calls ``end(_:_:)`` in any case.
    func begin(_ key: LayerReading.Key) -> LayerReading? {
        condition.lock()
        defer { condition.unlock() }
        while underway.contains(key) { condition.wait() }
        if let reading = readings[key] { return reading }
        underway.insert(key)
        guard let kept = self.kept(key) else { return nil }
        underway.remove(key)
        remember(kept, key)
        return kept
    }

    /// Ends what ``begin(_:)`` began, with the reading if it came to one.
    func end(_ key: LayerReading.Key, _ reading: LayerReading?) {
        condition.lock()
        underway.remove(key)
        if let reading { remember(reading, key) }
        condition.broadcast()
        condition.unlock()
    }

    /// Keeps a reading beyond this object.
    func keep(_ reading: LayerReading, _ key: LayerReading.Key) {
        guard reading.outcome.size >= Self.smallestLayer, store.isWritable, let bytes = try? reading.bytes() else {
            return
        }
        store.keepReading(bytes, as: name(key))
    }

    /// Whether a file is one that was seen to hold a reading's bytes, by this object or within the time that its store
    /// trusts such files, and hasn't changed since.
    func isKnown(_ file: FileStatus?, _ reading: LayerReading) -> Bool {
        guard let file, let time = reading.hashed(file) else { return false }
        return (time >= start && time <= store.now) || store.trusts(file, hashedAt: time)
    }

    /// The reading with a file that was just seen to hold its bytes, where that can be known again.
    func knowing(_ file: FileStatus?, _ reading: LayerReading) -> LayerReading {
        guard let file, store.isSettled(file) else { return reading }
        var reading = reading
        reading.add(file, at: store.now)
        return reading
    }

    /// Notes a file that was just seen to hold a reading's bytes.
    func note(_ file: FileStatus?, _ reading: LayerReading, _ key: LayerReading.Key) {
        let known = knowing(file, reading)
        condition.lock()
        remember(known, key)
        condition.unlock()
        if let file, known.files != reading.files, store.isOwn(file) { keep(known, key) }
    }

    private func remember(_ reading: LayerReading, _ key: LayerReading.Key) {
        cost += reading.cost - (readings.updateValue(reading, forKey: key)?.cost ?? 0)
        guard cost > Self.largestCost else { return }
        readings = [:]
        cost = 0
    }

    private func kept(_ key: LayerReading.Key) -> LayerReading? {
        store.keptReading(name(key)).flatMap { try? LayerReading($0) }
    }

    private func name(_ key: LayerReading.Key) -> Digest {
        Digest.of("\(LayerReading.format)\n\(version)\n\(AuditRules.current)\n\(key.blob)\n\(key.diffID)")
    }
}
