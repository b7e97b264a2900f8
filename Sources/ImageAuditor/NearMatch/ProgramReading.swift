public import ArtifactStore
public import ContentAddress
internal import ELF

/// What was read of a program that no release has.
public struct ProgramReading: Sendable, Codable {
    /// A released file and how much of the program stands in it.
    public struct Likeness: Sendable, Codable, Hashable {
        /// The released file's digest.
        public let artifact: Digest
        /// How many of the program's bytes stand in it, in thousandths.
        public let thousandths: Int
    }

    /// What it says of itself; nil for a script, and for a damaged ELF file.
    public let facts: BinaryFacts?
    /// Whether UPX has packed it; its code can't be compared then.
    let packed: PackedProgram?
    /// Releases of the name that it has, the most alike first.
    public let likeness: [Likeness]

    /// The main package of a Go program.
    var goPackage: String? { facts?.goPackage }
}

extension BinaryFacts {
    /// The main package of a Go program.
    var goPackage: String? {
        elf.goBuildInfo.flatMap { $0.packagePath.isEmpty ? nil : $0.packagePath }
    }
}
