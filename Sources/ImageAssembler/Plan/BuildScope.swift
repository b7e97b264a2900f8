import Dockerfile
import OCI

/// The variables that instructions see: build arguments, and the environment (Dockerfile reference, "ARG", "ENV").
struct BuildScope: Sendable {
    /// Values given by the caller.
    let buildArguments: [String: String]
    /// The platform's variables, and the arguments before the first `FROM`.
    let globals: [String: String]
    private let lexer: ShellLexer
    private(set) var arguments: [String: String] = [:]
    private(set) var environment: [String: String] = [:]
    /// What `ARG` declared in this stage and those below it, also without a value.
    private var declared: Set<String> = []

    /// The scope before the first `FROM`, with the arguments that are declared there.
    ///
    /// Throws the error of the `ARG` whose default can't be expanded.
    init(
        _ dockerfile: Dockerfile,
        platform: Platform,
        target: String?,
        buildArguments: [String: String]
    ) throws(DockerfileError) {
        self.buildArguments = buildArguments
        lexer = ShellLexer(escape: dockerfile.escape)
        var globals = Self.predefined(platform, target: target).merging(buildArguments) { own, given in given }
            .filter { Self.predefined(platform, target: target).keys.contains($0.key) }
        for instruction in dockerfile.globalArguments {
            guard case .arg(let definitions) = instruction.operation else { continue }
            for definition in definitions {
                if let given = buildArguments[definition.name] {
                    globals[definition.name] = given
                } else if let value = definition.value {
                    globals[definition.name] = try instruction.expanding(value, lexer, globals)
                }
            }
        }
        self.globals = globals
    }

    // One platform builds for itself here: nothing runs, so the build platform is of no account.
    private static func predefined(_ platform: Platform, target: String?) -> [String: String] {
        [
            "BUILDPLATFORM": "\(platform)", "BUILDOS": platform.os, "BUILDARCH": platform.architecture,
            "BUILDVARIANT": platform.variant ?? "", "BUILDOSVERSION": "",
            "TARGETPLATFORM": "\(platform)", "TARGETOS": platform.os, "TARGETARCH": platform.architecture,
            "TARGETVARIANT": platform.variant ?? "", "TARGETOSVERSION": "", "TARGETSTAGE": target ?? "default",
        ]
    }

    /// A scope of a stage: it has none of the arguments yet, and the environment of its base image.
    func stage(environment: [String: String] = [:]) -> BuildScope {
        var scope = self
        scope.arguments = [:]
        scope.declared = []
        scope.environment = environment
        return scope
    }

    /// What instructions see: an environment variable hides an argument of its name.
    var variables: [String: String] { arguments.merging(environment) { _, environment in environment } }

    /// Expands a text as one word.
    func expand(_ text: String, in instruction: Instruction) throws(DockerfileError) -> String {
        try instruction.expanding(text, lexer, variables)
    }

    /// Expands a text that is split in words afterwards.
    func expandWords(_ text: String, in instruction: Instruction) throws(DockerfileError) -> [String] {
        do {
            return try lexer.expand(text, variables).words
        } catch {
            throw instruction.error(.expansion(error))
        }
    }

    /// Expands what `FROM` says, which sees the global arguments only.
    func expandGlobal(_ text: String, in instruction: Instruction) throws(DockerfileError) -> String {
        try instruction.expanding(text, lexer, globals)
    }

    /// Expands a here-document's text, where quotes are ordinary.
    func expandHeredoc(_ heredoc: Heredoc, in instruction: Instruction) throws(PlanProblem.Kind) -> String {
        guard heredoc.isExpanded else { return heredoc.text }
        // A backslash escapes here whatever the directive says: BuildKit does so.
        var lexer = ShellLexer()
        lexer.ignoresQuotes = true
        do {
            return try instruction.expanding(heredoc.text, lexer, variables)
        } catch {
            throw .failed(
                "the here-document '\(heredoc.name)': \(error.problem); <<'\(heredoc.name)' takes its text as it is"
            )
        }
    }

    /// Whether a text asks for a variable that nothing sets.
    func hasUnset(_ text: String) -> Bool {
        (try? lexer.expand(text, variables).unset.isEmpty) == false
    }

    /// Whether what a base image sets may change what a text says.
    func dependsOnBase(_ text: String) -> Bool {
        do {
            return try !lexer.expand(text, variables).unset.isEmpty
        } catch .required {
            return true
        } catch {
            return false
        }
    }

    /// The variables that an instruction asks for, that nothing declares, and that are nothing there; in order.
    ///
    /// Where the base's environment isn't known, only those that can be meant for an argument.
    func undeclared(in instruction: Instruction, knowsEnvironment: Bool) -> [String] {
        guard instruction.keyword.expandsVariables,
            var names = try? lexer.expand(instruction.source, variables).emptied.subtracting(declared)
        else { return [] }
        // An image on nothing gets a search path.
        names.remove("PATH")
        if !knowsEnvironment { names.formIntersection(Set(globals.keys).union(buildArguments.keys)) }
        return names.sorted()
    }

    /// Declares arguments as `ARG` does; gives their values, nil where there is none.
    mutating func declare(
        _ definitions: [ArgumentDefinition],
        in instruction: Instruction
    ) throws(DockerfileError) -> [(name: String, value: String?)] {
        var declared: [(name: String, value: String?)] = []
        for definition in definitions {
            var value = buildArguments[definition.name]
            if value == nil {
                if let text = definition.value {
                    value = try expand(text, in: instruction)
                } else {
                    value = globals[definition.name]
                }
            }
            if let value { arguments[definition.name] = value }
            self.declared.insert(definition.name)
            declared.append((definition.name, value))
        }
        return declared
    }

    /// What an engine has for one of the platform's variables at a place of a stage, behind an `ARG` without a value
    /// unless the stage declares it.
    func value(of name: String, isDeclared: Bool) -> String? {
        isDeclared || environment[name] != nil ? variables[name] : buildArguments[name] ?? globals[name]
    }

    /// Sets one environment variable.
    mutating func setEnvironment(_ name: String, _ value: String) { environment[name] = value }

    /// Sets environment variables as `ENV` does: all values see what held before the instruction.
    mutating func set(
        _ assignments: [Assignment],
        in instruction: Instruction
    ) throws(DockerfileError) -> [(name: String, value: String)] {
        let expanded = try expand(assignments, in: instruction)
        for (name, value) in expanded { environment[name] = value }
        return expanded
    }

    /// Expands names and values.
    func expand(
        _ assignments: [Assignment],
        in instruction: Instruction
    ) throws(DockerfileError) -> [(name: String, value: String)] {
        var expanded: [(name: String, value: String)] = []
        for assignment in assignments {
            expanded.append(
                (try expand(assignment.name, in: instruction), try expand(assignment.value, in: instruction))
            )
        }
        return expanded
    }
}

extension Instruction {
    /// Expands a text, with errors that name this instruction.
    func expanding(
        _ text: String,
        _ lexer: ShellLexer,
        _ variables: [String: String]
    ) throws(DockerfileError) -> String {
        do {
            return try lexer.expand(text, variables).text
        } catch {
            throw self.error(.expansion(error))
        }
    }
}
