extension ELFFile {
    /// One section header (gABI chapter 4, "Sections").
    package struct Section: Sendable, Equatable {
        /// The name, such as `.text`; empty where the file has no names.
        package let name: String
        /// What it holds.
        package let type: SectionType
        /// The header's `sh_flags`.
        package let flags: SectionFlags
        /// Where it stands in memory; 0 for a section that isn't loaded.
        package let address: UInt64
        /// Where its bytes start in the file.
        package let offset: UInt64
        /// Its size in memory in bytes; in the file, too, unless the type is NOBITS.
        package let size: UInt64

        /// The bytes it has in the file, inside the file for sure; empty for NOBITS and NULL.
        package var fileRange: Range<Int> {
            guard type != .nobits, type != .null, let start = Int(exactly: offset), let count = Int(exactly: size)
            else {
                return 0..<0
            }
            let (end, overflow) = start.addingReportingOverflow(count)
            return overflow ? 0..<0 : start..<end
        }
    }
}

extension ELFFile.Section: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, type, flags, address, offset, size
    }

    /// Reads what ``encode(to:)`` writes.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        type = try container.decode(ELFFile.SectionType.self, forKey: .type)
        flags = try container.decode(ELFFile.SectionFlags.self, forKey: .flags)
        let text = try container.decode(String.self, forKey: .address)
        guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) else {
            throw DecodingError.dataCorruptedError(
                forKey: .address,
                in: container,
                debugDescription: "'\(text)' is not an address: 0x and hexadecimal digits are expected"
            )
        }
        address = value
        offset = try container.decode(UInt64.self, forKey: .offset)
        size = try container.decode(UInt64.self, forKey: .size)
    }

    /// Writes an object; the address is text (`"0x401000"`), since it may need more than the 53 bits that many
    /// readers of JSON keep of a number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(type, forKey: .type)
        try container.encode(flags, forKey: .flags)
        try container.encode("0x" + String(address, radix: 16), forKey: .address)
        try container.encode(offset, forKey: .offset)
        try container.encode(size, forKey: .size)
    }
}
