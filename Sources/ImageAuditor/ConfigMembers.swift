internal import Foundation

/// Looks for members of a config that Go's JSON reader takes for the specification's although they are written in other
/// letter case: engines honour them, most other tools don't.
enum ConfigMembers {
    private static let top: Set = ["architecture", "os", "variant", "config", "rootfs", "history"]
    private static let execution: Set = [
        "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal", "Shell",
        "OnBuild", "Healthcheck", "ArgsEscaped",
    ]

    static func findings(in bytes: [UInt8]) -> [Finding] {
        guard let config = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return [] }
        var names = strangers(among: Array(config.keys), known: top)
        if let members = config["config"] as? [String: Any] {
            names += strangers(among: Array(members.keys), known: execution)
        }
        return names.map { Finding(.configMember, "the config has a member '\($0)'", found: $0) }
    }

    private static func strangers(among names: [String], known: Set<String>) -> [String] {
        let folded = Set(known.map { $0.lowercased() })
        return names.filter { !known.contains($0) && folded.contains($0.lowercased()) }.sorted()
    }
}
