import ELF
import Foundation

/// What `readelf` of GNU binutils says of a file, in our words.
struct Readelf: Equatable {
    var elfClass = 0
    var isBig = false
    var type = ""
    var machine = ""
    var interpreter: String?
    var needed: [String] = []
    var soName: String?
    var rPath: String?
    var runPath: String?
    var buildID: String?
    var goBuildID: String?
    var packageNote: String?
    var executableStack: Bool?
    var sections: [Section] = []

    struct Section: Equatable {
        var name: String
        var type: String
        var address: UInt64
        var offset: UInt64
        var size: UInt64
        var flags: Set<Character>
    }

    /// Asks readelf about many files in few calls; the answer is by path.
    static func ask(_ paths: [String]) throws -> [String: Readelf] {
        var answers: [String: Readelf] = [:]
        for start in stride(from: 0, to: paths.count, by: 500) {
            // readelf names the file only where it is asked about several: the first stands twice.
            let batch = Array(paths[start..<min(start + 500, paths.count)])
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/readelf")
            process.arguments = ["-hlSdnW", "--"] + [batch[0]] + batch
            process.environment = ["LC_ALL": "C"]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            parse(data, into: &answers)
        }
        return answers
    }

    private static func parse(_ data: Data, into answers: inout [String: Readelf]) {
        var path = ""
        var current = Readelf()
        for bytes in Array(data).split(separator: 10, omittingEmptySubsequences: true) {
            if bytes.starts(with: "File: ".utf8) {
                answers[path] = current
                path = String(decoding: bytes.dropFirst(6), as: UTF8.self)
                current = Readelf()
            } else {
                current.take(bytes)
            }
        }
        answers[path] = current
        answers[""] = nil
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        func field(_ label: String) -> String? {
            guard bytes.starts(with: label.utf8) else { return nil }
            return String(decoding: bytes.dropFirst(label.utf8.count), as: UTF8.self).trimmingCharacters(
                in: .whitespaces
            )
        }
        func bracketed(_ label: String) -> String? {
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains(label), let start = text.range(of: ": ["), text.hasSuffix("]") else { return nil }
            return String(text[start.upperBound...].dropLast())
        }
        if bytes.starts(with: "  [".utf8) { return takeSection(bytes) }
        if let value = field("  Class:") { elfClass = value == "ELF64" ? 64 : 32 }
        if let value = field("  Data:") { isBig = value.contains("big") }
        if let value = field("  Type:"), type.isEmpty { type = value }
        if let value = field("  Machine:") { machine = value }
        if let value = field("      [Requesting program interpreter:") { interpreter = String(value.dropLast()) }
        if let value = field("  GNU_STACK ") {
            // Offset, two addresses and two sizes stand before the flags, the alignment after.
            executableStack = value.split(separator: " ").dropFirst(5).dropLast().contains { $0.contains("E") }
        }
        if bytes.starts(with: " 0x".utf8) {
            if let value = bracketed("(NEEDED)") { needed.append(value) }
            if let value = bracketed("(SONAME)") { soName = value }
            if let value = bracketed("(RPATH)") { rPath = value }
            if let value = bracketed("(RUNPATH)") { runPath = value }
        }
        if bytes.starts(with: "  GNU ".utf8) || bytes.starts(with: "  FDO ".utf8) || bytes.starts(with: "  Go ".utf8) {
            takeNote(String(decoding: bytes, as: UTF8.self))
        }
    }

    private mutating func takeNote(_ line: String) {
        func after(_ label: String) -> String? {
            line.range(of: label).map { String(line[$0.upperBound...]).trimmingCharacters(in: .whitespaces) }
        }
        if let value = after("Build ID: "), buildID == nil { buildID = value }
        if let value = after("Packaging Metadata: "), packageNote == nil { packageNote = value }
        if line.hasPrefix("  Go "), let value = after("description data: "), goBuildID == nil {
            let bytes = value.split(separator: " ").compactMap { UInt8($0, radix: 16) }
            goBuildID = String(decoding: bytes, as: UTF8.self)
        }
    }

