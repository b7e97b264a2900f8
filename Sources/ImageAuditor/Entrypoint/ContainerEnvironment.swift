import OCI

/// What the config says of the process: its command, directory and environment.
struct ContainerEnvironment {
    let entrypoint: [String]
    /// The entrypoint and its arguments.
    let command: [String]
    let directory: String
    let path: [String]
    private let libraryPathText: String
    private let variables: [(name: String, value: String)]
    /// A variable without a value that programs are found by: engines remove it, keep an earlier value or set it to nothing.
    let unclearVariable: String?

    // Linux starts no process with a longer variable (MAX_ARG_STRLEN), and looks up no longer path (PATH_MAX).
    private static let longestVariable = 131_072
    private static let longestPath = 4096

    /// What engines set where the config has no PATH.
    private static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    init(_ config: ImageConfig.Execution?) {
        entrypoint = config?.entrypoint ?? []
        command = entrypoint + (config?.cmd ?? [])
        directory = config?.workingDir.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        variables = (config?.env ?? []).map { entry in
            // By scalars: a combining character behind the sign would hide it.
            let scalars = entry.unicodeScalars
            let equals = scalars.firstIndex(of: "=") ?? scalars.endIndex
            return (String(scalars[..<equals]), String(scalars[equals...].dropFirst()))
        }
        let searched = ["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT"]
        unclearVariable = config?.env?.first(where: searched.contains)
        // Of two values of one name the last one counts.
        let find = { [variables] (name: String) in variables.last { $0.name == name }?.value }
        path = Self.list(find("PATH") ?? Self.usualPath, in: directory) { $0 == ":" }
        libraryPathText = find("LD_LIBRARY_PATH") ?? ""
    }

    /// The directories of LD_LIBRARY_PATH: glibc's loader takes a semicolon for a separator, musl's the end of a line.
    func libraryPath(isMusl: Bool) -> [String] {
        Self.list(libraryPathText, in: directory) { $0 == ":" || $0 == (isMusl ? "\n" : ";") }
    }

    // Each directory once, since a second look there finds nothing else. An empty name between others is the working
    // directory's.
    private static func list(
        _ text: String,
        in directory: String,
        _ isSeparator: (Unicode.Scalar) -> Bool
    ) -> [String] {
        guard !text.isEmpty, text.utf8.count < longestVariable else { return [] }
        let parts = text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isSeparator)
        let room = max(0, longestPath - directory.utf8.count)
        var seen: Set<[UInt8]> = []
        return parts.map { String($0) }.filter { part in
            let most = part.utf8.first == UInt8(ascii: "/") ? longestPath : room
            return part.utf8.count < most && seen.insert(Array(part.utf8)).inserted
        }
    }

    /// A path as a process sees it that starts in the working directory.
    func absolute(_ path: String) -> String { path.utf8.first == UInt8(ascii: "/") ? path : directory + "/" + path }

    /// Adds what the variables make of a released program.
    func add(to findings: inout FindingList) {
        for (name, value) in variables {
            let code: FindingCode
            switch name {
            case _ where Self.isOfLoader(name): code = .environmentCode
            case _ where value.isEmpty: continue
            case "LD_PRELOAD", "LD_AUDIT": code = .preload
            case "LD_LIBRARY_PATH": code = .libraryPath
            case _ where Self.isCode(name): code = .environmentCode
            default: continue
            }
            findings.add(code, Finding(code, "\(name)=\(value)", found: value))
        }
    }

    // What shells, interpreters and the C library run, or load code from, before the program's own.
    private static let code: Set = [
        "BASH_ENV", "ENV", "PROMPT_COMMAND", "PERL5OPT", "PERL5LIB", "PERL5DB", "PERLLIB", "RUBYOPT", "RUBYLIB",
        "NODE_OPTIONS", "NODE_PATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH",
        "PYTHONPATH",
        "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONWARNINGS", "PYTHONBREAKPOINT", "PYTHONINSPECT",
        "GCONV_PATH",
        "LOCPATH", "PS4", "SHELLOPTS", "BASHOPTS", "ZDOTDIR", "FPATH", "LUA_INIT", "LUA_PATH",
        "LUA_CPATH", "DOTNET_STARTUP_HOOKS", "CORECLR_ENABLE_PROFILING", "CORECLR_PROFILER", "CORECLR_PROFILER_PATH",
        "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "PHPRC", "PHP_INI_SCAN_DIR", "ERL_FLAGS", "ERL_AFLAGS",
        "ERL_ZFLAGS", "ERL_LIBS", "R_PROFILE", "R_PROFILE_USER", "R_ENVIRON", "TCLLIBPATH", "GUILE_LOAD_PATH",
        "GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GTK_PATH", "GTK_MODULES", "QT_PLUGIN_PATH", "GIT_EXEC_PATH",
        "GIT_SSH_COMMAND",
        // By these a bash that Debian builds takes itself for the shell of a remote call, and runs the user's file.
        "SSH_CLIENT", "SSH2_CLIENT",
    ]

    /// Whether shells, interpreters or the C library run, or load code from, what a variable says.
    static func isCode(_ name: String) -> Bool { code.contains(name) || name.hasPrefix("BASH_FUNC_") }

    // The loader has variables by which it lists, checks, measures or writes files, some of them without a value, and
    // then may not start the program at all (ld.so(8), "Environment").
    private static func isOfLoader(_ name: String) -> Bool { name.hasPrefix("LD_") && !knownOfLoader.contains(name) }
    // Those with a finding of their own, and those that only say when symbols are bound.
    private static let knownOfLoader: Set = [
        "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_BIND_NOW", "LD_BIND_NOT",
    ]
}
