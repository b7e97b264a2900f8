/// The instructions of a Dockerfile (Dockerfile reference, "Overview").
package enum Keyword: String, CaseIterable, Sendable {
    /// Adds files from the context, an address or an archive.
    case add = "ADD"
    /// Declares a build argument.
    case arg = "ARG"
    /// The default command, or the entrypoint's arguments.
    case cmd = "CMD"
    /// Copies files from the context or a stage.
    case copy = "COPY"
    /// The program a container starts.
    case entrypoint = "ENTRYPOINT"
    /// Sets environment variables.
    case env = "ENV"
    /// Names the ports that are listened on.
    case expose = "EXPOSE"
    /// Starts a stage.
    case from = "FROM"
    /// How the engine sees whether the container is well.
    case healthcheck = "HEALTHCHECK"
    /// Sets labels.
    case label = "LABEL"
    /// The author; deprecated, a label replaces it.
    case maintainer = "MAINTAINER"
    /// An instruction for the build of an image that has this one as its base.
    case onbuild = "ONBUILD"
    /// Runs a command at build time.
    case run = "RUN"
    /// The shell of the shell forms that follow.
    case shell = "SHELL"
    /// The signal that ends the container.
    case stopsignal = "STOPSIGNAL"
    /// The user the container runs as.
    case user = "USER"
    /// Mount points for data.
    case volume = "VOLUME"
    /// The working directory.
    case workdir = "WORKDIR"

    /// Whether the builder expands variables in its text, rather than a shell or nobody (Dockerfile reference,
    /// "Environment replacement").
    package var expandsVariables: Bool {
        switch self {
        case .add, .copy, .env, .expose, .label, .stopsignal, .user, .volume, .workdir: true
        case .arg, .cmd, .entrypoint, .from, .healthcheck, .maintainer, .onbuild, .run, .shell: false
        }
    }

    /// The keyword a word stands for, in any case of its letters; nil when there is none.
    package init?(word: some StringProtocol) {
        self.init(rawValue: word.uppercased())
    }
}
