import Dockerfile

/// Why a RUN isn't carried out, and what to do instead.
package enum RunRefusal: Error, Equatable, Sendable {
    /// The command would run code, or isn't among those that docs/run.md defines.
    case command(String, arguments: [String])
    /// The line has something that only a shell can do.
    case needsShell(String)
    /// A variable that nothing in the Dockerfile sets.
    case unset(String)
    /// A form of a command that docs/run.md doesn't define.
    case form(String, reason: String)
    /// The command would fail in an engine, too.
    case fails(String, reason: String)
    /// The base, the user or the shell isn't one that docs/run.md takes.
    case circumstances(String)

    init(_ refusal: ShellLine.Refusal) {
        switch refusal {
        case .needsShell(let what): self = .needsShell(what)
        case .unset(let name): self = .unset(name)
        }
    }
}

extension RunRefusal: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .command(let name, let arguments): Self.advice(name, arguments)
        case .needsShell(let what):
            "\(what) needs a shell, and nothing is run: write plain commands with '&&' between them, or build with an "
                + "engine (`bindery context --allow-run`)"
        case .unset(let name): "'$\(name.prefix(64))' isn't set by ARG or ENV in this stage"
        case .form(let command, let reason): "\(command): \(reason)"
        case .fails(let command, let reason): "\(command) would fail: \(reason)"
        case .circumstances(let reason): reason
        }
    }

    private static let installers: Set = [
        "apk", "apt", "apt-get", "aptitude", "dnf", "dpkg", "gem", "microdnf", "npm", "pacman", "pip", "pip3", "rpm",
        "tdnf",
        "yum", "zypper",
    ]
    /// Packages that only bring certificates or time zones.
    private static let data: Set = ["ca-certificates", "ca-certificates-bundle", "tzdata", "mailcap", "tini-static"]
    /// Commands that docs/run.md defines, most of them.
    private static let byName: Set = [
        "addgroup", "adduser", "cat", "chmod", "chown", "echo", "groupadd", "install", "ln", "mkdir", "printf", "rm",
        "setcap", "touch", "useradd",
    ]
    /// What git does over a network.
    private static let fetching: Set = ["clone", "fetch", "ls-remote", "pull", "remote", "submodule"]
    private static let downloaders: Set = ["curl", "wget", "git", "aria2c"]
    private static let unpackers: Set = ["bsdtar", "bunzip2", "gunzip", "tar", "unxz", "unzip", "xz", "zstd"]
    /// Commands that leave nothing in the image.
    private static let looking: Set = [
        "df", "du", "env", "file", "find", "id", "ldd", "ls", "pwd", "stat", "which", "whoami",
    ]

    private static func advice(_ name: String, _ arguments: [String]) -> String {
        let written = name
        let name = name.split(separator: "/").last.map(String.init) ?? name
        let engine = "build with an engine (`bindery context --allow-run`)"
        if name == "update-ca-certificates" || installers.contains(name) && installsOnlyData(arguments) {
            return
                "\(name) would run: the certificates of Alpine's and distroless bases are there already, so leave it "
                + "out; else put the file (ca-certificates.crt, zoneinfo) in the store and COPY it, or COPY --from an "
                + "image that has it"
        }
        if installers.contains(name) {
            return "\(name) would install packages: take a base that has them, or \(engine)"
        }
        if written != name, byName.contains(name) {
            return "'\(written.prefix(64))' isn't carried out by its path: write \(name)"
        }
        if downloaders.contains(name), name != "git" || arguments.contains(where: fetching.contains) {
            return "\(name) would fetch something: put the file in the store, and COPY it"
        }
        if unpackers.contains(name) {
            return
                "\(name) would run: ADD unpacks a tar archive of the release, and `bindery put --unpack` releases the "
                + "files of an archive, for COPY; or \(engine)"
        }
        if looking.contains(name) {
            return "\(name) would run: leave it out where it only shows something, or \(engine)"
        }
        return
            "'\(name.prefix(64))' would run code: do this where the binary is built and put the result in the store, "
            + "or \(engine)"
    }

    private static func installsOnlyData(_ arguments: [String]) -> Bool {
        let verbs: Set = ["add", "install", "update", "upgrade", "-U", "del", "clean"]
        let packages = arguments.filter { !$0.hasPrefix("-") && !verbs.contains($0) }
        return !packages.isEmpty && packages.allSatisfy(data.contains)
    }
}
