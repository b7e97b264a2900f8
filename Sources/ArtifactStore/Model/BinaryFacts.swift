package import ContentAddress
package import ELF
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
        // Sections of honest files don't overlap; twice the file's size leaves room for those that do a little.
        var budget = bytes.count &* 2
        var digests: [Digest?] = []
        for section in elf.sections {
            let range = section.fileRange
            guard !range.isEmpty, range.upperBound <= bytes.count, range.count <= budget else {
                digests.append(nil)
                continue
            }
            budget -= range.count
            digests.append(.of(UnsafeRawBufferPointer(rebasing: bytes[range])))
        }
        return BinaryFacts(elf: elf, sectionDigests: digests)
    }

    /// The facts of an open file that nobody changes.
    static func read(_ file: borrowing File) -> BinaryReading {
        do {
            // Most files of a large batch are none: four bytes tell, and mapping costs more than reading them.
            var magic: [UInt8] = [0, 0, 0, 0]
            let count = try magic.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            let isELF = magic == Array("\u{7F}ELF".utf8)
            guard count == 4, isELF || ForeignProgram.mayBe(magic) else { return .other }
            let mapped = try MappedFile(file)
            if isELF { return try read(mapped.bytes).map { .elf($0) } ?? .other }
            return ForeignProgram.read(mapped.bytes).map { .foreign($0) } ?? .other
        } catch let error as ELFError {
            return .damaged(error)
        } catch {
            return .other
        }
    }
}

/// What reading a file as a program came to.
enum BinaryReading: Sendable {
    /// It is an ELF file.
    case elf(BinaryFacts)
    /// It starts like an ELF file, but can't be one.
    case damaged(ELFError)
    /// It is another system's program.
    case foreign(ForeignProgram)
    /// It is something else.
    case other

    var facts: BinaryFacts? {
        guard case .elf(let facts) = self else { return nil }
        return facts
    }

    /// Whether it is a program that another system starts by its executable bit.
    var isStartedElsewhere: Bool {
        guard case .foreign(let program) = self else { return false }
        return program.isStarted
    }

    /// Whether it is another system's program.
    var isForeign: Bool {
        if case .foreign = self { true } else { false }
    }
}
