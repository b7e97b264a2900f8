package import OCI

/// The words for systems and processors in the names of built files.
package enum PlatformWords {
    // Go's names (go tool dist list), and those that file names have for them.
    private static let systems: [String: String] = [
        "linux": "linux", "darwin": "darwin", "macos": "darwin", "osx": "darwin", "windows": "windows",
        "freebsd": "freebsd", "openbsd": "openbsd", "netbsd": "netbsd", "dragonfly": "dragonfly", "solaris": "solaris",
        "illumos": "illumos", "aix": "aix", "android": "android", "ios": "ios", "plan9": "plan9", "js": "js",
        "wasip1": "wasip1",
    ]

    private static let processors: [String: (architecture: String, variant: String?)] = [
        "amd64": ("amd64", nil), "amd64v1": ("amd64", nil), "amd64v2": ("amd64", "v2"), "amd64v3": ("amd64", "v3"),
        "amd64v4": ("amd64", "v4"), "arm64v8": ("arm64", nil), "x86_64": ("amd64", nil), "x86-64": ("amd64", nil),
        "x64": ("amd64", nil),
        "386": ("386", nil), "i386": ("386", nil), "i486": ("386", nil), "i586": ("386", nil), "i686": ("386", nil),
        "x86": ("386", nil), "arm64": ("arm64", nil), "aarch64": ("arm64", nil), "arm": ("arm", nil),
        "armv5": ("arm", "v5"), "armel": ("arm", "v6"), "armv6": ("arm", "v6"), "armv6l": ("arm", "v6"),
        "armv6hf": ("arm", "v6"), "armhf": ("arm", "v7"), "armv7": ("arm", "v7"), "armv7l": ("arm", "v7"),
        "armv7hf": ("arm", "v7"), "loong64": ("loong64", nil), "mips": ("mips", nil), "mipsle": ("mipsle", nil),
        "mips64": ("mips64", nil), "mips64le": ("mips64le", nil), "ppc64": ("ppc64", nil), "ppc64le": ("ppc64le", nil),
        "mips_softfloat": ("mips", "softfloat"), "mips_hardfloat": ("mips", nil),
        "mipsle_softfloat": ("mipsle", "softfloat"), "mipsle_hardfloat": ("mipsle", nil),
        "mips64_softfloat": ("mips64", "softfloat"), "mips64_hardfloat": ("mips64", nil),
        "mips64le_softfloat": ("mips64le", "softfloat"), "mips64le_hardfloat": ("mips64le", nil),
        "ppc64el": ("ppc64le", nil), "riscv64": ("riscv64", nil), "s390x": ("s390x", nil), "wasm": ("wasm", nil),
    ]

    // Go's GOAMD64, GOARM, GOARM64, GO386, GOMIPS, GOPPC64 and GORISCV64, as GoReleaser writes them.
    private static let variants: Set = [
        "v1", "v2", "v3", "v4", "5", "6", "7", "8", "v5", "v6", "v7", "v8", "v8.0", "sse2", "softfloat", "hardfloat",
        "power8", "power9", "power10", "rva20u64", "rva22u64", "rva23u64",
    ]
    private static let common: Set = ["v8.0", "sse2", "hardfloat", "power8", "rva20u64"]

    static func isSystem(_ word: some StringProtocol) -> Bool { systems[word.lowercased()] != nil }

    /// Whether a word is a processor's, or stands for all of a system's.
    static func isProcessor(_ word: some StringProtocol, of system: String?) -> Bool {
        let word = word.lowercased()
        return processors[word] != nil || isUniversal(word, of: system)
    }

    // GoReleaser's and Xcode's words for one file with a program for each processor.
    private static func isUniversal(_ word: String, of system: String?) -> Bool {
        ["all", "universal", "universal2"].contains(word) && system.flatMap { systems[$0.lowercased()] } == "darwin"
    }

    static func isVariant(_ word: some StringProtocol) -> Bool { variants.contains(word.lowercased()) }

    /// The platforms that some words name; Linux where no system is named, and macOS' two for a universal program.
    package static func platforms(
        os: String?,
        architecture: String,
        variant: String?
    ) throws(OCIError) -> [Platform] {
        let isUniversal = isUniversal(architecture.lowercased(), of: os)
        var found: [Platform] = []
        for word in isUniversal ? ["amd64", "arm64"] : [architecture] {
            found.append(try platform(os: os, architecture: word, variant: variant))
        }
        return found
    }

    /// The platform that some words name; Linux where no system is named.
    package static func platform(os: String?, architecture: String, variant: String?) throws(OCIError) -> Platform {
        let word = variant?.lowercased()
        let known = processors[architecture.lowercased()]
        return try Platform(
            os: os.map { systems[$0.lowercased()] ?? $0 } ?? "linux",
            architecture: known?.architecture ?? architecture,
            variant: word.map { common.contains($0) ? nil : $0 } ?? known?.variant
        )
    }
}
