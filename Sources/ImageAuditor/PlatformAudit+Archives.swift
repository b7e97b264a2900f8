import ImageFileSystem

extension PlatformAudit {
    /// How many unknown files are archives by their names: an audit doesn't look into them, and says so.
    package var unopenedArchives: Int {
        files.count { file in
            file.kind == .file && file.identity.isUnknown && Self.isArchive(file.path.components.last ?? [])
        }
    }

    private static func isArchive(_ name: [UInt8]) -> Bool {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), name.count - dot <= longestEnding else { return false }
        let ending = name[(dot + 1)...].map(lowercased)
        guard !endings.contains(ending) else { return true }
        return tarEndings.contains(ending) && name[..<dot].suffix(4).elementsEqual(".tar".utf8) { lowercased($0) == $1 }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static let endings = set([
        "tar", "tgz", "tbz2", "txz", "zip", "jar", "war", "ear", "aar", "whl", "egg", "deb", "rpm", "apk", "gem",
        "nupkg",
        "crate", "cpio", "7z", "rar", "iso", "squashfs",
    ])
    /// Compressed tar archives, behind `.tar`.
    private static let tarEndings = set(["gz", "bz2", "xz", "zst"])
    private static let longestEnding = 9

    private static func set(_ texts: [String]) -> Set<[UInt8]> { Set(texts.map { Array($0.utf8) }) }
}
