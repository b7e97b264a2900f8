/// A module that a program was built from, as the program itself says.
package struct ProgramModule: Sendable, Hashable {
    /// Where its name means something, in the words of the OSV schema.
    package enum Ecosystem: String, Sendable {
        case go = "Go"
        case crates = "crates.io"
    }

    package let ecosystem: Ecosystem
    package let name: String
    /// As the ecosystem writes it, Go's with the `v`; nil where the program doesn't say.
    package var version: String?
    /// Go's checksum of the module, as in `go.sum`.
    package var sum: String?
    /// The module in whose place it was built (`replace`), as `path@version`.
    package var replaces: String?
    /// Where a crate comes from, unless it is crates.io.
    package var source: String?
    /// Whether it ran only while the program was built.
    package var isBuildOnly = false

    package init(_ ecosystem: Ecosystem, _ name: String, version: String? = nil) {
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
    }

    /// Its package URL; nil for what is in no registry.
    package var purl: PackageURL? {
        switch ecosystem {
        case .go:
            guard !name.hasPrefix("."), !name.hasPrefix("/") else { return nil }
            // The specification of the type asks for lower case; of the standard library's version the digits are
            // written.
            return PackageURL(type: "golang", path: name.lowercased(), version: version.map { $0.trimmingGo() })
        case .crates:
            return source == nil ? PackageURL(type: "cargo", path: name, version: version) : nil
        }
    }
}

extension String {
    fileprivate func trimmingGo() -> String { hasPrefix("go") ? String(dropFirst(2)) : self }
}
