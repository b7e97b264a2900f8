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
            path.split(separator: "/").map { PercentEncoding.encode($0) }.joined(separator: "/")
        }
        let version = version.flatMap { $0.isEmpty ? nil : "@" + PercentEncoding.encode($0) } ?? ""
        let pairs = qualifiers.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(PercentEncoding.encode(value, keeping: ":/"))"
        }
        description =
            "pkg:\(type)/\(names(path))\(version)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
            + (subpath.map { "#" + names($0) } ?? "")
    }
}
