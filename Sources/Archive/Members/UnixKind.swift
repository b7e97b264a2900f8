/// The kind of a file in the upper bits of its mode (POSIX, `sys/stat.h`).
enum UnixKind {
    static func kind(_ mode: UInt32) -> TarEntry.Kind? {
        switch mode & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .symbolicLink
        case 0o020000: .characterDevice
        case 0o060000: .blockDevice
        case 0o010000: .pipe
        default: nil
        }
    }
}
