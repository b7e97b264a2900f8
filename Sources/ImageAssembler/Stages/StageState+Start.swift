import OCI

extension StageState {
    /// The search path that an image has when nothing sets another.
    static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A stage on a base image, with its layers, config and history.
    init(_ base: BaseImage, _ scope: BuildScope, derivation: Int) {
        tree = StageTree(base.files)
        let isSecond = derivation >= BaseDerivation.latest
        for (descriptor, diffID) in base.layers {
            let twin = isSecond ? BaseDerivation.layer(descriptor) : descriptor
            needsSecondDerivation = needsSecondDerivation || twin != descriptor
            layers.append(.existing(twin, diffID: diffID))
        }
        execution = base.config.config ?? ImageConfig.Execution()
        triggers = execution.onBuild ?? []
        execution.onBuild = nil
        author = base.config.author
        if isSecond { members = base.members }
        needsSecondDerivation = needsSecondDerivation || !base.members.isEmpty
        let history = base.config.history ?? []
        self.history = isSecond ? BaseDerivation.history(history, layers: base.layers.count) : history
        needsSecondDerivation = needsSecondDerivation || self.history != history
        self.base = base.identity
        var environment: [String: String] = [:]
        for entry in execution.env ?? [] {
            let (name, value) = Self.split(entry)
            environment[name] = value
        }
        self.scope = scope.stage(environment: environment)
    }

    /// A stage on nothing.
    init(scope: BuildScope) {
        self.scope = scope
    }

    /// Makes sure that there is a search path.
    mutating func setPath() {
        guard !(execution.env ?? []).contains(where: { Self.split($0).name == "PATH" }) else { return }
        execution.env = (execution.env ?? []) + ["PATH=" + Self.standardPath]
        scope.setEnvironment("PATH", Self.standardPath)
    }

    /// Sets a variable of the config, in its place when it is there.
    mutating func setEnvironment(_ name: String, _ value: String) {
        var entries = execution.env ?? []
        if let index = entries.firstIndex(where: { Self.split($0).name == name }) {
            entries[index] = "\(name)=\(value)"
        } else {
            entries.append("\(name)=\(value)")
        }
        execution.env = entries
    }

    private static func split(_ entry: String) -> (name: String, value: String) {
        guard let equals = entry.firstIndex(of: "=") else { return (entry, "") }
        return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
    }
}
