import OCI
import Release

/// What somebody says of a Debian package that its release doesn't.
package struct DebianDetails: Sendable {
    /// Who makes it: `Name <address>`.
    package var maintainer: String?
    /// What it is, in one line.
    package var description: String?
    /// What it needs, in Debian's words: `libc6 (>= 2.36), ca-certificates`.
    package var depends: String?

    /// Nothing said.
    package init() {}
}

/// What a Debian package says of itself (deb-control(5), Debian Policy 5).
struct DebianControl: Sendable {
    /// The control file.
    let text: String

    private static let architectures = [
        "amd64": "amd64", "arm64": "arm64", "arm/v7": "armhf", "arm/v6": "armhf", "arm/v5": "armel", "386": "i386",
        "ppc64le": "ppc64el", "s390x": "s390x", "riscv64": "riscv64", "mips64le": "mips64el", "mipsle": "mipsel",
        "loong64": "loong64",
    ]
    /// Directories of a system: files that a release has there stay where they are.
    private static let systemDirectories: Set<Substring> = ["bin", "etc", "lib", "opt", "sbin", "srv", "usr", "var"]

    init(
        of release: ReleaseKey,
        _ platform: Platform,
        _ details: DebianDetails,
        size: Int64
    ) throws(PackError) {
        let variant = platform.variant.map { "/" + $0 } ?? ""
        guard platform.os == "linux", let architecture = Self.architectures[platform.architecture + variant] else {
            throw .debian("\(platform) is not an architecture of Debian")
        }
        let title = release.name.lastComponent
        var fields = [
            ("Package", try Self.packageName(release.name)), ("Version", try Self.version(release.version)),
            ("Architecture", architecture), ("Maintainer", details.maintainer ?? "\(title) <\(title)@localhost>"),
            ("Installed-Size", String(size / 1024 + (size % 1024 == 0 ? 0 : 1))),
        ]
        if let depends = details.depends {
            try Self.check(depends: depends)
            fields.append(("Depends", depends))
        }
        fields += [("Section", "misc"), ("Priority", "optional"), ("Description", details.description ?? title)]
        for (name, value) in fields where value.contains(where: \.isNewline) || value.allSatisfy(\.isWhitespace) {
            throw .debian("the field \(name) is one line of text")
        }
        text = fields.map { "\($0.0): \($0.1)\n" }.joined()
    }

    // Packages by commas, and what may stand for each by bars, as dpkg reads them (deb-substvars, Debian Policy 7.1).
    private static func check(depends: String) throws(PackError) {
        let form = /\s*[a-z0-9][a-z0-9+.\-]+(:[a-z0-9\-]+)?(\s*\(\s*(<<|<=|=|>=|>>)\s*[A-Za-z0-9.+\-~:]+\s*\))?\s*/
        for part in depends.split(separator: ",", omittingEmptySubsequences: false) {
            for package in part.split(separator: "|", omittingEmptySubsequences: false)
            where package.wholeMatch(of: form) == nil {
                throw .debian(
                    "'\(package.prefix(64))' is not a package that one can depend on, such as 'libc6 (>= 2.36)'"
                )
            }
        }
    }

    /// The package of a name: Debian's names have no `_` and at least two characters.
    static func packageName(_ name: RepositoryName) throws(PackError) -> String {
        let text = name.lastComponent.split(separator: "_").joined(separator: "-")
        guard text.count >= 2 else { throw .debian("'\(text)' is too short for the name of a package") }
        return text
    }

    /// A pre-release comes before its release: `1.2.3-rc.1` is `1.2.3~rc.1`.
    static func version(_ version: Version) throws(PackError) -> String {
        guard version.text.first?.isNumber == true else {
            throw .debian("the version \(version) doesn't begin with a digit")
        }
        let parts = version.text.split(separator: "-", maxSplits: 1)
        let text = parts.count == 2 && version.isPreRelease ? parts.joined(separator: "~") : version.text
        return String(text.map { $0 == "_" ? "+" : $0 })
    }

    /// Where a file of the release is in the system: programs in `usr/bin`, other files with the documentation.
    static func path(of file: String, mode: UInt16, package: String) -> String {
        let parts = file.split(separator: "/")
        if let first = parts.first, parts.count > 1, systemDirectories.contains(first) { return file }
        if mode & 0o111 != 0, let name = parts.last { return "usr/bin/\(name)" }
        return "usr/share/doc/\(package)/\(file)"
    }
}
