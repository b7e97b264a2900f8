package import ELF

extension ProgramModule {
    /// The standard library, as vulnerability databases call it.
    package static let standardLibrary = "stdlib"

    /// The modules in the Go linker's build information: the standard library, the program's own, and those it needs.
    package static func all(in info: GoBuildInfo) -> [ProgramModule] {
        var modules = [ProgramModule(.go, standardLibrary, version: info.goVersion.isEmpty ? nil : info.goVersion)]
        for module in (info.module.map { [$0] } ?? []) + info.dependencies where !module.path.isEmpty {
            modules.append(ProgramModule(module))
        }
        return modules
    }

    private init(_ module: GoModule) {
        let written = module.version.isEmpty ? module.path : "\(module.path)@\(module.version)"
        guard let replacement = module.replacement else {
            self.init(.go, module.path, version: Self.version(module.version))
            sum = module.sum.isEmpty ? nil : module.sum
            return
        }
        // A directory in the place of a module has no version.
        let parts = replacement.split(separator: "@", maxSplits: 1)
        self.init(.go, String(parts.first ?? ""), version: parts.count > 1 ? Self.version(String(parts[1])) : nil)
        replaces = written
    }

    // What was built from a working tree.
    private static func version(_ text: String) -> String? { text.isEmpty || text == "(devel)" ? nil : text }
}
