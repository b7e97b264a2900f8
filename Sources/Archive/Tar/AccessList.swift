/// An access control list as star, GNU tar and libarchive write it in a PAX record (star(5), "SCHILY.acl.access").
enum AccessList {
    /// Whether a list gives the owner, the group and all others the permissions of a mode, as far as it names them.
    ///
    /// False for what isn't such a list, since readers differ in what they make of it. Named users and groups, and the
    /// mask, are left aside: they change no mode.
    static func gives(_ mode: UInt32, _ list: [UInt8]) -> Bool {
        for item in list.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") }) {
            // `user::rwx`, `group::r-x`, `user:lisa:rw-:502`.
            let fields = item.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, let permissions = permissions(fields[2]) else { return false }
            let shift: UInt32? =
                switch String(decoding: fields[0], as: UTF8.self) {
                case "user": fields[1].isEmpty ? 6 : nil
                case "group": fields[1].isEmpty ? 3 : nil
                case "other": 0
                case "mask": nil
                default: 32
                }
            guard let shift else { continue }
            guard shift < 32, mode >> shift & 7 == permissions else { return false }
        }
        return true
    }

    // `r-x` is 5.
    private static func permissions(_ field: ArraySlice<UInt8>) -> UInt32? {
        let letters: [UInt8] = Array("rwx".utf8)
        guard field.count == letters.count else { return nil }
        var value: UInt32 = 0
        for (found, letter) in zip(field, letters) {
            guard found == letter || found == UInt8(ascii: "-") else { return nil }
            value = value << 1 | (found == letter ? 1 : 0)
        }
        return value
    }
}
