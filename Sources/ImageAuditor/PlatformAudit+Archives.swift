import ImageFileSystem

extension PlatformAudit {
    /// How many unknown files are archives by their names: an audit doesn't look into them, and says so.
    package var unopenedArchives: Int {
        files.count { file in
            guard file.kind == .file, file.identity.isUnknown, let name = file.path.components.last else {
                return false
            }
            let text = String(decoding: name, as: UTF8.self).lowercased()
            return Self.endings.contains { text.hasSuffix($0) }
        }
    }

    private static let endings = [
        ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".zip", ".jar", ".war", ".ear",
        ".aar",
        ".whl", ".egg", ".deb", ".rpm", ".apk", ".gem", ".nupkg", ".crate", ".cpio", ".7z", ".rar", ".iso", ".squashfs",
    ]
}
