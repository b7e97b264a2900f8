/// The instruction set an ELF file is for: the header's `e_machine`.
package struct ELFMachine: RawRepresentable, Hashable, Sendable {
    /// The number as it stands in the header.
    package let rawValue: UInt16

    /// A machine by its number.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Intel 80386.
    package static let i386 = Self(rawValue: 3)
    /// MIPS, all widths and both byte orders.
    package static let mips = Self(rawValue: 8)
    /// PowerPC, 32 bits.
    package static let ppc = Self(rawValue: 20)
    /// PowerPC, 64 bits, both byte orders.
    package static let ppc64 = Self(rawValue: 21)
    /// IBM System/390 and z/Architecture.
    package static let s390 = Self(rawValue: 22)
    /// ARM, 32 bits.
    package static let arm = Self(rawValue: 40)
    /// SPARC version 9.
    package static let sparc64 = Self(rawValue: 43)
    /// AMD x86-64.
    package static let x86_64 = Self(rawValue: 62)
    /// ARM, 64 bits.
    package static let aarch64 = Self(rawValue: 183)
    /// Linux eBPF.
    package static let bpf = Self(rawValue: 247)
    /// RISC-V, 32 and 64 bits.
    package static let riscv = Self(rawValue: 243)
    /// LoongArch.
    package static let loongArch = Self(rawValue: 258)

    private static let names: [(machine: Self, name: String)] = [
        (.i386, "i386"), (.mips, "MIPS"), (.ppc, "PowerPC"), (.ppc64, "PowerPC64"), (.s390, "S/390"), (.arm, "ARM"),
        (.sparc64, "SPARC V9"), (.x86_64, "x86-64"), (.aarch64, "AArch64"), (.bpf, "eBPF"), (.riscv, "RISC-V"),
        (.loongArch, "LoongArch"),
    ]

    /// The indefinite article before ``description``, as it is spoken: an ARM, an S/390, a MIPS, a RISC-V, a SPARC.
    package var article: String {
        switch self {
        case .i386, .s390, .arm, .x86_64, .aarch64, .bpf: "an"
        default: "a"
        }
    }
}

extension ELFMachine: CustomStringConvertible {
    /// The machine's usual name, or `machine 4711` for one that has none here.
    package var description: String {
        Self.names.first { $0.machine == self }?.name ?? "machine \(rawValue)"
    }
}

extension ELFMachine: Codable {
    /// Reads what ``encode(to:)`` writes.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if let known = Self.names.first(where: { $0.name == text }) {
            self = known.machine
        } else if text.hasPrefix("machine "), let value = UInt16(text.dropFirst("machine ".count)) {
            self.init(rawValue: value)
        } else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not the name of an ELF machine")
            )
        }
    }

    /// Writes the name as a string: `"x86-64"`, `"machine 4711"`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
