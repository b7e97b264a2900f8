import OCI

/// What the config says of the process: its command, directory and environment.
struct ContainerEnvironment {
    let command: [String]
    let directory: String
    let path: [String]
    let libraryPath: [String]
    private let variables: [(name: String, value: String)]

    /// What engines set where the config has no PATH.
    private static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    init(_ config: ImageConfig.Execution?) {
        command = (config?.entrypoint ?? []) + (config?.cmd ?? [])
        directory = config?.workingDir.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        variables = (config?.env ?? []).map { entry in
            let equals = entry.firstIndex(of: "=") ?? entry.endIndex
            return (String(entry[..<equals]), String(entry[equals...].dropFirst()))
        }
        // Of two values of one name the last one counts.
        let find = { [variables] (name: String) in variables.last { $0.name == name }?.value }
        path = (find("PATH") ?? Self.usualPath).split(separator: ":").map { String($0) }
        libraryPath = (find("LD_LIBRARY_PATH") ?? "").split { $0 == ":" || $0 == ";" }.map { String($0) }
    }

    func findings() -> [Finding] {
        variables.filter { !$0.value.isEmpty }.compactMap { variable in
            let text = "\(variable.name)=\(variable.value)"
            switch variable.name {
            case "LD_PRELOAD", "LD_AUDIT": return Finding(.preload, text, found: variable.value)
            case "LD_LIBRARY_PATH": return Finding(.libraryPath, text, found: variable.value)
            default: return nil
            }
        }
    }
}
