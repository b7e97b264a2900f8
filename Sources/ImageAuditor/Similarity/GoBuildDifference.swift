import ArtifactStore
import ELF

/// What the build information of two programs of one Go package says of where they come from.
struct GoBuildDifference: Sendable, Hashable {
    private let package: String
    private let own: String
    private let released: String

    /// Nil unless both are Go programs of one package.
    init?(_ own: ProgramIdentity, _ released: ProgramIdentity) {
        guard let package = own.goPackage, package == released.goPackage, let ours = own.goBuildInfo,
            let theirs = released.goBuildInfo
        else { return nil }
        self.package = package
        self.own = Self.words(ours)
        self.released = Self.words(theirs)
    }

    /// For people: "Go package example.org/tool, both v1.2.3 at 4a5e1e of go1.22.5".
    var words: String {
        own == released
            ? "Go package \(package), both \(own)" : "Go package \(package), \(own), the release is \(released)"
    }

    private static func words(_ info: GoBuildInfo) -> String {
        var parts = [info.moduleVersion ?? "without a module"]
        if let revision = info.settings["vcs.revision"] { parts.append("at \(revision.prefix(12))") }
        if info.settings["vcs.modified"] == "true" { parts.append("with local changes") }
        parts.append("by \(info.goVersion)")
        return parts.joined(separator: " ")
    }
}
