extension ELFFile {
    /// What a section holds: the header's `sh_type` (gABI chapter 4, "Section Types").
    package struct SectionType: RawRepresentable, Hashable, Sendable {
        /// The number as it stands in the header.
        package let rawValue: UInt32

        /// A type by its number.
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Nothing.
        package static let null = Self(rawValue: 0)
        /// What the program itself defines.
        package static let progbits = Self(rawValue: 1)
        /// The symbol table, which `strip` removes.
        package static let symtab = Self(rawValue: 2)
        /// Strings.
        package static let strtab = Self(rawValue: 3)
        /// Entries for the dynamic linker.
        package static let dynamic = Self(rawValue: 6)
        /// Notes.
        package static let note = Self(rawValue: 7)
        /// Memory that starts as zeros, with no bytes in the file.
        package static let nobits = Self(rawValue: 8)
        /// ARM build attributes; other machines use this number for other things.
        package static let armAttributes = Self(rawValue: 0x7000_0003)

        private static let names: [(type: UInt32, name: String)] = [
            (0, "NULL"), (1, "PROGBITS"), (2, "SYMTAB"), (3, "STRTAB"), (4, "RELA"), (5, "HASH"), (6, "DYNAMIC"),
            (7, "NOTE"), (8, "NOBITS"), (9, "REL"), (10, "SHLIB"), (11, "DYNSYM"), (14, "INIT_ARRAY"),
            (15, "FINI_ARRAY"), (16, "PREINIT_ARRAY"), (17, "GROUP"), (18, "SYMTAB_SHNDX"), (19, "RELR"),
            (0x6fff_fff6, "GNU_HASH"), (0x6fff_fffd, "VERDEF"), (0x6fff_fffe, "VERNEED"), (0x6fff_ffff, "VERSYM"),
        ]
    }
}

extension ELFFile.SectionType: CustomStringConvertible {
    /// The name that gABI gives it without `SHT_`, or the number as `0x70000001`.
    package var description: String {
        Self.names.first { $0.type == rawValue }?.name ?? "0x" + String(rawValue, radix: 16)
    }
}

extension ELFFile.SectionType: Codable {
    /// Reads what ``encode(to:)`` writes.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if let known = Self.names.first(where: { $0.name == text }) {
            self.init(rawValue: known.type)
        } else if text.hasPrefix("0x"), let value = UInt32(text.dropFirst(2), radix: 16) {
            self.init(rawValue: value)
        } else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not the type of an ELF section")
            )
        }
    }

    /// Writes the description as a string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
