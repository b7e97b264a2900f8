/// What a program of another system than Linux says of itself: Mach-O (macOS), PE (Windows), WebAssembly.
///
/// The platform must be whole, or the file isn't one of these; what else is read only describes, and is left out where it is
/// damaged. Never traps.
package struct ForeignProgram: Sendable, Equatable {
    /// A system and a processor, as platforms name them (Go's GOOS and GOARCH).
    package struct Target: Sendable, Equatable, CustomStringConvertible {
        /// Such as `darwin`, `windows` or `wasip1`.
        package let os: String
        /// Such as `amd64` or `arm64`.
        package let architecture: String

        package var description: String { "\(os)/\(architecture)" }
    }

    /// Its programs: one for each processor of a universal Mach-O file, else one.
    package let slices: [Slice]
    /// Whether it can't be anything else: it is refused for another platform.
    package let isBinding: Bool
    /// Whether a system starts it by its executable bit.
    package let isStarted: Bool
    /// The format, for messages.
    package let format: String

    /// What it is for; several for a universal Mach-O file.
    package var targets: [Target] { slices.map(\.target) }

    /// One line for a person: `a Mach-O file for darwin/arm64`.
    package var summary: String {
        "a \(format) file for " + targets.map(\.description).joined(separator: ", ")
    }

    /// Whether a file that starts so may be one: four bytes tell, and eight tell a Java class.
    package static func mayBe(_ magic: [UInt8]) -> Bool {
        guard magic.count >= 4 else { return false }
        if magic[0] == UInt8(ascii: "M"), magic[1] == UInt8(ascii: "Z") { return true }
        let number = magic.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if number == 0xCAFE_BABE, magic.count >= 8 {
            return magic[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } <= MachO.largestSliceCount
        }
        return [0xFEED_FACE, 0xFEED_FACF, 0xCEFA_EDFE, 0xCFFA_EDFE, 0xCAFE_BABE, 0xCAFE_BABF, 0x0061_736D]
            .contains(number)
    }

    /// Reads a whole file; nil when it isn't one of these.
    package static func read(_ bytes: UnsafeRawBufferPointer) -> ForeignProgram? {
        guard mayBe(Array(bytes.prefix(4))) else { return nil }
        return MachO.read(bytes) ?? PortableExecutable.read(bytes) ?? webAssembly(bytes)
    }

    // The binary format's preamble (WebAssembly core specification, section 5.5.16); modules of other hosts look the same.
    private static func webAssembly(_ bytes: UnsafeRawBufferPointer) -> ForeignProgram? {
        let reader = ForeignReader(bytes)
        guard reader.number(UInt32.self, at: 0, isBig: true) == 0x0061_736D,
            reader.number(UInt32.self, at: 4) == 1
        else { return nil }
        let slice = Slice(target: Target(os: "wasip1", architecture: "wasm"))
        return ForeignProgram(slices: [slice], isBinding: false, isStarted: false, format: "WebAssembly")
    }
}
