import Foundation
import Glibc

/// The user's entry in /etc/passwd (passwd(5)).
///
/// Read as a file: the C library's look-up loads modules when a user has no entry there, and a fully static program
/// crashes on that. Users of directories elsewhere have no entry, and are shown by their number.
struct PasswordFile {
    /// The user's name.
    let name: String
    /// The user's home directory.
    let home: String

    /// The entry of the user who runs this process; nil when there is none.
    static var current: PasswordFile? {
        guard let text = try? String(contentsOfFile: "/etc/passwd", encoding: .utf8) else { return nil }
        return entry(of: getuid(), in: text)
    }

    /// The first entry of a user in a file's text.
    static func entry(of user: UInt32, in text: String) -> PasswordFile? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 7, UInt32(fields[2]) == user, !fields[0].isEmpty else { continue }
            return PasswordFile(name: String(fields[0]), home: String(fields[5]))
        }
        return nil
    }
}
