import ContentAddress

/// The name of a package across ecosystems, `pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS` (package-url specification).
package struct PackageURL: Sendable, Hashable, CustomStringConvertible {
    /// The written form, which is all that is compared.
    package let description: String

    /// A package from its parts.
    ///
    /// `path` is namespace and name, `subpath` a path inside the package; qualifiers with an empty value are left out,
    /// as the specification asks.
    package init(
        type: String,
        path: String,
        version: String? = nil,
        qualifiers: [String: String] = [:],
        subpath: String? = nil
    ) {
        func names(_ path: String) -> String {
            path.split(separator: "/").map { Self.escaped($0) }.joined(separator: "/")
        }
        let version = version.flatMap { $0.isEmpty ? nil : "@" + Self.escaped($0) } ?? ""
        let pairs = qualifiers.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(Self.escaped(value, keeping: ":/"))"
        }
        description =
            "pkg:\(type)/\(names(path))\(version)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
            + (subpath.map { "#" + names($0) } ?? "")
    }

    private static func escaped(_ text: some StringProtocol, keeping more: String = "") -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            case let byte where more.utf8.contains(byte): String(UnicodeScalar(byte))
            default: "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }.joined()
    }
}
