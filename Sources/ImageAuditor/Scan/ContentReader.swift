import Archive
import ContentAddress
import ELF
import ImageFileSystem

/// Hashes one file's content while it passes, and keeps what the audit wants to see of it.
struct ContentReader: ~Copyable {
    private var hasher = DigestHasher()
    private(set) var head: [UInt8] = []
    private let wanted: Int

    /// Enough for a `#!` line: Linux reads 256 bytes (`BINPRM_BUF_SIZE`).
    static let lineCount = 256
    /// Enough to tell that a file may be another system's program.
    static let magicCount = 8
    /// Enough for what an ELF header says of the machine.
    static let headerCount = 64
    /// The loader's configuration files have a few hundred bytes.
    static let configurationCount = 64 << 10

    /// Starts a file of a path as it is written.
    init(_ path: [UInt8]) {
        isConfiguration = Self.isConfiguration(path)
        wanted = isConfiguration ? Self.configurationCount : Self.lineCount
    }

    private let isConfiguration: Bool

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if head.count < wanted { head.append(contentsOf: bytes.prefix(wanted - head.count)) }
        hasher.update(bytes)
    }

    mutating func takeZeros(_ count: Int64) {
        Self.forEachZeros(count) { take($0) }
    }

    /// Hands out the zeros of a hole, piece by piece.
    static func forEachZeros(_ count: Int64, _ body: (UnsafeRawBufferPointer) -> Void) {
        let zeros = [UInt8](repeating: 0, count: 64 << 10)
        zeros.withUnsafeBytes { zeros in
            var rest = count
            while rest > 0 {
                let piece = Int(min(rest, Int64(zeros.count)))
                body(UnsafeRawBufferPointer(rebasing: zeros[..<piece]))
                rest -= Int64(piece)
            }
        }
    }

    /// The content's digest, and of its first bytes those that say something.
    consuming func finish() -> (digest: Digest, head: [UInt8]) {
        let head = head
        let isConfiguration = isConfiguration
        let digest = hasher.finalize()
        if isConfiguration { return (digest, head) }
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return (digest, Array(head.prefix(Self.headerCount))) }
        if head.starts(with: "#!".utf8) { return (digest, head) }
        let magic = Array(head.prefix(Self.magicCount))
        return (digest, ForeignProgram.mayBe(magic) ? magic : [])
    }

    private static let directory = Array("etc".utf8)
    private static let (muslPrefix, muslSuffix) = (Array("ld-musl-".utf8), Array(".path".utf8))
    // ld.so.preload and passwd, *.conf, *.path, bindery-context.json, group.
    private static let lastLetters = Array("dfhnp".utf8)

    // What ld.so(8) and the C library read, and engines to find a user.
    private static func isConfiguration(_ path: [UInt8]) -> Bool {
        // The last letters of such names: most paths needn't be looked at more closely.
        guard let last = path.last(where: { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }),
            lastLetters.contains(last), let path = FilePath(path)
        else { return false }
        if path.lastName == FileClaim.recordName { return true }
        // musl's list is beside the directory of its loader, wherever that is.
        if path.lastName.starts(with: muslPrefix), path.parent.lastName == directory {
            return path.lastName.suffix(muslSuffix.count).elementsEqual(muslSuffix)
        }
        guard path.components.first == directory, path.components.count <= 3 else { return false }
        let names = path.components.map { String(decoding: $0, as: UTF8.self) }
        return names == ["etc", "ld.so.preload"] || names == ["etc", "ld.so.conf"] || names == ["etc", "passwd"]
            || names == ["etc", "group"] || names == ["etc", "nsswitch.conf"]
            || (names.count == 3 && names[0] == "etc" && names[1] == "ld.so.conf.d" && names[2].hasSuffix(".conf"))
    }
}
