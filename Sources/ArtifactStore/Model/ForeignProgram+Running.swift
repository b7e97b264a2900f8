package import ELF
package import OCI

extension ForeignProgram {
    /// The platform it is for; nil for several.
    package var platform: Platform? {
        guard targets.count == 1, let target = targets.first else { return nil }
        return try? Platform(os: target.os, architecture: target.architecture)
    }

    /// Whether a platform can run the file, as far as the file says.
    ///
    /// Older Mach-O files don't tell which of Apple's systems they are for.
    package func runs(on platform: Platform) -> Bool {
        guard isBinding else { return true }
        return targets.contains { target in
            let isSystem = target.os == platform.os || target.os == "darwin" && Self.appleSystems.contains(platform.os)
            return isSystem && target.architecture == platform.architecture
        }
    }

    private static let appleSystems = ["ios", "tvos", "watchos"]
}
