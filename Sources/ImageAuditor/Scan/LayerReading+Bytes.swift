import Archive
import ContentAddress
import Foundation
import OCI

extension LayerReading {
    /// Raised with each change of what stands in a reading.
    static let format = 4

    /// What a store keeps of it.
    func bytes() throws -> [UInt8] {
        var writer = PackedWriter()
        writer.add(size)
        writer.add(Array(outcome.compression.rawValue.utf8))
        writer.add(outcome.size)
        writer.add(Int64(outcome.entryCount))
        writer.add(outcome.hasTrailer ? 1 : 0)
        writer.add(outcome.hasUnclearStart ? 1 : 0)
        writer.add(outcome.hasTellingGlobalHeader ? 1 : 0)
        writer.add(tail)
        writer.add(Int64(programs.count))
        let encoder = JSONEncoder()
        for (digest, program) in programs.sorted(by: { $0.key < $1.key }) {
            writer.add(digest)
            writer.add(Array(try encoder.encode(program)))
        }
        writer.add(Int64(files.count))
        for file in files {
            writer.add(file.device)
            writer.add(file.inode)
            writer.add(file.changed)
            writer.add(file.time.milliseconds)
        }
        writer.add(packedItems)
        writer.add(packedCandidates)
        return writer.bytes
    }

    /// Throws for what ``bytes()`` didn't write.
    init(_ bytes: [UInt8]) throws {
        var reader = PackedReader(bytes)
        size = try reader.number()
        guard let compression = Compression(rawValue: String(decoding: try reader.string(), as: UTF8.self)) else {
            throw PackedReader.Malformed()
        }
        outcome = LayerWalk.Outcome(
            compression: compression,
            size: try reader.number(),
            entryCount: try reader.number(Int.self),
            hasTrailer: try reader.number() != 0,
            hasUnclearStart: try reader.number() != 0,
            hasTellingGlobalHeader: try reader.number() != 0
        )
        tail = try reader.string()
        let decoder = JSONDecoder()
        var programs: [Digest: ProgramReading] = [:]
        for _ in 0..<max(0, try reader.number()) {
            let digest = try reader.digest()
            programs[digest] = try decoder.decode(ProgramReading.self, from: Data(try reader.string()))
        }
        self.programs = programs
        for _ in 0..<max(0, try reader.number()) {
            files.append(
                HashedFile(
                    device: try reader.number(),
                    inode: try reader.number(),
                    changed: try reader.number(),
                    time: Timestamp(milliseconds: try reader.number())
                )
            )
        }
        packedItems = try reader.string()
        packedCandidates = try reader.string()
        guard reader.isAtEnd else { throw PackedReader.Malformed() }
    }
}
