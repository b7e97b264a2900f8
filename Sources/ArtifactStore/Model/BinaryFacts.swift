package import ContentAddress
package import ELF
import SBOM
import SystemIO

/// What an ELF file says of itself, with the digests of its sections.
package struct BinaryFacts: Sendable, Equatable, Codable {
    /// The file's own words.
    package let elf: ELFFile
    /// The digest of each section's bytes, in the order of ``ELF/ELFFile/sections``; nil for one without bytes in the
    /// file, and in a file whose sections overlap so much that hashing them all would take too long.
    package let sectionDigests: [Digest?]

    /// The digest of the machine code: the section `.text`.
    package var textDigest: Digest? {
        zip(elf.sections, sectionDigests).first { $0.0.name == ".text" }?.1
    }

    /// The facts of a file in memory; nil when it is not an ELF file.
    ///
    /// Throws what is wrong with one that is.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(ELFError) -> BinaryFacts? {
        guard let elf = try ELFFile.read(bytes) else { return nil }
        return BinaryFacts(elf: elf, sectionDigests: SectionDigests.of(elf.sections.map(\.fileRange), in: bytes))
    }

    private static let elfMagic = Array("\u{7F}ELF".utf8)

    /// Whether a file with these first four bytes, or more, may be a program.
    static func mayBe(_ start: [UInt8]) -> Bool {
        start.starts(with: elfMagic) || ForeignProgram.mayBe(Array(start.prefix(elfMagic.count)))
    }

    /// The facts of an open file that nobody changes.
    static func read(_ file: borrowing File) -> BinaryReading {
        do {
            // Most files of a large batch aren't ELF files: four bytes tell, and mapping costs more than reading them.
            var magic = [UInt8](repeating: 0, count: elfMagic.count)
            let count = try magic.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            guard count == magic.count, mayBe(magic) else { return .other }
            let mapped = try MappedFile(file)
            if magic == elfMagic {
                guard let facts = try read(mapped.bytes) else { return .other }
                return .elf(facts, modules: ProgramContents(facts.elf, mapped.bytes).modules)
            }
            guard let program = ForeignProgram.read(mapped.bytes) else { return .other }
            let identities = ProgramIdentity.all(program, in: mapped.bytes)
            return .foreign(program, identities, modules: ProgramContents(program, mapped.bytes).modules)
        } catch let error as ELFError {
            return .damaged(error)
        } catch {
            return .other
        }
    }
}

/// What reading a file as a program came to.
enum BinaryReading: Sendable {
    /// It is an ELF file, with the modules that it says it was built from; nil where the index only says what it is.
    case elf(BinaryFacts, modules: [ProgramModule]?)
    /// It starts like an ELF file, but can't be one.
    case damaged(ELFError)
    /// It is another system's program, with what each of its slices says of itself, and its modules.
    case foreign(ForeignProgram, [ProgramIdentity], modules: [ProgramModule])
    /// It is something else.
    case other

    var facts: BinaryFacts? {
        guard case .elf(let facts, _) = self else { return nil }
        return facts
    }

    /// Whether it is a program that another system starts by its executable bit.
    var isStartedElsewhere: Bool {
        guard case .foreign(let program, _, _) = self else { return false }
        return program.isStarted
    }

    /// What another system's program says of itself; empty for all else.
    var foreignIdentities: [ProgramIdentity] {
        guard case .foreign(_, let identities, _) = self else { return [] }
        return identities
    }

    /// The modules that it says it was built from; nil where it wasn't read for them, or isn't a program.
    var modules: [ProgramModule]? {
        switch self {
        case .elf(_, let modules): modules
        case .foreign(_, _, let modules): modules
        case .damaged, .other: nil
        }
    }

    /// Whether it is another system's program.
    var isForeign: Bool {
        if case .foreign = self { true } else { false }
    }
}
