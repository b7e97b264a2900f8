/// A package as advisories speak of it.
package struct ComparedPackage: Sendable, Hashable {
    /// The name of the ecosystem, such as `Go` or `Debian:12`.
    package let ecosystem: String
    package let name: String
    /// The version, in the form of the ecosystem's advisories.
    package let version: String
    package let scheme: VersionScheme

    private init(_ ecosystem: String, _ name: String, _ version: String, _ scheme: VersionScheme) {
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
        self.scheme = scheme
    }

    /// A module of a program; nil for one whose version isn't known, and for one that is in no registry.
    package init?(_ module: ProgramModule) {
        guard let version = module.version, module.source == nil else { return nil }
        let written = module.name == ProgramModule.standardLibrary ? Self.goVersion(version) : version
        guard let written, VersionScheme.semantic.accepts(written) else { return nil }
        self.init(module.ecosystem.rawValue, module.name, written, .semantic)
    }

    /// A package of Debian or Alpine, by its source; nil for other distributions, and for a release that advisories have
    /// no ecosystem of.
    package init?(_ package: InstalledPackage, in system: OSRelease) {
        guard let ecosystem = Self.ecosystem(of: package.kind, in: system) else { return nil }
        let scheme: VersionScheme = package.kind == .deb ? .dpkg : .apk
        guard scheme.accepts(package.sourceVersion) else { return nil }
        self.init(ecosystem, package.source ?? package.name, package.sourceVersion, scheme)
    }

    /// What the advisories of a distribution's release are filed under: `Debian:12`, `Alpine:v3.20`.
    package static func ecosystem(of kind: InstalledPackage.Kind, in system: OSRelease) -> String? {
        guard let version = system.version else { return nil }
        switch (kind, system.identifier) {
        case (.deb, "debian"): return "Debian:\(version)"
        case (.apk, "alpine"):
            let numbers = version.split(separator: ".", omittingEmptySubsequences: false)
            let isRelease = numbers.count >= 2 && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
            return isRelease ? "Alpine:v\(numbers[0]).\(numbers[1])" : nil
        default: return nil
        }
    }

    // `go1.22rc1` and `go1.22.5 X:experiment` as semantic versions: 1.22.0-rc.1, 1.22.5.
    private static func goVersion(_ text: String) -> String? {
        guard text.hasPrefix("go"), let word = text.dropFirst(2).split(separator: " ").first else { return nil }
        let numbers = word.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts.contains("") else { return nil }
        let core = (parts + (parts.count == 2 ? ["0"] : [])).joined(separator: ".")
        let rest = word.dropFirst(numbers.count)
        for kind in ["rc", "beta"] where rest.hasPrefix(kind) {
            return "\(core)-\(kind).\(rest.dropFirst(kind.count).prefix { $0.isASCII && $0.isNumber })"
        }
        return core
    }
}
