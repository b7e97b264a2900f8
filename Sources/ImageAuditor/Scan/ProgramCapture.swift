import Archive
import ArtifactStore
import ContentAddress
import ELF
import ImageFileSystem
import ImageTransport
import OCI
import SystemIO

/// Keeps the bytes of programs while a layer passes, and reads those that no release has: what they say of themselves
/// stands anywhere in them.
///
/// One program at a time lies in a file without a name, so that memory stays small. Not thread-safe.
final class ProgramCapture {
    /// What is kept for one platform: beyond it the remaining programs keep being just unknown.
    struct CaptureLimits {
        var bytes: Int64 = 2 << 30
        var count = 4096
        /// A program larger than this is not looked into.
        var largest: Int64 = 512 << 20
    }

    private enum State {
        case passedOver
        /// Its first bytes, too few to tell what it is.
        case undecided([UInt8])
        case kept(ProgramFile)
    }

    private let store: Store
    private let names: ReleasedNames
    private var limits: CaptureLimits
    private var state = State.passedOver
    // The released program that it is named like.
    private var name: RepositoryName?
    private var isExecutable = false
    /// What was read, by the programs' digests.
    private(set) var readings: [Digest: ProgramReading] = [:]
    /// Layers below this one are a known base's: their programs are known.
    var firstLayer = 0

    init(store: Store, names: ReleasedNames, limits: CaptureLimits = CaptureLimits()) {
        self.store = store
        self.names = names
        self.limits = limits
    }

    private static func isProgram(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x7F, 0x45, 0x4C, 0x46])
            || ForeignProgram.mayBe(Array(head.prefix(ContentReader.magicCount)))
    }

    /// A file of a layer begins.
    func begin(_ entry: TarEntry, layer: Int) {
        state = .passedOver
        guard entry.kind == .file, layer >= firstLayer, entry.size >= Int64(ContentReader.magicCount),
            entry.size <= min(limits.largest, limits.bytes), limits.count > 0
        else { return }
        name = names.fitting(program: Self.lastName(entry.path))
        isExecutable = entry.mode & 0o111 != 0
        state = .undecided([])
    }

    private static func lastName(_ path: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let end = path.lastIndex { $0 != slash }.map { $0 + 1 } ?? 0
        let start = path[..<end].lastIndex(of: slash).map { $0 + 1 } ?? 0
        return Array(path[start..<end])
    }

    /// Whether the content of the file is kept, which costs more than hashing it.
    var isKeeping: Bool { if case .kept = state { true } else { false } }

    /// Some of its content.
    func take(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        switch state {
        case .passedOver: return
        case .kept(let file): try file.write(bytes)
        case .undecided(var start):
            start.append(contentsOf: bytes.prefix(ContentReader.magicCount - start.count))
            guard start.count == ContentReader.magicCount else {
                state = .undecided(start)
                return
            }
            try decide(Self.isProgram(start) || (name != nil && isExecutable), bytes)
        }
    }

    /// So many zeros.
    func skip(_ count: Int64) throws(TransportError) {
        switch state {
        case .kept(let file): try file.skip(count)
        // No program begins with a hole.
        case .undecided: state = .passedOver
        case .passedOver: break
        }
    }

    private func decide(_ isWanted: Bool, _ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        guard isWanted else {
            state = .passedOver
            return
        }
        guard case .undecided(let before) = state else { return }
        let file = try ProgramFile()
        try file.begin(before)
        try file.write(bytes)
        state = .kept(file)
    }

    /// The file of a layer ends, and this is its digest; gives what was read of a program that no release has.
    @discardableResult
    func finish(_ digest: Digest, _ budget: WorkBudget, _ layer: String) throws(TransportError) -> ProgramReading? {
        guard case .kept(let file) = state else { return nil }
        state = .passedOver
        if let known = readings[digest] { return known }
        guard try !isReleased(digest) else { return nil }
        do {
            limits.bytes -= file.size
            limits.count -= 1
            let reader = ProgramReader(store: store, names: name.map { [digest: $0] } ?? [:])
            let mapped = try file.mapped()
            let reading = try reader.read(mapped.bytes, digest: digest)
            try keep(reading, digest, budget, layer)
            return reading
        } catch let error as SystemError {
            throw .system(error)
        } catch let error as TransportError {
            throw error
        } catch {
            throw .document(what: "a released file", reason: "\(error)")
        }
    }

    private static let stepsPerItem = 64
    private static let memoryPerItem = 192

    // Of sections and modules a program may have many.
    private func keep(
        _ reading: ProgramReading,
        _ digest: Digest,
        _ budget: WorkBudget,
        _ layer: String
    ) throws(TransportError) {
        readings[digest] = reading
        guard let elf = reading.facts?.elf else { return }
        let count = elf.sections.count + (elf.goBuildInfo?.dependencies.count ?? 0)
        do {
            try budget.take(Int64(count * Self.stepsPerItem), .steps)
            try budget.take(Int64(count * Self.memoryPerItem), .memory)
        } catch {
            throw .spent(what: layer, error)
        }
    }

    private func isReleased(_ digest: Digest) throws(TransportError) -> Bool {
        do throws(StoreError) { return try !store.artifacts(with: digest).isEmpty } catch {
            throw .document(what: "a released file", reason: "\(error)")
        }
    }
}

extension ProgramCapture {
    /// Whether a layer that was read before tells all that its bytes would.
    ///
    /// That is, of each program that is looked into, what it says of itself; one that has a released program's name is
    /// compared with that byte for byte.
    func isCovered(by reading: LayerReading, layer: Int) throws -> Bool {
        guard layer >= firstLayer else { return true }
        var items = reading.candidates
        while let item = try items.next() {
            guard isCandidate(item, layer), let digest = item.digest, readings[digest] == nil else { continue }
            if name == nil, reading.programs[digest] != nil { continue }
            guard try isReleased(digest) else { return false }
        }
        return true
    }

    /// Takes a program from a layer that was read before; whether its content would have been kept.
    func take(
        _ item: LayerItem,
        of reading: LayerReading,
        layer: Int,
        _ budget: WorkBudget,
        _ name: String
    ) throws(TransportError) -> Bool {
        guard let digest = item.digest, isCandidate(item, layer) else { return false }
        guard readings[digest] == nil, self.name == nil, let known = reading.programs[digest] else { return true }
        guard try !isReleased(digest) else { return true }
        limits.bytes -= item.entry.size
        limits.count -= 1
        try keep(known, digest, budget, name)
        return true
    }

    /// Whether an entry may be looked into, whatever is released.
    static func mayTake(_ item: LayerItem) -> Bool {
        item.entry.kind == .file && (item.entry.mode & 0o111 != 0 || !item.head.isEmpty && isProgram(item.head))
    }

    // Leaves the name that it has.
    private func isCandidate(_ item: LayerItem, _ layer: Int) -> Bool {
        guard Self.mayTake(item) else { return false }
        begin(item.entry, layer: layer)
        guard case .undecided = state else { return false }
        state = .passedOver
        return Self.isProgram(item.head) || (name != nil && isExecutable)
    }
}
