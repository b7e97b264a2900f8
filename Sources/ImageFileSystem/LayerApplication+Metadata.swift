import Archive

// Attributes, owners and device numbers of which engines make different things.
extension LayerApplication {
    // What the kernel's overlay file system and fuse-overlayfs obey.
    private static let reservedPrefixes = [
        "trusted.", "user.overlay.", "user.fuseoverlayfs.", "security.fuseoverlayfs.", "user.containers.",
    ].map { Array($0.utf8) }
    private static let accessListPrefix = Array("system.posix_acl_".utf8)

    func checkAttributes(_ path: FilePath, _ entry: TarEntry) {
        guard !entry.extendedAttributes.isEmpty else { return }
        for (key, value) in entry.extendedAttributes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if Self.reservedPrefixes.contains(where: { key.starts(with: $0) }) {
                event(.reserved(path, attribute: key))
                tree.disputes.insert(path)
            } else if key.starts(with: Self.accessListPrefix) {
                let both = "the entry's mode or the access control list's, which may pass to what is in a directory"
                differ(path, flat: both, stacked: both)
            } else if value.isEmpty {
                let both = "the entry with or without an attribute that has no value"
                differ(path, flat: both, stacked: both)
            }
        }
    }

    /// Doubts owners that Linux has no number for: engines cut them to 32 bits, and to some the highest one means that a
    /// directory keeps its owner.
    func checkOwner(_ path: FilePath, _ entry: TarEntry) {
        let numbers = 0..<Int64(UInt32.max)
        guard !numbers.contains(entry.uid) || !numbers.contains(entry.gid) else { return }
        differ(path, flat: "the last 32 bits of its owner's number, or the owner that was", stacked: "those bits")
    }

    /// Doubts numbers that Linux has no room for: some engines cut them off, so that 4096:0 is a whiteout.
    func checkNumbers(_ path: FilePath, _ device: TarEntry.Device) {
        guard !(0...0xFFF).contains(device.major) || !(0...0xF_FFFF).contains(device.minor) else { return }
        differ(path, flat: "a device with other numbers", stacked: "such a device, or a whiteout")
    }
}
