import Archive
import ArtifactStore
import ContentAddress
import Glibc
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

    private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// A file of a layer begins.
    func begin(_ entry: TarEntry, layer: Int) {
        state = .passedOver
        guard entry.kind == .file, layer >= firstLayer, entry.size >= Int64(Self.magic.count),
            entry.size <= min(limits.largest, limits.bytes), limits.count > 0
        else { return }
        let lastName = entry.path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
        name = names.fitting(program: lastName)
        isExecutable = entry.mode & 0o111 != 0
        state = .undecided([])
    }

    /// Whether the content of the file is kept, which costs more than hashing it.
    var isKeeping: Bool { if case .kept = state { true } else { false } }

    /// Some of its content.
    func take(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        switch state {
        case .passedOver: return
        case .kept(let file): try file.write(bytes)
        case .undecided(var start):
            start.append(contentsOf: bytes.prefix(Self.magic.count - start.count))
            guard start.count == Self.magic.count else {
                state = .undecided(start)
                return
            }
            try decide(start.elementsEqual(Self.magic) || (name != nil && isExecutable), bytes)
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
        if !before.isEmpty { try file.begin(before) }
        try file.write(bytes)
        state = .kept(file)
    }

    /// The file ends, and this is its digest.
    func finish(_ digest: Digest) throws(TransportError) {
        guard case .kept(let file) = state else { return }
        state = .passedOver
        guard readings[digest] == nil else { return }
        do {
            guard try store.artifacts(with: digest).isEmpty else { return }
            limits.bytes -= file.size
            limits.count -= 1
            let reader = ProgramReader(store: store, names: name.map { [digest: $0] } ?? [:])
            let mapped = try file.mapped()
            readings[digest] = try reader.read(mapped.bytes, digest: digest)
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .document(what: "a released file", reason: "\(error)")
        }
    }
}

/// One program in a file that has no name and goes with this value.
private final class ProgramFile {
    private let file: File
    private(set) var size: Int64 = 0

    init() throws(TransportError) {
        let folder = Directory.temporary
        do { file = try File.unnamed(in: folder) } catch { throw .system(error) }
    }

    /// The first bytes.
    func begin(_ bytes: [UInt8]) throws(TransportError) {
        do { try file.write(bytes) } catch { throw .system(error) }
        size = Int64(bytes.count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        do { try file.write(bytes, at: size) } catch { throw .system(error) }
        size += Int64(bytes.count)
    }

    func skip(_ count: Int64) throws(TransportError) {
        size += count
        guard ftruncate(file.descriptor, off_t(size)) == 0 else {
            throw .system(SystemError(call: "write", path: file.path))
        }
    }

    func mapped() throws(SystemError) -> MappedFile { try MappedFile(file) }
}
