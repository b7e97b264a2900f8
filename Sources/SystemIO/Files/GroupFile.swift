package import Glibc

/// The groups that this machine's `/etc/group` names (group(5)).
///
/// The file itself is read: a program without shared libraries can't load what other sources of names need.
package enum GroupFile {
    private static let path = "/etc/group"
    // A machine of many users has some 100 KB.
    private static let largestSize = 16 << 20

    /// The name of a group; nil when the file has none for it, or can't be read.
    package static func name(of group: gid_t, in file: String = path) -> String? {
        entries(in: file).first { $0.group == group }?.name
    }

    /// The number of a group; nil when the file doesn't name it, or can't be read.
    package static func group(named name: String, in file: String = path) -> gid_t? {
        entries(in: file).first { $0.name.utf8.elementsEqual(name.utf8) }?.group
    }

    private static func entries(in file: String) -> [(name: String, group: gid_t)] {
        guard let bytes = try? File.open(file).readBytes(limit: largestSize) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, !fields[0].isEmpty, let name = String(validating: fields[0], as: UTF8.self),
                let group = String(validating: fields[2], as: UTF8.self).flatMap({ gid_t($0) })
            else { return nil }
            return (name, group)
        }
    }
}