    private mutating func takeSection(_ line: ArraySlice<UInt8>) {
        guard let bracket = line.firstIndex(of: UInt8(ascii: "]")) else { return }
        let isFirst = line.starts(with: "  [ 0]".utf8)
        let fields = line[(bracket + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let digits = elfClass / 4
        guard let address = fields.firstIndex(where: { $0.utf8.count == digits && UInt64($0, radix: 16) != nil }),
            address >= 1, fields.count > address + 3
        else { return }
        let type = fields[address - 1]
        // The null section comes first.
        if type == "NULL", isFirst { return }
        sections.append(
            Section(
                name: fields[..<(address - 1)].joined(separator: " "),
                type: type,
                address: UInt64(fields[address], radix: 16) ?? 0,
                offset: UInt64(fields[address + 1], radix: 16) ?? 0,
                size: UInt64(fields[address + 2], radix: 16) ?? 0,
                flags: Set(fields.count == address + 8 ? fields[address + 4] : "").intersection("WAXMST")
            )
        )
    }
}

extension Readelf {
    /// The same facts as this module reads them.
    init(_ file: ELFFile, like other: Readelf) {
        elfClass = file.elfClass.rawValue
        isBig = file.endianness == .big
        machine = Self.machines.first { $0.machine == file.machine }?.name ?? "?"
        switch file.type {
        case .executable:
            type = other.type.hasPrefix("DYN") ? "DYN (Position-Independent Executable file)" : "EXEC (Executable file)"
        case .sharedObject: type = "DYN (Shared object file)"
        case .relocatable: type = "REL (Relocatable file)"
        case .core: type = "CORE (Core file)"
        case .other: type = "NONE (None)"
        }
        interpreter = file.interpreter
        needed = file.needed
        soName = file.soName
        rPath = file.rPath
        runPath = file.runPath
        buildID = file.buildIDText
        goBuildID = file.goBuildID
        packageNote = file.packageNote
        executableStack = file.hasExecutableStack
        let letters: [(ELFFile.SectionFlags, Character)] = [
            (.write, "W"), (.allocated, "A"), (.executable, "X"), (.merge, "M"), (.strings, "S"), (.threadLocal, "T"),
        ]
        sections = file.sections.enumerated().map { index, section in
            let type = section.type.description
            return Section(
                name: section.name,
                // A type that has a name on one machine only: readelf has it, this module the number.
                type: type.hasPrefix("0x") && index < other.sections.count ? other.sections[index].type : type,
                address: section.address,
                offset: section.offset,
                size: section.size,
                flags: Set(letters.filter { section.flags.contains($0.0) }.map(\.1))
            )
        }
    }

    private static let machines: [(machine: ELFMachine, name: String)] = [
        (.x86_64, "Advanced Micro Devices X86-64"), (.i386, "Intel 80386"), (.aarch64, "AArch64"), (.arm, "ARM"),
        (.riscv, "RISC-V"), (.ppc64, "PowerPC64"), (.s390, "IBM S/390"), (.mips, "MIPS R3000"),
        (.loongArch, "LoongArch"), (.bpf, "Linux BPF"), (.ppc, "PowerPC"), (.sparc64, "Sparc v9"),
        // Those without a platform of their own: Debian's arch-test brings a program for each.
        (ELFMachine(rawValue: 2), "Sparc"), (ELFMachine(rawValue: 4), "MC68000"), (ELFMachine(rawValue: 15), "HPPA"),
        (ELFMachine(rawValue: 42), "Renesas / SuperH SH"), (ELFMachine(rawValue: 50), "Intel IA-64"),
        (ELFMachine(rawValue: 195), "ARCv2"), (ELFMachine(rawValue: 0x9026), "Alpha"),
    ]
}
