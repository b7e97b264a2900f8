import ELF

/// The processor that an ELF file's first bytes name, for files whose rest isn't in memory (gABI, chapter 4).
struct ELFMachineHeader {
    let machine: ELFMachine
    private let is64Bit: Bool
    private let isLittleEndian: Bool

    /// Nil for bytes that aren't an ELF file's.
    init?(_ head: [UInt8]) {
        guard head.count >= 20, head.starts(with: [0x7F, 0x45, 0x4C, 0x46]), (1...2).contains(head[4]),
            (1...2).contains(head[5])
        else { return nil }
        is64Bit = head[4] == 2
        isLittleEndian = head[5] == 1
        let (first, second) = (UInt16(head[18]), UInt16(head[19]))
        machine = ELFMachine(rawValue: isLittleEndian ? second << 8 | first : first << 8 | second)
    }

    /// As platforms name it; nil for a processor that no platform stands for.
    var architecture: String? {
        switch (machine, is64Bit) {
        case (.x86_64, true): "amd64"
        case (.aarch64, true): "arm64"
        case (.arm, false): "arm"
        case (.i386, false): "386"
        case (.riscv, true): "riscv64"
        case (.ppc64, true): isLittleEndian ? "ppc64le" : "ppc64"
        case (.s390, true): "s390x"
        case (.loongArch, true): "loong64"
        default: nil
        }
    }
}
