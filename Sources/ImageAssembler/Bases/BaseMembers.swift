import ContentAddress

/// Members of a base's config that nothing here reads, and that an image built on it keeps: `os.version`,
/// `StopTimeout`, members that others invent.
struct BaseMembers: Sendable {
    /// By name, beside `os` and `rootfs`.
    private var outer: [String: JSONValue] = [:]
    /// By name, beside `Env` and `Cmd`.
    private var execution: [String: JSONValue] = [:]

    /// No members.
    init() {}

    /// The members of a config's bytes.
    init(_ config: [UInt8]) throws {
        guard case .object(let members) = try JSONValue(parsing: config, keepsNumbers: true) else { return }
        outer = members.filter { !Self.isReplaced($0.key, by: Self.ownOuter) }
        guard case .object(let members)? = members["config"] else { return }
        execution = members.filter { !Self.isReplaced($0.key, by: Self.ownExecution) }
    }

    var isEmpty: Bool { outer.isEmpty && execution.isEmpty }

    /// A config with these members where it has none of the name.
    func added(to config: JSONValue) -> JSONValue {
        guard !isEmpty, case .object(var members) = config else { return config }
        members.merge(outer) { own, _ in own }
        guard !execution.isEmpty else { return .object(members) }
        var run: [String: JSONValue] = [:]
        if case .object(let own)? = members["config"] { run = own }
        members["config"] = .object(run.merging(execution) { own, _ in own })
        return .object(members)
    }

    // What is written anew, and what says how the base itself was made, which isn't true of an image on it.
    private static let ownOuter: Set = [
        "created", "author", "architecture", "os", "variant", "config", "rootfs", "history", "id", "parent",
        "parent_id",
        "container", "container_config", "docker_version", "throwaway", "size", "checksum", "layer_id",
    ]
    private static let ownExecution: Set = [
        "user", "exposedports", "env", "entrypoint", "cmd", "volumes", "workingdir", "labels", "stopsignal",
        "argsescaped", "healthcheck", "shell", "onbuild", "image",
    ]

    // Engines read names in any case of their letters.
    private static func isReplaced(_ name: String, by own: Set<String>) -> Bool {
        let name = name.lowercased()
        return own.contains(name) || name.hasPrefix("moby.buildkit.")
    }
}
