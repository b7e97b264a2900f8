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

    /// What it says of itself; nil for a script, and for a damaged ELF file.
    package let facts: BinaryFacts?
    /// Whether UPX has packed it; its code can't be compared then.
    let packed: PackedProgram?
    /// Releases of the name that it has, the most alike first.
    package let similarFiles: [SimilarFile]

    // The member's name is part of what stores keep.
    private enum CodingKeys: String, CodingKey {
        case facts, packed
        case similarFiles = "likeness"
    }

    /// The main package of a Go program.
    var goPackage: String? { facts.flatMap { ProgramIdentity($0).goPackage } }
}
