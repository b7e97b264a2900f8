/// What an ELF file says of itself.
///
/// Read by ``read(_:)`` from the whole file's bytes: System V ABI (gABI) chapters 4 and 5, and the notes of Linux, GNU,
/// Go and FDO. Everything a loader needs (header, program headers, interpreter, dynamic section) and the section
/// headers must be right, or the file is refused; notes, Go build information and ARM attributes only describe, and are
/// left out where they are damaged.
///
/// The JSON form has the property names as keys; absent facts have no key. A build-id is lower-case hexadecimal, the
/// class 32 or 64, an enumeration its case's name.
package struct ELFFile: Sendable, Equatable, Codable {
    /// The instruction set.
    package let machine: ELFMachine
    /// 32 or 64 bits.
    package let elfClass: Class
    /// The byte order of the headers, and of the code's data.
    package let endianness: Endianness
    /// The system that it names by EI_OSABI or a note, as platforms name it (Go's GOOS); nil for Linux and where it
    /// doesn't say.
    package let operatingSystem: String?
    /// What kind of file it is.
    package let type: ObjectType
    /// How it is linked; nil for relocatable and core files.
    package let linkage: Linkage?
    /// The path of the dynamic linker that the kernel starts in its stead (PT_INTERP).
    package let interpreter: String?
    /// The libraries it needs, in their order (DT_NEEDED).
    package let needed: [String]
    /// Where libraries are looked for after `LD_LIBRARY_PATH` (DT_RUNPATH).
    package let runPath: String?
    /// Where libraries are looked for before `LD_LIBRARY_PATH` (DT_RPATH, deprecated).
    package let rPath: String?
    /// The name that a library gives itself (DT_SONAME).
    package let soName: String?
    /// The linker's build-id (NT_GNU_BUILD_ID) in lower-case hexadecimal.
    package let buildIDText: String?
    /// The Go linker's build ID.
    package let goBuildID: String?
    /// What the Go linker recorded: Go version, modules, settings.
    package let goBuildInfo: GoBuildInfo?
    /// The package that the file belongs to, as JSON text (FDO packaging metadata, `.note.package`).
    package let packageNote: String?
    /// The libraries that the file loads while it runs, as JSON texts (`.note.dlopen`); nil where it names none.
    package let dlopenNotes: [String]?
    /// The sections in their order, without the null section at index 0.
    package let sections: [Section]
    /// Whether the symbol table (SHT_SYMTAB) is gone; dynamic symbols stay in a stripped file.
    package let isStripped: Bool
    /// Whether it asks for an executable stack (PT_GNU_STACK); nil where it doesn't say.
    package let hasExecutableStack: Bool?
    /// What the file says of the ARM core it needs; nil on other machines.
    package let arm: ARMFacts?
}

extension ELFFile {
    enum CodingKeys: String, CodingKey {
        case machine, elfClass, endianness, operatingSystem, type, linkage, interpreter, needed, runPath, rPath, soName
        case buildIDText = "buildID"
        case goBuildID, goBuildInfo, packageNote, dlopenNotes, sections, isStripped, hasExecutableStack, arm
    }

    /// The linker's build-id (NT_GNU_BUILD_ID), usually 20 bytes.
    package var buildID: [UInt8]? { buildIDText.flatMap(Hex.decode) }

    /// The width of addresses.
    package enum Class: Int, Sendable, Codable {
        /// 32 bits.
        case elf32 = 32
        /// 64 bits.
        case elf64 = 64
    }

    /// The order of a number's bytes.
    package enum Endianness: String, Sendable, Codable {
        /// Least significant byte first.
        case little
        /// Most significant byte first.
        case big
    }

    /// What a file is for.
    package enum ObjectType: String, Sendable, Codable {
        /// A program, position-independent or not.
        case executable
        /// A shared library or plug-in.
        case sharedObject
        /// An object file, a linker's input; kernel modules, too.
        case relocatable
        /// A memory image of a process.
        case core
        /// A type that gABI leaves to operating systems and processors, or none.
        case other
    }

    /// Who resolves the file's symbols and addresses.
    package enum Linkage: String, Sendable, Codable {
        /// Nobody: the file holds all of its code, at fixed addresses.
        case `static`
        /// The file itself: it holds all of its code, and relocates itself at start.
        case staticPIE
        /// A dynamic linker.
        case dynamic
    }
}
