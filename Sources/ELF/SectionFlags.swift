extension ELFFile {
    /// What a section is at run time (gABI chapter 4, "Section Attribute Flags").
    package struct SectionFlags: OptionSet, Hashable, Sendable, Codable {
        /// The header's `sh_flags`; in JSON it is this number.
        package let rawValue: UInt64

        /// Flags by their number.
        package init(rawValue: UInt64) { self.rawValue = rawValue }

        /// SHF_WRITE: the program may change it.
        package static let write = Self(rawValue: 0x1)
        /// SHF_ALLOC: it takes memory when the program runs.
        package static let allocated = Self(rawValue: 0x2)
        /// SHF_EXECINSTR: it holds machine code.
        package static let executable = Self(rawValue: 0x4)
        /// SHF_MERGE: the linker may merge equal elements.
        package static let merge = Self(rawValue: 0x10)
        /// SHF_STRINGS: the elements are strings.
        package static let strings = Self(rawValue: 0x20)
        /// SHF_TLS: each thread has its own.
        package static let threadLocal = Self(rawValue: 0x400)
        /// SHF_COMPRESSED: the bytes in the file are compressed.
        package static let compressed = Self(rawValue: 0x800)
    }
}
