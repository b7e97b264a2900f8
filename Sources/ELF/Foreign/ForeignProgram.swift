/// What a program of another system than Linux says of the machine it is for: Mach-O (macOS), PE (Windows), WebAssembly.
///
/// Only what names the platform is read. Never traps; what isn't whole is none.
package struct ForeignProgram: Sendable, Equatable {
    /// A system and a processor, as platforms name them (Go's GOOS and GOARCH).
    package struct Target: Sendable, Equatable {
        /// Such as `darwin`, `windows` or `wasip1`.
        package let os: String
        /// Such as `amd64` or `arm64`.
        package let architecture: String
    }

    /// What it is for; several for a universal Mach-O file.
    package let targets: [Target]
    /// Whether it can't be anything else: it is refused for another platform.
    package let isBinding: Bool
    /// Whether a system starts it by its executable bit.
    package let isStarted: Bool
    /// The format, for messages.
    package let format: String

    /// One line for a person: `a Mach-O file for darwin/arm64`.
    package var summary: String {
        "a \(format) file for " + targets.map { "\($0.os)/\($0.architecture)" }.joined(separator: ", ")
    }

    /// Whether a file that starts so may be one.
    package static func mayBe(_ magic: [UInt8]) -> Bool {
        guard magic.count >= 4 else { return false }
        if magic[0] == UInt8(ascii: "M"), magic[1] == UInt8(ascii: "Z") { return true }
        let number = magic.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return [0xFEED_FACE, 0xFEED_FACF, 0xCEFA_EDFE, 0xCFFA_EDFE, 0xCAFE_BABE, 0xCAFE_BABF, 0x0061_736D]
            .contains(number)
    }

    /// Reads a whole file; nil when it is none of these.
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
        let target = Target(os: "wasip1", architecture: "wasm")
        return ForeignProgram(targets: [target], isBinding: false, isStarted: false, format: "WebAssembly")
    }
}

/// Numbers at offsets that come from the file itself.
struct ForeignReader {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// A number; nil where the file is shorter.
    func number<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        at offset: UInt64,
        isBig: Bool = false
    ) -> Value? {
        let (end, isOver) = offset.addingReportingOverflow(UInt64(MemoryLayout<Value>.size))
        guard !isOver, end <= UInt64(bytes.count), let start = Int(exactly: offset) else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: start, as: Value.self)
        return isBig ? Value(bigEndian: value) : Value(littleEndian: value)
    }

    /// A part; nil where the file is shorter.
    func part(at offset: UInt64, size: UInt64) -> ForeignReader? {
        let (end, isOver) = offset.addingReportingOverflow(size)
        guard !isOver, end <= UInt64(bytes.count), let start = Int(exactly: offset), let end = Int(exactly: end) else {
            return nil
        }
        return ForeignReader(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
}
