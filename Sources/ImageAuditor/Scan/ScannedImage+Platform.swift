import OCI

extension ScannedImage {
    /// What stands for a platform, or a part of one, that nothing names.
    static let unknown = "unknown"

    /// The words for what a config says that isn't a whole platform.
    static func platform(of config: ImageConfig) -> String {
        let parts = [config.os, config.architecture]
        guard parts.contains(where: { !$0.isEmpty }) else { return unknown }
        return parts.map { $0.isEmpty ? unknown : $0 }.joined(separator: "/")
    }

    /// Whether nothing that its config says speaks against a platform.
    func mayBe(for platform: Platform) -> Bool {
        zip(self.platform.split(separator: "/"), [platform.os, platform.architecture]).allSatisfy { said, own in
            said == Self.unknown || said == own
        }
    }
}
