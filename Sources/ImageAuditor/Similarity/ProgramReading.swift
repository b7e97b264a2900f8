package import ArtifactStore
package import ContentAddress
import ELF

/// What was read of a program that no release has.
package struct ProgramReading: AuditContent, Sendable, Codable {
    package typealias Kind = AuditRecord.ProgramKind

    /// A released file and how much of the program stands in it.
    package struct SimilarFile: Sendable, Codable, Hashable {
        /// The released file's digest.
        package let artifact: Digest
        /// How many of the program's bytes stand in it, in thousandths.
        package let thousandths: Int
    }

    /// What an ELF file says of itself; nil for a script, another system's program, and a damaged ELF file.
    package let facts: BinaryFacts?
    private let foreign: [ProgramIdentity]?
    /// Whether UPX has packed it; its code can't be compared then.
    let packed: PackedProgram?
    /// Releases of the name that it has, the most alike first.
    package let similarFiles: [SimilarFile]

    // The member's name is part of what stores keep.
    private enum CodingKeys: String, CodingKey {
        case facts, packed, foreign
        case similarFiles = "likeness"
    }

    init(
        facts: BinaryFacts?,
        foreign: [ProgramIdentity] = [],
        packed: PackedProgram?,
        similarFiles: [SimilarFile] = []
    ) {
        self.facts = facts
        self.foreign = foreign.isEmpty ? nil : foreign
        self.packed = packed
        self.similarFiles = similarFiles
    }

    /// The same, compared with nothing.
    var uncompared: ProgramReading { ProgramReading(facts: facts, foreign: foreign ?? [], packed: packed) }

    /// What it says of itself, whatever system it is for: several of a universal Mach-O file.
    var identities: [ProgramIdentity] { facts.map { [ProgramIdentity($0)] } ?? foreign ?? [] }
}
