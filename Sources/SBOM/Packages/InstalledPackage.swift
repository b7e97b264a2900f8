/// A package of a distribution, as its package manager's database lists it.
package struct InstalledPackage: Sendable, Hashable {
    /// Whose database it is in, in the words of package URLs.
    package enum Kind: String, Sendable {
        case deb
        case apk
    }

    /// A file of the package that the database has a digest of.
    package struct File: Sendable, Hashable {
        /// From the root, without a slash at the start.
        package let path: [UInt8]
        /// MD5 for dpkg, SHA-1 for apk; of a symbolic link the digest of its target.
        package let sum: [UInt8]

        package init(path: [UInt8], sum: [UInt8]) {
            self.path = path
            self.sum = sum
        }
    }

    package let kind: Kind
    package let name: String
    package let version: String
    package var architecture: String?
    /// The source package that it was built from, where the database names another than it.
    package var source: String?
    /// The version of the source package.
    package var sourceVersion: String
    package var files: [File] = []

    package init(kind: Kind, name: String, version: String) {
        self.kind = kind
        self.name = name
        self.version = version
        sourceVersion = version
    }

    /// Its package URL in a distribution.
    package func purl(in system: OSRelease) -> PackageURL {
        let fallback = kind == .deb ? "debian" : "alpine"
        return PackageURL(
            type: kind.rawValue,
            path: "\(system.identifier ?? fallback)/\(name.lowercased())",
            version: version,
            qualifiers: [
                "arch": architecture ?? "",
                "distro": system.identifier.flatMap { name in system.version.map { "\(name)-\($0)" } } ?? "",
                "upstream": source ?? "",
            ]
        )
    }

    /// The order of lists: by name, architecture and version.
    package static func isBefore(_ left: Self, _ right: Self) -> Bool {
        (left.name, left.architecture ?? "", left.version) < (right.name, right.architecture ?? "", right.version)
    }
}

/// The distribution that an image says it is (os-release(5)).
package struct OSRelease: Sendable, Hashable {
    /// `ID`, such as `debian`.
    package private(set) var identifier: String?
    /// `VERSION_ID`, such as `12`.
    package private(set) var version: String?

    /// Reads the file; other lines are passed over, and of two of one name the last counts.
    package init(_ bytes: [UInt8] = []) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = String(decoding: line, as: UTF8.self).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingPrefix { $0 == " " }.filter { !"\"'\r".contains($0) }
            switch parts[0] {
            case "ID" where Self.isPlain(value): identifier = value.lowercased()
            case "VERSION_ID" where Self.isPlain(value): version = value
            default: break
            }
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-+~".utf8.contains(byte)
            }
    }
}
