/// An operating system and processor as Go names them: `linux/amd64`, `linux/arm/v7`.
///
/// Always in the normal form that containerd uses: `x86_64` is `amd64`, `aarch64` is `arm64`, and `arm64` alone means
/// its variant v8 (OCI image specification 1.1, image-index.md, "platform"; containerd `platforms/database.go`).
package struct Platform: Hashable, Sendable {
    /// The operating system, `linux` for example.
    package let os: String
    /// The processor, `amd64` or `arm64` for example.
    package let architecture: String
    /// The processor's variant, `v7` for example; nil when the architecture has no variants or the common one is meant.
    package let variant: String?

    /// A platform from its parts, normalised.
    package init(os: String, architecture: String, variant: String? = nil) throws(OCIError) {
        for part in [os, architecture, variant].compactMap(\.self) {
            guard Self.isWord(part) else {
                throw .malformed(
                    what: "a platform",
                    text: [os, architecture, variant].compactMap(\.self).joined(separator: "/"),
                    rule: "os/architecture[/variant] is expected, such as linux/amd64 or linux/arm/v7"
                )
            }
        }
        self.os = Self.normalOS(os.lowercased())
        (self.architecture, self.variant) = Self.normalArchitecture(
            architecture.lowercased(),
            variant: variant?.lowercased()
        )
    }

    /// A platform from its written form, `os/architecture[/variant]`.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard (2...3).contains(parts.count) else {
            throw .malformed(
                what: "a platform",
                text: String(text),
                rule: "os/architecture[/variant] is expected, such as linux/amd64 or linux/arm/v7"
            )
        }
        try self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func normalOS(_ os: String) -> String {
        os == "macos" ? "darwin" : os
    }

    private static func normalArchitecture(_ name: String, variant: String?) -> (String, String?) {
        switch (name, variant) {
        case ("x86_64", let variant), ("x86-64", let variant), ("amd64", let variant):
            ("amd64", variant == "v1" ? nil : variant)
        case ("i386", _), ("i486", _), ("i586", _), ("i686", _), ("386", _):
            ("386", nil)
        case ("aarch64", let variant), ("arm64", let variant):
            switch variant {
            case "8", "v8", "v8.0": ("arm64", nil)
            case "9", "9.0", "v9.0": ("arm64", "v9")
            default: ("arm64", variant)
            }
        case ("armhf", _): ("arm", "v7")
        case ("armel", _): ("arm", "v6")
        case ("armv7l", _), ("armv7", _): ("arm", "v7")
        case ("armv6l", _), ("armv6", _): ("arm", "v6")
        case ("arm", nil), ("arm", "7"): ("arm", "v7")
        case ("arm", let variant?): ("arm", ["5", "6", "8"].contains(variant) ? "v" + variant : variant)
        case ("ppc64el", "power8"), ("ppc64le", "power8"), ("ppc64el", nil): ("ppc64le", nil)
        case ("ppc64el", let variant): ("ppc64le", variant)
        case ("ppc64", "power8"), ("riscv64", "rva20u64"): (name, nil)
        case ("mips", "hardfloat"), ("mipsle", "hardfloat"), ("mips64", "hardfloat"), ("mips64le", "hardfloat"):
            (name, nil)
        default: (name, variant)
        }
    }
}

extension Platform: CustomStringConvertible {
    /// The written form, `os/architecture[/variant]`.
    package var description: String {
        [os, architecture, variant].compactMap(\.self).joined(separator: "/")
    }
}

extension Platform: Comparable {
    /// By the bytes of os, then architecture, then variant.
    package static func < (left: Self, right: Self) -> Bool {
        (left.os, left.architecture, left.variant ?? "") < (right.os, right.architecture, right.variant ?? "")
    }
}

extension Platform: Codable {
    private enum CodingKeys: String, CodingKey {
        case os, architecture, variant
    }

    /// Reads the `platform` object of a descriptor; other members, such as `os.version`, are passed over.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let variant = try container.decodeIfPresent(String.self, forKey: .variant)
        try self.init(
            os: container.decode(String.self, forKey: .os),
            architecture: container.decode(String.self, forKey: .architecture),
            variant: variant?.isEmpty == true ? nil : variant
        )
    }

    /// Writes the `platform` object of a descriptor.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(os, forKey: .os)
        try container.encode(architecture, forKey: .architecture)
        try container.encodeIfPresent(variant, forKey: .variant)
    }
}
