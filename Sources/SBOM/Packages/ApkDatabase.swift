import Foundation

/// The database of apk, `lib/apk/db/installed`: lines of a letter, a colon and a value, an empty line after each
/// package (apk-installed(5)).
package enum ApkDatabase {
    /// The installed packages; a package without name or version is passed over.
    package static func packages(in installed: [UInt8]) -> [InstalledPackage] {
        var packages: [InstalledPackage] = []
        var fields: [UInt8: String] = [:]
        var files: [InstalledPackage.File] = []
        var directory: [UInt8] = []
        var file: [UInt8]?
        func end() {
            if let name = fields[UInt8(ascii: "P")], let version = fields[UInt8(ascii: "V")] {
                var package = InstalledPackage(kind: .apk, name: name, version: version)
                package.architecture = fields[UInt8(ascii: "A")]
                package.source = fields[UInt8(ascii: "o")].flatMap { $0 == name ? nil : $0 }
                package.files = files
                packages.append(package)
            }
            (fields, files, directory, file) = ([:], [], [], nil)
        }
        for line in installed.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let letter = line.first, line.count >= 2, line[line.startIndex + 1] == UInt8(ascii: ":") else {
                if line.isEmpty { end() }
                continue
            }
            let value = line.dropFirst(2)
            switch letter {
            case UInt8(ascii: "F"): (directory, file) = (Array(value), nil)
            case UInt8(ascii: "R"): file = (directory.isEmpty ? [] : directory + [UInt8(ascii: "/")]) + value
            case UInt8(ascii: "Z"):
                if let path = file, let sum = sum(value) { files.append(InstalledPackage.File(path: path, sum: sum)) }
            case UInt8(ascii: "P"), UInt8(ascii: "V"), UInt8(ascii: "A"), UInt8(ascii: "o"):
                if !value.isEmpty { fields[letter] = String(decoding: value, as: UTF8.self) }
            default: break
            }
        }
        end()
        return packages
    }

    // `Q1` and SHA-1 in base64.
    private static func sum(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        guard value.starts(with: "Q1".utf8), let sum = Data(base64Encoded: Data(value.dropFirst(2))), sum.count == 20
        else { return nil }
        return Array(sum)
    }
}
