/// What an instruction does, with its arguments as they are written: variables aren't expanded yet.
package enum Operation: Equatable, Sendable {
    case add(AddOperation)
    case arg([ArgumentDefinition])
    case cmd(CommandForm)
    case copy(CopyOperation)
    case entrypoint(CommandForm)
    case env([Assignment])
    /// `EXPOSE`: ports and port ranges with their protocols, sorted.
    case expose([String])
    case from(FromOperation)
    case healthcheck(Healthcheck)
    case label([Assignment])
    case maintainer(String)
    /// `ONBUILD`: the trigger's keyword and its whole text.
    case onbuild(Keyword, String)
    case run(CommandForm)
    case shell([String])
    case stopsignal(String)
    case user(String)
    case volume([String])
    case workdir(String)

    /// What `COPY` and `ADD` take, and where it goes; nil for the others.
    package var sources: SourcesAndDestination? {
        switch self {
        case .copy(let copy): copy.files
        case .add(let add): add.files
        case .arg, .cmd, .entrypoint, .env, .expose, .from, .healthcheck, .label, .maintainer, .onbuild, .run, .shell,
            .stopsignal, .user, .volume, .workdir:
            nil
        }
    }
}

/// A `name=value` of `ENV` or `LABEL`, with its quotes and escapes.
package struct Assignment: Equatable, Sendable {
    /// The part before `=`.
    package let name: String
    /// The part behind it.
    package let value: String
    /// Whether it is the old form `ENV name value`, whose value is the rest of the line.
    package let isOldForm: Bool
}

/// A `name` or `name=default` of `ARG`, with its quotes and escapes.
package struct ArgumentDefinition: Equatable, Sendable {
    /// The part before `=`.
    package let name: String
    /// The default; nil when there is none.
    package let value: String?
}

/// `FROM base AS name`.
package struct FromOperation: Equatable, Sendable {
    /// The image or stage it starts from, `scratch` for none.
    package let base: String
    /// The stage's name in lower case; nil when it has none.
    package let name: String?
    /// The value of `--platform`.
    package let platform: String?
}

/// A program and its arguments, or a line for the shell.
package enum CommandForm: Equatable, Sendable {
    /// The JSON form: program and arguments. May be empty, which clears the setting.
    case exec([String])
    /// A line for the shell that `SHELL` names.
    case shell(String)
}
