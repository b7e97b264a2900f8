import SystemIO

/// Where credentials are looked for, in containers' order: `$REGISTRY_AUTH_FILE` alone when it is set, else
/// `$XDG_RUNTIME_DIR/containers/auth.json`, `$XDG_CONFIG_HOME/containers/auth.json`, and `config.json` in
/// `$DOCKER_CONFIG` or `~/.docker` (containers-auth.json(5)).
struct CredentialStore: Sendable {
    private let environment: [String: String]

    /// No such file is larger, in bytes.
    private static let largestFile = 4 << 20

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// What is known for a repository of a registry, and by whom it will be asked.
    ///
    /// A helper that isn't installed has nothing, and neither has one that keeps everything (`credsStore`) and fails:
    /// then the registry is asked without credentials, which is enough for what is public. So it is where a file can't be
    /// read that nobody named. One that is named for this registry and fails is an error.
    func identity(host: String, repository: String) throws(RegistryError) -> (credential: Credential?, Identity) {
        let (keys, helperKey) = Self.keys(host: host, repository: repository)
        var identity = Identity.unknown
        for (path, isNamed) in files {
            let file: CredentialFile
            switch try read(path, isNamed: isNamed) {
            case .file(let found): file = found
            case .absent: continue
            case .unreadable(let reason):
                identity = .unavailable(reason: "\(path) can't be read: \(reason)")
                continue
            }
            // The most specific one; an empty name is Docker's word for none.
            if let name = keys.lazy.compactMap({ file.credHelpers[$0] }).first, !name.isEmpty {
                let helper = CredentialHelper(name: name, environment: environment)
                if let reason = helper.absence {
                    identity = .unavailable(reason: "\(reason) (credHelpers in \(path))")
                    continue
                }
                let credential = try helper.credential(for: helperKey)
                return (credential, credential == nil ? .unknown : .known)
            }
            do {
                if let credential = try file.credential(for: keys) { return (credential, .known) }
            } catch {
                throw .credentials(place: path, reason: error.reason)
            }
            guard let name = file.credsStore, !name.isEmpty else { continue }
            do {
                let helper = CredentialHelper(name: name, environment: environment)
                if let credential = try helper.credential(for: helperKey) { return (credential, .known) }
            } catch {
                guard case .credentials(_, let reason) = error else { throw error }
                identity = .unavailable(reason: "\(reason) (credsStore in \(path))")
            }
        }
        return (nil, identity)
    }

    // The most specific key first: a file may have other credentials for a part of a registry.
    private static func keys(host: String, repository: String) -> (keys: [String], helper: String) {
        var keys: [String] = []
        var name = repository[...]
        while !name.isEmpty {
            keys.append("\(host)/\(name)")
            name = name.lastIndex(of: "/").map { name[..<$0] } ?? ""
        }
        keys.append(host)
        guard host == RegistryLocation.dockerHub else { return (keys, host) }
        let hub = "https://index.docker.io/v1/"
        return (keys + [hub, "index.docker.io", "registry-1.docker.io"], hub)
    }

    private var files: [(path: String, isNamed: Bool)] {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let named = value("REGISTRY_AUTH_FILE") { return [(named, true)] }
        let home = value("HOME")
        let directories = [
            value("XDG_RUNTIME_DIR").map { $0 + "/containers/auth.json" },
            (value("XDG_CONFIG_HOME") ?? home.map { $0 + "/.config" }).map { $0 + "/containers/auth.json" },
            (value("DOCKER_CONFIG") ?? home.map { $0 + "/.docker" }).map { $0 + "/config.json" },
        ]
        return directories.compactMap(\.self).map { ($0, false) }
    }

    private enum Reading {
        case absent
        case unreadable(reason: String)
        case file(CredentialFile)
    }

    private func read(_ path: String, isNamed: Bool) throws(RegistryError) -> Reading {
        let bytes: [UInt8]
        do {
            bytes = try File.open(path).readBytes(limit: Self.largestFile)
        } catch {
            if isNamed { throw .credentials(place: path, reason: error.reason) }
            return error.isNotFound ? .absent : .unreadable(reason: error.reason)
        }
        guard let file = CredentialFile(bytes) else {
            throw .credentials(place: path, reason: "JSON in the form of Docker's config.json is expected")
        }
        return .file(file)
    }
}
