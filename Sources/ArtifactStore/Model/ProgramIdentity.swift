package import ContentAddress
package import ELF
package import OCI

/// What brings builds of one program together, whatever system they are for: the identifiers of its linkers, its
/// sections.
package struct ProgramIdentity: Sendable, Equatable, Codable {
    /// A section of a program.
    package struct Section: Sendable, Equatable, Codable {
        /// The name, in Mach-O behind its segment's: `.text`, `__TEXT,__text`.
        package let name: String
        /// Its size in bytes.
        package let size: UInt64
        /// The digest of its bytes; nil for one without bytes in the file.
        package let digest: Digest?
    }

    /// The system it is for, such as `darwin`; nil for Linux.
    package let os: String?
    /// The processor it is for, such as `arm64`; nil where no platform has it.
    package let architecture: String?
    /// The GNU build-id, the UUID of Mach-O or the GUID and age of PE's debug information, in lower-case hexadecimal.
    package let buildID: String?
    /// What the Go linker recorded.
    package let goBuildInfo: GoBuildInfo?
    /// The sections in their order.
    package let sections: [Section]
    /// The digest of the machine code where it tells something: start-up code alone is the same in many programs.
    package let code: Digest?

    private static let leastCode: UInt64 = 4096

    /// The main package of a Go program.
    package var goPackage: String? {
        goBuildInfo.flatMap { $0.packagePath.isEmpty ? nil : $0.packagePath }
    }

    /// The platform it is for; nil where it doesn't say.
    package var platform: Platform? {
        architecture.flatMap { try? Platform(os: os ?? "linux", architecture: $0) }
    }

    /// The build-id as bytes.
    package var buildIDBytes: [UInt8]? { buildID.flatMap { Hexadecimal.decode($0.utf8) } }

    private init(
        os: String?,
        architecture: String?,
        buildID: [UInt8]?,
        goBuildInfo: GoBuildInfo?,
        sections: [Section],
        codeSection: String
    ) {
        self.os = os
        self.architecture = architecture
        self.buildID = buildID.map { Hexadecimal.encode($0) }
        self.goBuildInfo = goBuildInfo
        self.sections = sections
        code = sections.first { $0.name == codeSection }.flatMap { $0.size >= Self.leastCode ? $0.digest : nil }
    }

    /// An ELF file's.
    package init(_ facts: BinaryFacts) {
        self.init(
            os: facts.elf.operatingSystem,
            architecture: facts.elf.architecture,
            buildID: facts.elf.buildID,
            goBuildInfo: facts.elf.goBuildInfo,
            sections: zip(facts.elf.sections, facts.sectionDigests).map { section, digest in
                Section(name: section.name, size: section.size, digest: digest)
            },
            codeSection: ".text"
        )
    }

    private init(_ slice: ForeignProgram.Slice, _ sections: [Section]) {
        self.init(
            os: slice.target.os,
            architecture: slice.target.architecture,
            buildID: slice.buildID,
            goBuildInfo: slice.goBuildInfo,
            sections: sections,
            codeSection: slice.codeSection
        )
    }

    /// Those of another system's program in memory, one for each processor it is for.
    static func all(_ program: ForeignProgram, in bytes: UnsafeRawBufferPointer) -> [ProgramIdentity] {
        let digests = SectionDigests.of(program.slices.flatMap { $0.sections.map(\.fileRange) }, in: bytes)
        var next = digests.makeIterator()
        return program.slices.map { slice in
            let sections = slice.sections.map { section in
                Section(name: section.name, size: UInt64(section.fileRange.count), digest: next.next() ?? nil)
            }
            return ProgramIdentity(slice, sections)
        }
    }

    /// The identities of a program in memory: several of a universal Mach-O file, none of what isn't a program.
    ///
    /// A damaged ELF file isn't one.
    package static func read(_ bytes: UnsafeRawBufferPointer) -> [ProgramIdentity] {
        if let facts = (try? BinaryFacts.read(bytes)) ?? nil { return [ProgramIdentity(facts)] }
        return ForeignProgram.read(bytes).map { all($0, in: bytes) } ?? []
    }
}
