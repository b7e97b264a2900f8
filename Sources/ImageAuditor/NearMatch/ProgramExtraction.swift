internal import Archive
internal import ArtifactStore
internal import ContentAddress
internal import Glibc
internal import ImageTransport
internal import SystemIO

/// Reads the unknown programs of an image in full, which the first pass over the layers only hashed.
///
/// Layers are streamed again as far as needed; one program at a time lies in a file without a name, so that memory stays
/// small.
struct ProgramExtraction {
    /// What may be read again for one platform: beyond it the remaining programs keep being just unknown.
    struct Limits {
        var bytes: Int64 = 2 << 30
        var count = 4096
        /// A program larger than this is not looked into.
        var largest: Int64 = 512 << 20
    }

    let image: PlatformImage
    let source: any ImageSource
    var limits = Limits()

    /// What is read of programs, by digest.
    func readings(
        of programs: [Inode],
        by reader: ProgramReader
    ) throws(TransportError) -> [Digest: ProgramReading] {
        var wanted: [Int: [Int64: Digest]] = [:]
        var bytes: Int64 = 0
        for inode in programs.prefix(limits.count) {
            guard let digest = inode.digest, inode.size <= limits.largest else { continue }
            bytes += inode.size
            guard bytes <= limits.bytes else { break }
            wanted[inode.layer, default: [:]][inode.archiveOffset] = digest
        }
        var found: [Digest: ProgramReading] = [:]
        for (layer, places) in wanted.sorted(by: { $0.key < $1.key }) {
            try read(layer, places, reader) { digest, reading in found[digest] = reading }
        }
        return found
    }

    private func read(
        _ layer: Int,
        _ places: [Int64: Digest],
        _ programs: ProgramReader,
        found: (Digest, ProgramReading) -> Void
    ) throws(TransportError) {
        // The first pass has checked all digests; this one stops early, and compares each program's own digest.
        let stream = LayerStream(of: source, image.descriptors[layer], diffID: nil)
        var reader = TarReader(appliesGlobalHeaders: false)
        var rest = places.count
        var program: (digest: Digest, file: ProgramFile)?
        while rest > 0, let bytes = try stream.next() {
            var input = bytes
            while rest > 0, let event = try next(&reader, &input) {
                switch event {
                case .entry(let entry):
                    program = try places[entry.offset].map { digest throws(TransportError) in
                        (digest, try ProgramFile())
                    }
                case .content(let piece): try program?.file.write(piece)
                case .hole(let count): try program?.file.skip(count)
                case .endOfEntry:
                    guard let done = program.take() else { continue }
                    rest -= 1
                    if let reading = try done.file.read(expected: done.digest, by: programs) {
                        found(done.digest, reading)
                    }
                case .globalHeader, .endOfArchive: break
                }
            }
        }
    }

    private func next(
        _ reader: inout TarReader,
        _ input: inout UnsafeRawBufferPointer
    ) throws(TransportError) -> TarEvent? {
        do { return try reader.next(&input) } catch { throw .archive(what: "a layer", error) }
    }
}

/// One program in a file that has no name and goes with this value.
private final class ProgramFile {
    private let file: File
    private var size: Int64 = 0

    init() throws(TransportError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        do { file = try File.unnamed(in: folder) } catch { throw .system(error) }
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

    func read(expected: Digest, by reader: ProgramReader) throws(TransportError) -> ProgramReading? {
        let mapped: MappedFile
        do { mapped = try MappedFile(file) } catch { throw .system(error) }
        guard Digest.of(mapped.bytes) == expected else { return nil }
        do { return try reader.read(mapped.bytes, digest: expected) } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .document(what: "a released file", reason: "\(error)")
        }
    }
}
