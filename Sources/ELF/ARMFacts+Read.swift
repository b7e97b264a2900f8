extension ARMFacts {
    /// Flags of the header (ELF for the Arm architecture, "ELF header").
    private static let softFloat: UInt32 = 0x200
    private static let hardFloat: UInt32 = 0x400

    init(_ view: ByteView, _ header: Header, _ sections: [ELFFile.Section]) {
        let section = sections.first { $0.type == .armAttributes }
        let attributes = section.map { ARMAttributes(view.bytes[$0.fileRange], view.endianness) }
        architecture = attributes?.architecture
        if header.flags & Self.hardFloat != 0 {
            floatABI = .hard
        } else if header.flags & Self.softFloat != 0 {
            floatABI = .soft
        } else {
            floatABI = attributes?.passesFloatsInRegisters.map { $0 ? .hard : .soft }
        }
    }
}
