import Archive
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI
import SystemIO

/// Applies a layer that was read before, once the source is seen to have the same bytes.
///
/// It costs the budget what reading the layer would: a verdict doesn't depend on what was kept.
struct LayerReplay {
    let source: any ImageSource
    let layer: Descriptor
    let key: LayerReading.Key
    let readings: LayerReadings
    let walk: LayerWalk

    /// False where the bytes have to be read, and nothing was done: they tell more than what was kept, or the layer is
    /// described otherwise.
    ///
    /// Throws what is wrong with the source's bytes, or that the budget is spent.
    func apply(
        _ reading: LayerReading,
        _ number: Int,
        report: @escaping (LayerEvent) -> Void
    ) throws(TransportError) -> Bool {
        guard layer.size == reading.size, isWithoutTable(reading), try isCovered(reading, number) else { return false }
        try compare(reading)
        try replay(reading, number, report)
        return true
    }

    private func isWithoutTable(_ reading: LayerReading) -> Bool {
        if case .none = TableLocation.search(layer, tail: reading.tail) { true } else { false }
    }

    private func isCovered(_ reading: LayerReading, _ number: Int) throws(TransportError) -> Bool {
        guard let programs = walk.programs else { return true }
        do { return try programs.isCovered(by: reading, layer: number) } catch let error as TransportError {
            throw error
        } catch {
            return false
        }
    }

    // The blob's digest is enough: the reading was made of bytes that had it, and the diffID.
    private func compare(_ reading: LayerReading) throws(TransportError) {
        let blob = try source.blob(layer)
        let file = blob.file
        walk.budget.earn(layer.size)
        guard !readings.isKnown(file, reading) else { return }
        try blob.drain()
        if blob.file == file { readings.note(file, reading, key) }
    }

    private func replay(
        _ reading: LayerReading,
        _ number: Int,
        _ report: @escaping (LayerEvent) -> Void
    ) throws(TransportError) {
        let name = "layer \(layer.digest.short)"
        let application = LayerApplication(tree: walk.tree, layer: number, budget: walk.budget, report: report)
        try take(reading.outcome.size, .bytes, name)
        var items = reading.items
        while let item = try next(&items, name) {
            try take(item.holes, .bytes, name)
            if let programs = walk.programs, try programs.take(item, of: reading, layer: number, walk.budget, name) {
                try take(item.entry.size / LayerWalk.keptBytesPerStep, .steps, name)
            }
            application.apply(item.entry, digest: item.digest, head: item.head)
            try walk.check(application, name)
        }
        application.finish()
        try walk.check(application, name)
        walk.progress(reading.outcome.size)
    }

    private func take(_ count: Int64, _ resource: WorkBudget.Resource, _ name: String) throws(TransportError) {
        do { try walk.budget.take(count, resource) } catch { throw .spent(what: name, error) }
    }

    private func next(_ items: inout LayerItems, _ name: String) throws(TransportError) -> LayerItem? {
        do { return try items.next() } catch { throw .document(what: name, reason: "what was kept of it is cut off") }
    }
}
