package import ELF
import JSON

/// What a program says of what it was made from, and of what it loads.
package struct ProgramContents: Sendable {
    /// The modules it was built from.
    package private(set) var modules: [ProgramModule] = []
    /// The distribution's package that it says it belongs to (`.note.package`).
    package private(set) var package: PackageNote?
    /// The libraries that it loads when a feature is used (`.note.dlopen`).
    package private(set) var loaded: [DlopenNote] = []
    /// Whether it has a list of crates that can't be read.
    package private(set) var hasUnreadableCrates = false

    /// Reads a program's bytes: ELF, Mach-O or PE; empty for all else.
    package init(_ bytes: UnsafeRawBufferPointer) {
        if let elf = (try? ELFFile.read(bytes)) ?? nil {
            self.init(elf, bytes)
        } else if let program = ForeignProgram.read(bytes) {
            self.init(program, bytes)
        } else {
            self.init()
        }
    }

    private init() {}

    /// Reads on in an ELF file.
    package init(_ elf: ELFFile, _ bytes: UnsafeRawBufferPointer) {
        if let info = elf.goBuildInfo { add(ProgramModule.all(in: info)) }
        for section in elf.sections where section.name == CrateList.section { addCrates(bytes, section.fileRange) }
        package = elf.packageNote.flatMap(PackageNote.init)
        loaded = (elf.dlopenNotes ?? []).flatMap(DlopenNote.all)
    }

    /// Reads on in another system's program.
    package init(_ program: ForeignProgram, _ bytes: UnsafeRawBufferPointer) {
        for slice in program.slices {
            if let info = slice.goBuildInfo { add(ProgramModule.all(in: info)) }
            for section in slice.sections where section.name.hasSuffix(CrateList.section) {
                addCrates(bytes, section.fileRange)
            }
        }
    }

    private mutating func addCrates(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return }
        guard let crates = CrateList.read(UnsafeRawBufferPointer(rebasing: bytes[range])) else {
            hasUnreadableCrates = true
            return
        }
        add(crates)
    }

    // The slices of a universal file have the same ones.
    private mutating func add(_ more: [ProgramModule]) {
        var known = Set(modules)
        for module in more where known.insert(module).inserted { modules.append(module) }
    }
}
