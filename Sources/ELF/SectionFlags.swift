extension ELFFile {
    /// What a section is at run time (gABI chapter 4, "Section Attribute Flags").
    public struct SectionFlags: OptionSet, Hashable, Sendable, Codable {
        /// The header's `sh_flags`; in JSON it is this number.
        public let rawValue: UInt64

        /// Flags by their number.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// SHF_WRITE: the program may change it.
        public static let write = Self(rawValue: 0x1)
        /// SHF_ALLOC: it takes memory when the program runs.
        public static let allocated = Self(rawValue: 0x2)
        /// SHF_EXECINSTR: it holds machine code.
        public static let executable = Self(rawValue: 0x4)
        /// SHF_MERGE: the linker may merge equal elements.
        public static let merge = Self(rawValue: 0x10)
        /// SHF_STRINGS: the elements are strings.
        public static let strings = Self(rawValue: 0x20)
        /// SHF_TLS: each thread has its own.
        public static let threadLocal = Self(rawValue: 0x400)
        /// SHF_COMPRESSED: the bytes in the file are compressed.
        public static let compressed = Self(rawValue: 0x800)
    }
}
