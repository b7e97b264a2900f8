/// What the Go linker writes into a program, the facts that `go version -m` prints.
package struct GoBuildInfo: Sendable, Equatable, Codable {
    /// The Go version, such as `go1.22.5`.
    package let goVersion: String
    /// The package path of the main package; empty where unknown.
    package private(set) var packagePath = ""
    /// The module with the main package; nil for programs built outside of one.
    package private(set) var module: GoModule?
    /// The modules it was built from, in their order.
    package private(set) var dependencies: [GoModule] = []
    /// The build's settings: `vcs.revision`, `vcs.time`, `vcs.modified`, `GOARCH`, `GOARM`, `-ldflags`, ….
    package private(set) var settings: [String: String] = [:]

    /// The version of the main package's module.
    package var moduleVersion: String? { module?.version }

    /// The facts in the two strings of the build information.
    ///
    /// The module text has one fact a line, its fields separated by tabs; lines that are not understood are left out
    /// (runtime/debug, `ParseBuildInfo`).
    init(goVersion: String, moduleText: String) {
        self.goVersion = goVersion
        enum Last { case none, main, dependency }
        var last = Last.none
        // By bytes: whoever made the text may have made it long.
        for bytes in moduleText.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = Substring(bytes)
            let fields = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
                Substring($0)
            }
            switch (fields.first ?? "", fields.count) {
            case ("path", 2):
                packagePath = String(fields[1])
            case ("mod", 3...4):
                module = Self.module(fields)
                last = .main
            case ("dep", 3...4):
                dependencies.append(Self.module(fields))
                last = .dependency
            case ("=>", 3...4):
                let replacement = fields[2].isEmpty ? String(fields[1]) : "\(fields[1])@\(fields[2])"
                switch last {
                case .none: break
                case .main: module?.replacement = replacement
                case .dependency: dependencies[dependencies.count - 1].replacement = replacement
                }
            case ("build", 2...):
                guard let (key, value) = GoQuoting.setting(line.dropFirst("build\t".count)) else { continue }
                settings[key] = value
            default: break
            }
        }
    }

    private static func module(_ fields: [Substring]) -> GoModule {
        GoModule(path: String(fields[1]), version: String(fields[2]), sum: fields.count > 3 ? String(fields[3]) : "")
    }
}
