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
/// One program at a time is kept, a large one in a file without a name, so that memory stays small. Not thread-safe.
final class ProgramCapture {
    /// What is kept for one platform: beyond it the remaining programs keep being just unknown.
    struct CaptureLimits {
        var bytes: Int64 = 2 << 30
        var count = 4096
        /// A program larger than this is not looked into.
        var largest: Int64 = 512 << 20
        /// More of a program's bytes don't stay in memory.
        var inMemory = 256 << 10
    }

    private enum State {
        case passedOver
        /// Its first bytes, too few to tell what it is.
        case undecided([UInt8])
        case small([UInt8])
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
    private var released: Set<Digest> = []
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
    var isKeeping: Bool {
        switch state {
        case .passedOver, .undecided: false
        case .small, .kept: true
        }
    }

    /// Some of its content.
    func take(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        switch state {
        case .passedOver: return
        case .kept(let file): try file.write(bytes)
        case .small(let start):
            // The state must not keep a second reference, or each piece would copy all bytes so far.
            state = .passedOver
            state = try keeping(start, bytes)
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
        case .small(let start):
            let file = try ProgramFile()
            try file.begin(start)
            try file.skip(count)
            state = .kept(file)
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
        state = try keeping(before, bytes)
    }

    private func keeping(_ start: [UInt8], _ bytes: UnsafeRawBufferPointer) throws(TransportError) -> State {
        guard start.count + bytes.count > limits.inMemory else { return .small(start + bytes) }
        let file = try ProgramFile()
        try file.begin(start)
        try file.write(bytes)
        return .kept(file)
    }

    /// The file of a layer ends, and this is its digest; gives what was read of a program that no release has.
    @discardableResult
    func finish(_ digest: Digest, _ budget: WorkBudget, _ layer: String) throws(TransportError) -> ProgramReading? {
        guard isKeeping else { return nil }
        let ended = state
        state = .passedOver
        if let known = readings[digest] { return known }
        guard try !isReleased(digest) else { return nil }
        do {
            let reader = ProgramReader(store: store, names: name.map { [digest: $0] } ?? [:])
            let reading: ProgramReading
            switch ended {
            case .passedOver, .undecided: return nil
            case .small(let bytes):
                limits.bytes -= Int64(bytes.count)
                reading = try bytes.withUnsafeBytes { try reader.read($0, digest: digest) }
            case .kept(let file):
                limits.bytes -= file.size
                // All of it may be in memory for the time of reading.
                do { try budget.take(file.size, .memory) } catch { throw TransportError.spent(what: layer, error) }
                defer { budget.free(file.size) }
                let mapped = try file.mapped()
                reading = try reader.read(mapped.bytes, digest: digest)
            }
            limits.count -= 1
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

    // Of one program there may be many copies.
    private func isReleased(_ digest: Digest) throws(TransportError) -> Bool {
        if released.contains(digest) { return true }
        do throws(StoreError) {
            guard try !store.artifacts(with: digest).isEmpty else { return false }
        } catch {
            throw .document(what: "a released file", reason: "\(error)")
        }
        released.insert(digest)
        return true
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
