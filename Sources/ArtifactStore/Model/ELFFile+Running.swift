package import ELF
package import OCI

extension ELFFile {
    /// The platform that the file is for, as far as it says; nil for a processor that no platform stands for.
    package var platform: Platform? {
        architecture.flatMap { try? Platform(os: operatingSystem ?? "linux", architecture: $0, variant: variant) }
    }

    /// Whether a platform can run the file: the system, where it names one, its processor, and for ARM a variant no
    /// older than the code needs.
    package func runs(on platform: Platform) -> Bool {
        guard let own = self.platform, own.architecture == platform.architecture,
            operatingSystem == nil || operatingSystem == platform.os
        else { return false }
        guard own.architecture == "arm", variant != nil, let needed = own.variant, let offered = platform.variant else {
            return true
        }
        return needed <= offered
    }

    /// For messages: `an x86-64 ELF`, `an ARM ELF for v7`.
    package var summary: String {
        "\(machine.article) \(machine) ELF" + (variant.map { " for \($0)" } ?? "")
            + (operatingSystem.map { " for \($0)" } ?? "")
    }
}
